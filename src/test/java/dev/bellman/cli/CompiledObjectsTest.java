package dev.bellman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import dev.bellman.plan.Plan;
import dev.bellman.report.PlanObjects;
import dev.bellman.report.YamlText.Remarked;
import dev.bellman.schema.Validation;
import dev.bellman.testing.KubeApiServer;
import dev.bellman.testing.Kubectl;
import dev.bellman.yaml.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What `compile` writes, read by those who will read it.
class CompiledObjectsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("dev.bellman.cli.CompileCasesTest#cases")
    void ourOwnReaderReadsWhatWasMeant(CompileCase one) throws IOException {
        Inspection inspection = one.inspect();
        Plan plan = inspection.result().plan();
        Map<String, String> files = CompileCase.plan(inspection);

        if (plan.bgpConfiguration() != null) {
            assertThat(read(files.get("bgpconfiguration.yaml")))
                    .containsExactly(plain(PlanObjects.bgpConfiguration(plan.bgpConfiguration())));
        }
        if (!plan.patches().isEmpty()) {
            assertThat(read(files.get("service-patches.yaml")))
                    .isEqualTo(plan.patches().stream()
                            .map(PlanObjects::servicePatch)
                            .map(CompiledObjectsTest::plain)
                            .toList());
        }
        plan.nodePlans()
                .forEach(node -> assertThat(read(files.get("nodeplans/" + node.node() + ".yaml")))
                        .containsExactly(plain(PlanObjects.nodePlan(node))));
        assertThat(read(files.get("routes.yaml")))
                .containsExactly(plain(PlanObjects.routes(plan.prediction(), plan.undecided())));
    }

    @ParameterizedTest
    @MethodSource("dev.bellman.cli.CompileCasesTest#cases")
    void objectsAreAsTheirDefinitionsSay(CompileCase one) throws IOException {
        one.expectedPlan().forEach((name, text) -> {
            // A patch is no whole Service.
            if (name.startsWith("nodeplans/") || name.equals("bgpconfiguration.yaml")) {
                Yaml.parse(new SourceText(name, text))
                        .documents()
                        .forEach(document -> assertThat(Validation.check(Manifest.of((Mapping) document, false)))
                                .isEmpty());
            }
        });
    }

    @Test
    void theApiServerTakesEveryNodePlan() throws IOException {
        KubeApiServer server = KubeApiServer.shared();
        server.apply(Path.of("crds"));
        Path all = Files.writeString(folder.resolve("all.yaml"), String.join("---\n", nodePlans()));

        Kubectl.Result result = server.kubectl(
                "create", "--dry-run=server", "--validate=strict", "--output=name", "--filename", all.toString());

        assertThat(result.stderr()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.stdout().lines()).hasSize(nodePlans().size());
    }

    @Test
    void kubectlReadsTheNodePlansAsWeDo() throws IOException {
        KubeApiServer server = KubeApiServer.shared();
        server.apply(Path.of("crds"));
        Path all = Files.writeString(folder.resolve("all.yaml"), String.join("---\n", nodePlans()));

        Kubectl.Result result = server.kubectl(
                "create", "--dry-run=client", "--validate=false", "--output=json", "--filename", all.toString());

        assertThat(result.exitCode()).as(result.stderr()).isZero();
        List<Object> seen = new ArrayList<>();
        ObjectMapper json = new ObjectMapper();
        try (MappingIterator<JsonNode> documents =
                json.readerFor(JsonNode.class).readValues(result.stdout())) {
            while (documents.hasNext()) {
                JsonNode document = documents.next();
                Iterable<JsonNode> items = document.has("items") ? document.get("items") : List.of(document);
                for (JsonNode item : items) {
                    seen.add(plain(json.convertValue(item.get("spec"), Object.class)));
                }
            }
        }
        List<Object> meant = new ArrayList<>();
        for (String text : nodePlans()) {
            read(text).forEach(document -> meant.add(((Map<?, ?>) document).get("spec")));
        }
        assertThat(seen).isEqualTo(meant);
    }

    private static List<String> nodePlans() throws IOException {
        List<String> texts = new ArrayList<>();
        for (CompileCase one : CompileCase.all()) {
            one.expectedPlan().forEach((name, text) -> {
                if (name.startsWith("nodeplans/") && !texts.contains(text)) {
                    texts.add(text);
                }
            });
        }
        return texts;
    }

    private static List<Object> read(String text) {
        Yaml.Parsed parsed = Yaml.parse(new SourceText("plan.yaml", text));
        assertThat(parsed.diagnostics()).isEmpty();
        return parsed.documents().stream().map(CompiledObjectsTest::plain).toList();
    }

    private static Object plain(Node node) {
        return switch (node) {
            case Mapping mapping -> {
                Map<String, Object> map = new LinkedHashMap<>();
                mapping.entries().forEach(entry -> map.put(entry.name(), plain(entry.value())));
                yield map;
            }
            case Sequence sequence ->
                sequence.items().stream().map(CompiledObjectsTest::plain).toList();
            case Scalar scalar -> String.valueOf(scalar.value()) + typeOf(scalar.value());
        };
    }

    /// Scalars with their type, whole numbers being of one kind.
    private static Object plain(Object value) {
        return switch (value) {
            case Remarked remarked -> plain(remarked.value());
            case Map<?, ?> map -> {
                Map<String, Object> plain = new LinkedHashMap<>();
                map.forEach((key, inner) -> plain.put(String.valueOf(key), plain(inner)));
                yield plain;
            }
            case List<?> list -> list.stream().map(CompiledObjectsTest::plain).toList();
            default -> value + typeOf(value);
        };
    }

    private static String typeOf(Object value) {
        return switch (value) {
            case String _ -> " (string)";
            case Boolean _ -> " (boolean)";
            case Integer _, Long _ -> " (integer)";
            default -> " (" + value.getClass() + ")";
        };
    }
}
