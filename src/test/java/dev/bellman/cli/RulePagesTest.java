package dev.bellman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The reference of rules says what the catalogue and the cases say. `-Dgolden=update` writes it.
class RulePagesTest {
    private static final Map<String, String> PAGES = RulePages.all();

    @ParameterizedTest
    @MethodSource("names")
    void aPageIsWhatTheRuleSays(String name) throws IOException {
        String page = PAGES.getOrDefault(name, "");

        assertThat(page).isEqualTo(Golden.text(RulePages.FOLDER.resolve(name), page));
    }

    @Test
    void thereIsNoOtherPage() throws IOException {
        try (Stream<Path> files = Files.list(RulePages.FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString())).isSubsetOf(names());
        }
    }

    static List<String> names() {
        return List.copyOf(PAGES.keySet());
    }
}
