package dev.bellman.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The files as they lie on disk, committed or not.
final class DiskTree implements Tree {
    /// As many as Linux follows.
    private static final int MAX_LINKS = 40;

    @Override
    public boolean covers(Path path) {
        return true;
    }

    @Override
    public boolean isFolder(Path path) {
        return Files.isDirectory(path);
    }

    @Override
    public boolean isFile(Path path) {
        return Files.exists(path) && !Files.isDirectory(path);
    }

    @Override
    public boolean isSpecial(Path path) {
        return isFile(path) && !Files.isRegularFile(path);
    }

    /// The system says "too many links" in the language of its user, so this looks itself.
    @Override
    public boolean isEndless(Path path) {
        if (Files.exists(path)) {
            return false;
        }
        Path done = path.toAbsolutePath().getRoot();
        Deque<Path> rest = new ArrayDeque<>();
        path.toAbsolutePath().forEach(rest::add);
        int links = 0;
        while (!rest.isEmpty()) {
            Path next = done.resolve(rest.pop()).normalize();
            Path target = target(next);
            if (target == null) {
                done = next;
                continue;
            }
            if (++links > MAX_LINKS) {
                return true;
            }
            done = target.isAbsolute() ? target.getRoot() : done;
            for (int i = target.getNameCount() - 1; i >= 0; i--) {
                rest.push(target.getName(i));
            }
        }
        return false;
    }

    private static @Nullable Path target(Path link) {
        try {
            return Files.isSymbolicLink(link) ? Files.readSymbolicLink(link) : null;
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    public List<String> names(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public byte[] read(Path file) throws IOException {
        return Files.readAllBytes(file);
    }

    @Override
    public Path real(Path path) throws IOException {
        return path.toRealPath();
    }

    @Override
    public void close() {}
}
