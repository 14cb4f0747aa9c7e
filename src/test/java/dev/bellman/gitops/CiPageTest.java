package dev.bellman.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `docs/ci.md` shows are the files of the examples, which `CiIT` runs.
class CiPageTest {
    private static final Path EXAMPLES = Path.of("gitops-examples");

    @ParameterizedTest
    @CsvSource({
        "argocd, .github/workflows/network.yaml",
        "flux, .gitlab-ci.yml",
        "flux, .pre-commit-config.yaml",
    })
    void thePageShowsTheFile(String example, String file) throws IOException {
        String text = Files.readString(EXAMPLES.resolve(example).resolve(file));

        assertThat(Files.readString(Path.of("docs/ci.md"))).contains("```yaml\n# " + file + "\n" + text + "```\n");
    }
}
