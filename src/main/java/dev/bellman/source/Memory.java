package dev.bellman.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What was read of files on disk before, for one who reads the same folder again and again.
///
/// A file counts as the same while its size, its time and its place on disk are. One that was changed a moment
/// ago may be changed again without a difference in its time, so it is not remembered yet.
public final class Memory {
    /// Longer than any file system's clock takes to move on.
    private static final Duration FRESH = Duration.ofMillis(100);

    private final Map<Path, Remembered> files = new ConcurrentHashMap<>();

    private record Mark(
            long size, FileTime changed, @Nullable Object place) {}

    private record Remembered(Mark mark, Source.Piece piece) {}

    Source.Piece recall(Walk.Found found, Tree from) {
        Mark mark = mark(found.path());
        Remembered known = mark == null ? null : files.get(found.path());
        if (known != null && known.mark().equals(mark) && known.piece().found().equals(found)) {
            return known.piece();
        }
        Source.Piece piece = Source.read(from, found);
        if (mark != null && mark.changed().toInstant().isBefore(Instant.now().minus(FRESH))) {
            files.put(found.path(), new Remembered(mark, piece));
        } else {
            files.remove(found.path());
        }
        return piece;
    }

    private static @Nullable Mark mark(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Mark(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
        } catch (IOException e) {
            return null;
        }
    }
}
