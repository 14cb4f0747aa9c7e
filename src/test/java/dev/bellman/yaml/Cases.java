package dev.bellman.yaml;

import dev.bellman.diagnostic.SourceText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The folders under `src/test/resources/yaml`: a text, and `out.txt` with what is read of it.
final class Cases {
    static final Path ROOT = Path.of("src/test/resources/yaml");

    private Cases() {}

    static List<Path> all() {
        try (Stream<Path> folders = Files.list(ROOT)) {
            return folders.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// `in.yaml` or `in.json`.
    static Path input(Path folder) {
        Path yaml = folder.resolve("in.yaml");
        return Files.exists(yaml) ? yaml : folder.resolve("in.json");
    }

    static Yaml.Parsed read(Path folder) throws IOException {
        Path input = input(folder);
        String text = Files.readString(input);
        return Yaml.parse(
                new SourceText(input.getFileName().toString(), text.startsWith("\uFEFF") ? text.substring(1) : text));
    }
}
