package dev.bellman.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.diagnostic.SourceText;
import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.gitops.HealthScript.Health;
import dev.bellman.schema.Kinds;
import dev.bellman.schema.Validation;
import dev.bellman.testing.Golden;
import dev.bellman.testing.Json;
import dev.bellman.yaml.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What Argo CD shows of Bellman's objects, by a real Lua: the first word of a sample's name is the health that its
/// status comes to, and `expected.txt` has the message (`-Dgolden=update` writes it).
class HealthScriptTest {
    private static final Path ARGO_CD = Path.of("gitops-examples/argocd");
    private static final Path SCRIPT = ARGO_CD.resolve("health.lua");
    private static final Path SETTINGS = ARGO_CD.resolve("bootstrap/argocd-cm.yaml");
    private static final Path SAMPLES = Path.of("src/test/resources/argocd");
    private static final String KEY = "resource.customizations.health.bellman.dev_";

    @ParameterizedTest
    @MethodSource("samples")
    void theStatusComesToTheHealthInTheSamplesName(Path sample) {
        assertThat(health(sample).status().toLowerCase(Locale.ROOT))
                .isEqualTo(sample.getFileName().toString().split("-", 2)[0]);
    }

    @Test
    void theMessageIsWhatTheConditionSays() throws IOException {
        String said = samples().stream()
                .map(sample -> sample.getFileName().toString().replace(".yaml", "") + ": " + health(sample) + "\n")
                .collect(Collectors.joining());

        assertThat(Golden.text(SAMPLES.resolve("expected.txt"), said)).isEqualTo(said);
    }

    /// A status that no operator could write would prove nothing.
    @ParameterizedTest
    @MethodSource("samples")
    void aSampleIsWhatTheApiServerWouldTake(Path sample) {
        assertThat(Validation.check(Manifest.of(read(sample), false))).isEmpty();
    }

    @Test
    void everyKindHasItsSample() {
        assertThat(samples())
                .extracting(sample -> read(sample).text("kind"))
                .containsAll(Kinds.builtIn().own());
    }

    /// The ConfigMap has to repeat the script, once for each kind.
    @Test
    void theSettingsOfArgoCdHaveTheScriptForEveryKind() throws IOException {
        String script = Files.readString(SCRIPT);
        String before = Files.readString(SETTINGS);
        String head = before.substring(0, before.indexOf("  " + KEY));
        StringBuilder keys = new StringBuilder();
        for (String kind : Kinds.builtIn().own()) {
            keys.append("  ").append(KEY).append(kind);
            keys.append(keys.indexOf("&health") < 0 ? ": &health |\n" + script.indent(4) : ": *health\n");
        }
        String settings = head + keys.toString().replaceAll("(?m)^ +$", "");

        assertThat(Golden.text(SETTINGS, settings)).isEqualTo(settings);
        Mapping map = read(SETTINGS);
        for (String kind : Kinds.builtIn().own()) {
            assertThat(map.text("data", KEY + kind)).isEqualTo(script);
        }
    }

    private static Health health(Path sample) {
        return HealthScript.of(SCRIPT, Json.of(read(sample)));
    }

    private static Mapping read(Path file) {
        try {
            List<Node> documents = Yaml.parse(new SourceText(file.toString(), Files.readString(file)))
                    .documents();
            return (Mapping) documents.getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Path> samples() {
        try (Stream<Path> files = Files.list(SAMPLES)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
