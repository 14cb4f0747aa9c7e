package dev.bellman.cli;

import dev.bellman.diagnostic.SourceText;
import dev.bellman.document.Manifest;
import dev.bellman.document.Scalar;
import dev.bellman.source.Loaded;
import dev.bellman.source.Settings;
import dev.bellman.source.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The last state of a folder that could be carried out, kept on disk: what an agent goes by that is started
/// while the folder itself holds something else.
final class LastGood {
    private static final String DECLARED = "declared.yaml";
    private static final String INVENTORY = "inventory.yaml";
    private static final String BETWEEN_DOCUMENTS = "\n---\n";

    private final Path folder;

    LastGood(Path runDir) {
        this.folder = runDir.resolve("last-good");
    }

    /// @throws IOException if it cannot be written, in which case what was there still is
    void write(Loaded loaded) throws IOException {
        Map<String, SourceText> declared = new TreeMap<>();
        Map<String, SourceText> observed = new TreeMap<>();
        for (Manifest manifest : loaded.manifests()) {
            String file = manifest.span().file();
            SourceText text = loaded.texts().get(file);
            if (text != null) {
                (manifest.observed() ? observed : declared).put(file, text);
            }
        }
        // A file with both is as it was: what has an identity of the cluster's keeps it.
        declared.keySet().forEach(observed::remove);
        Path draft = folder.resolveSibling("last-good.new");
        Path old = folder.resolveSibling("last-good.old");
        delete(draft);
        Files.createDirectories(draft);
        Files.writeString(draft.resolve(Settings.FILE), settings(loaded.settings()));
        Files.writeString(draft.resolve(DECLARED), joined(declared));
        Files.writeString(draft.resolve(INVENTORY), joined(observed));
        delete(old);
        if (Files.exists(folder)) {
            Files.move(folder, old, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(draft, folder, StandardCopyOption.ATOMIC_MOVE);
        delete(old);
    }

    /// What was written last, or null if nothing was.
    @Nullable
    Inspection read(InputStream stdin) {
        if (!Files.exists(folder.resolve(DECLARED))) {
            return null;
        }
        return Inspection.of(
                Inspection.read(
                        new Source.Request(List.of(folder.toString()), List.of(), null, Path.of(""), stdin), null),
                null);
    }

    private static String settings(Settings settings) {
        return "inventory: " + INVENTORY + "\n"
                + line("clusterCIDR", settings.clusterCidr())
                + line("calicoVersion", settings.calicoVersion());
    }

    private static String line(String key, @Nullable Scalar value) {
        return value == null ? "" : key + ": \"" + value.value() + "\"\n";
    }

    private static String joined(Map<String, SourceText> files) {
        return files.values().stream().map(SourceText::text).collect(Collectors.joining(BETWEEN_DOCUMENTS));
    }

    private static void delete(Path gone) throws IOException {
        if (Files.exists(gone)) {
            try (Stream<Path> files = Files.list(gone)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    Files.delete(file);
                }
            }
            Files.delete(gone);
        }
    }
}
