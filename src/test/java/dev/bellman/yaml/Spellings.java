package dev.bellman.yaml;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// The table of `yaml/spellings.txt`: ways to write a value, and what kubectl takes each for.
final class Spellings {
    static final Path FILE = Path.of("src/test/resources/yaml/spellings.txt");
    static final String ERROR = "error";

    private static final String ARROW = " => ";

    private Spellings() {}

    /// @param value JSON, or `error`
    record Spelling(String text, String value) {
        /// A manifest of no kind that anybody knows.
        String manifest(int number) {
            return String.format(Locale.ROOT, """
                    apiVersion: bellman.dev/v0
                    kind: Spelling
                    metadata:
                      name: "%d"
                    value: %s
                    """, number, text);
        }

        @Override
        public String toString() {
            return text + ARROW + value;
        }
    }

    static List<Spelling> all() {
        try {
            return Files.readAllLines(FILE).stream()
                    .map(line -> line.split(ARROW, 2))
                    .map(parts -> new Spelling(parts[0], parts[1]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
