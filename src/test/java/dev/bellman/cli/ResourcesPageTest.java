package dev.bellman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.schema.Kinds;
import dev.bellman.testing.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The reference of custom resources says what the definitions say. `-Dgolden=update` writes it.
class ResourcesPageTest {
    @Test
    void thePageIsWhatTheDefinitionsSay(@TempDir Path scratch) throws IOException {
        String page = ResourcesPage.text(scratch);

        assertThat(page).isEqualTo(Golden.text(ResourcesPage.FILE, page));
    }

    @Test
    void everyKindIsThere() {
        assertThat(Stream.concat(ResourcesPage.WRITTEN.stream(), ResourcesPage.GENERATED.stream()))
                .containsExactlyInAnyOrderElementsOf(Kinds.builtIn().own());
    }

    /// Together, as a reader would commit them.
    @Test
    void theExamplesAreWithoutFault() {
        List<String> command =
                new ArrayList<>(List.of("lint", "--fail-on", "info", "--inventory", ResourcesPage.inventory()));
        command.addAll(ResourcesPage.examples());

        Run lint = Run.of(command.toArray(String[]::new));

        assertThat(lint.code()).as(lint.toString()).isZero();
        assertThat(lint.out())
                .startsWith("no findings in ")
                .contains(" 9 objects")
                .doesNotContain("silenced");
    }

    @Test
    void theExampleOfASliceIsValid() {
        Run lint = Run.of(
                "lint",
                "--fail-on",
                "info",
                ResourcesPage.example("NodePlanSlice").toString());

        assertThat(lint.code()).as(lint.toString()).isZero();
    }
}
