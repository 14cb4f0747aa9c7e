package dev.bellman.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.diagnostic.SourceText;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.testing.Helm;
import dev.bellman.testing.Json;
import dev.bellman.yaml.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The chart with the values that the examples give it.
class ReleaseTest {
    private static final Path EXAMPLES = Path.of("gitops-examples");
    private static final Pattern IMAGE = Pattern.compile("(?m)^ *image: (.*)$");

    @TempDir
    private Path folder;

    /// One without a registry would be looked for at Docker Hub, where nobody has it.
    @ParameterizedTest
    @CsvSource({
        "argocd/apps/bellman.yaml, Application, spec.source.helm.valuesObject",
        "flux/bellman/release.yaml, HelmRelease, spec.values",
    })
    void itsImagesAreInTheRegistryOfTheReadme(String file, String kind, String field) throws IOException {
        Node values = release(EXAMPLES.resolve(file), kind).at(field.split("\\."));
        Path given =
                Files.writeString(folder.resolve("values.yaml"), Json.of(values).toString());

        String rendered = Helm.withoutServer(folder)
                .run("template", "helm/bellman", "--values", given.toString())
                .output();

        List<String> images = IMAGE.matcher(rendered)
                .results()
                .map((MatchResult image) -> image.group(1))
                .toList();
        assertThat(images).hasSize(2).allMatch(image -> image.startsWith("\"registry.example.org/network/bellman"));
        assertThat(Files.readString(Path.of("README.md")))
                .contains("--set image.registry=registry.example.org/network\n");
    }

    private static Mapping release(Path file, String kind) throws IOException {
        return Yaml.parse(new SourceText(file.toString(), Files.readString(file))).documents().stream()
                .map(Mapping.class::cast)
                .filter(document -> kind.equals(document.text("kind")))
                .findFirst()
                .orElseThrow();
    }
}
