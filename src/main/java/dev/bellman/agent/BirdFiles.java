package dev.bellman.agent;

import dev.bellman.address.Cidr;
import dev.bellman.bird.BirdConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The configuration files in one folder, for the agent's user alone.
final class BirdFiles {
    private final Path folder;

    BirdFiles(Path folder) {
        this.folder = folder;
    }

    Path main() {
        return folder.resolve(BirdConfig.MAIN_FILE);
    }

    /// Each file in one step, and only those that differ; the one that includes the others last.
    ///
    /// @return what was there before in place of the files that differed; no text for one that was not there
    Map<Path, String> write(BirdConfig config) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Map<Path, String> before = new LinkedHashMap<>();
        put(folder.resolve(BirdConfig.PASSWORDS_FILE), config.passwords(), before);
        put(folder.resolve(BirdConfig.ROUTES_FILE), config.routes(), before);
        put(main(), config.main(), before);
        return before;
    }

    /// The routes alone, where the rest is there already: nothing but this file has to be written for a change.
    ///
    /// @return what was there before
    Map<Path, String> writeRoutes(BirdConfig config, BirdConfig there) throws IOException {
        Path routes = folder.resolve(BirdConfig.ROUTES_FILE);
        put(routes, config.routes());
        return Map.of(routes, there.routes());
    }

    /// Undoes a [#write].
    void restore(Map<Path, String> before) throws IOException {
        for (Map.Entry<Path, String> file : before.entrySet()) {
            put(file.getKey(), file.getValue());
        }
    }

    /// What the routes that lie there announce.
    Set<Cidr> prefixes() throws IOException {
        String routes = text(folder.resolve(BirdConfig.ROUTES_FILE));
        return routes == null ? Set.of() : BirdConfig.prefixes(routes);
    }

    private static void put(Path file, String text, Map<Path, String> before) throws IOException {
        String there = text(file);
        if (there == null || !there.equals(text)) {
            put(file, text);
            before.put(file, there == null ? "" : there);
        }
    }

    private static @Nullable String text(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static void put(Path file, String text) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(draft, text.getBytes(StandardCharsets.UTF_8));
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
