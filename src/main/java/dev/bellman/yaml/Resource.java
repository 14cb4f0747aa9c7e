package dev.bellman.yaml;

import dev.bellman.diagnostic.SourceText;
import dev.bellman.document.Mapping;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// A YAML file that Bellman ships on its class path: a definition of a kind, or a rule.
public final class Resource {
    private Resource() {}

    /// @param path from the root of the class path, without a leading slash
    /// @throws IllegalStateException if it is not there or not one sound mapping, which a test would have found
    public static Mapping read(String path) {
        try (InputStream stream = Resource.class.getResourceAsStream("/" + path)) {
            if (stream == null) {
                throw new IllegalStateException("no class path resource " + path);
            }
            return parse(path, new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Mapping parse(String file, String text) {
        Yaml.Parsed parsed = Yaml.parse(new SourceText(file, text));
        boolean sound = parsed.diagnostics().isEmpty()
                && parsed.documents().size() == 1
                && parsed.documents().getFirst() instanceof Mapping;
        if (!sound) {
            throw new IllegalStateException(file + ": not one sound mapping " + parsed.diagnostics());
        }
        return (Mapping) parsed.documents().getFirst();
    }
}
