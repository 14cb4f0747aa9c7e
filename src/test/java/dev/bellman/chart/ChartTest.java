package dev.bellman.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.testing.Golden;
import dev.bellman.testing.Helm;
import dev.bellman.testing.Json;
import dev.bellman.testing.Shell;
import dev.bellman.yaml.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the chart says twice, it says alike.
class ChartTest {
    private static final Path CHART = Path.of("helm/bellman");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([A-Za-z.]+)` \\| `([^`]*)` \\|");

    @Test
    void itsDefinitionsAreThoseOfTheRepository() throws IOException {
        List<Path> definitions = files(Path.of("crds"));

        for (Path definition : definitions) {
            String text = Files.readString(definition);
            assertThat(Golden.text(CHART.resolve("files/crds").resolve(definition.getFileName()), text))
                    .as("copy of " + definition)
                    .isEqualTo(text);
        }
        assertThat(files(CHART.resolve("files/crds")))
                .extracting(Path::getFileName)
                .isEqualTo(definitions.stream().map(Path::getFileName).toList());
    }

    @Test
    void itsVersionIsBellmans() throws IOException {
        JsonNode chart = yaml("Chart.yaml");
        String version = Pattern.compile("<version>([^<]+)</version>")
                .matcher(Files.readString(Path.of("pom.xml")))
                .results()
                .findFirst()
                .orElseThrow()
                .group(1)
                .replace("-SNAPSHOT", "");

        assertThat(chart.path("version").asText()).isEqualTo(version);
        assertThat(chart.path("appVersion").asText()).isEqualTo(version);
    }

    @Test
    void itsReadmeHasEveryValueWithItsDefault() throws IOException {
        Map<String, String> told = ROW.matcher(Files.readString(CHART.resolve("README.md")))
                .results()
                .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2), (a, b) -> a, TreeMap::new));

        assertThat(told).isEqualTo(leaves(yaml("values.yaml"), ""));
    }

    @Test
    void itsSchemaKnowsEveryValue() throws IOException {
        JsonNode schema = Json.parse(Files.readString(CHART.resolve("values.schema.json")));

        for (String value : leaves(yaml("values.yaml"), "").keySet()) {
            JsonNode found = schema;
            for (String step : value.split("\\.", -1)) {
                found = found.path("properties").path(step);
                assertThat(found.isMissingNode()).as(value).isFalse();
                if (!found.has("additionalProperties")
                        && found.path("type").asText().equals("object")) {
                    // Kubernetes' own types are its API server's to judge.
                    break;
                }
            }
            assertThat(found.path("description").asText()).as(value).isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "operator.replicas=0; /operator/replicas",
                "agent.onShutdown=maybe; /agent/onShutdown",
                "agent.iptables=nftables; /agent/iptables",
                "networkPolicy.enable=true; enable",
                "admission.except={no-such-rule}; /admission/except",
                "crds.keep=perhaps; /crds/keep",
                "image.registry=https://registry.example.org; /image/registry",
                "image.registry=registry.example.org/; /image/registry",
                "image.pullSecrets={A_B}; /image/pullSecrets/0",
                "agent.passwordSecrets={B_C}; /agent/passwordSecrets/0",
                "agent.passwordSecrets={bastion.}; /agent/passwordSecrets/0",
                "agent.runDir=run/bellman; /agent/runDir",
                "agent.runDir=/a/../b; /agent/runDir",
                "agent.runDir=/a/..; /agent/runDir",
                "operator.resources.limits.memory=foo; /operator/resources/limits/memory",
                "operator.resources.requests.cpu=-1; /operator/resources/requests/cpu",
                "agent.resources.limits.memory=1Gb; /agent/resources/limits/memory",
                "agent.resources.request.memory=1Gi; request",
                "operator.podLabels.app\\.kubernetes\\.io/name=x; operator.podLabels: the label app.kubernetes.io/name",
                "agent.podLabels.app\\.kubernetes\\.io/component=x; agent.podLabels: the label app.kubernetes.io/component",
            })
    void valuesThatMeanNothingAreRefusedByName(String value, String field, @TempDir Path folder) {
        Shell.Result result = template(folder, "--set", value);

        assertThat(result.exitCode()).isNotZero();
        assertThat(result.stderr()).contains(field);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "image.registry=localhost:5000",
                "image.registry=[fd00::1]:5000/network/of_mine/a--b",
                "agent.passwordSecrets={bastion.example.org,b}",
                "agent.runDir=/var/..run/.bellman/",
                "agent.resources.limits.memory=null",
                "agent.resources.limits.cpu=1.5",
                "operator.resources.limits.memory=1e9",
                "operator.resources.limits.cpu=500m",
                "operator.podLabels.app=bellman",
            })
    void valuesNearToThoseAreTaken(String value, @TempDir Path folder) {
        assertThat(template(folder, "--set", value).exitCode()).isZero();
    }

    /// Whom an agent may write for is a matter of its rights, whatever becomes of the rules.
    @Test
    void agentsAreKeptApartWithoutAdmissionOfRulesToo(@TempDir Path folder) {
        assertThat(policies(folder)).contains("release-name-bellman-agent-own-plan", "community-range.bellman.dev");
        assertThat(policies(folder, "--set", "admission.enabled=false"))
                .containsExactly("release-name-bellman-agent-own-plan");
        assertThat(policies(folder, "--set", "admission.enabled=false,agent.enabled=false"))
                .isEmpty();
    }

    /// With a server helm knows its kinds, and without one only their groups.
    @Test
    void thereAreAdmissionPoliciesWhereTheServerServesThem(@TempDir Path folder) {
        String kind = "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy";

        assertThat(policies(folder, "--kube-version", "1.32")).isEqualTo(policies(folder));
        assertThat(policies(folder, "--api-versions", kind)).isEqualTo(policies(folder));
        assertThat(policies(folder, "--api-versions", "v1/Pod," + kind)).isEqualTo(policies(folder));
        assertThat(policies(folder, "--api-versions", "v1/Pod")).isEmpty();
    }

    private static List<String> policies(Path folder, String... options) {
        String rendered = template(folder, options).output();
        return Yaml.parse(new SourceText("rendered", rendered)).documents().stream()
                .map(Json::of)
                .filter(document -> document.path("kind").asText().equals("ValidatingAdmissionPolicy"))
                .map(document -> document.at("/metadata/name").asText())
                .toList();
    }

    private static Shell.Result template(Path folder, String... options) {
        List<String> command = new ArrayList<>(List.of("template", CHART.toString()));
        command.addAll(List.of(options));
        return Helm.withoutServer(folder).run(command.toArray(String[]::new));
    }

    /// What a person may set, by its path; what is of Kubernetes' own types is one value.
    private static Map<String, String> leaves(JsonNode values, String path) {
        Map<String, String> leaves = new TreeMap<>();
        values.properties().forEach(field -> {
            String name = path + field.getKey();
            boolean kubernetes = Stream.of("resources", "nodeSelector", "tolerations", "updateStrategy")
                    .anyMatch(field.getKey()::equals);
            if (field.getValue().isObject() && !field.getValue().isEmpty() && !kubernetes) {
                leaves.putAll(leaves(field.getValue(), name + "."));
            } else {
                leaves.put(name, kubernetes ? "see values.yaml" : text(field.getValue()));
            }
        });
        return leaves;
    }

    private static String text(JsonNode value) {
        return value.isTextual() && !value.asText().isEmpty() ? value.asText() : value.toString();
    }

    private static JsonNode yaml(String file) throws IOException {
        Path path = CHART.resolve(file);
        return Json.of(Yaml.parse(new SourceText(path.toString(), Files.readString(path)))
                .documents()
                .getFirst());
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
