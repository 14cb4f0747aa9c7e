package dev.bellman.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What was read of files on disk before, for one who reads the same folder again and again.
///
/// A file counts as the same while its size, its time and its place on disk are. One that was changed a moment
/// ago may be changed again without a difference in its time, so it is not remembered yet.
public final class Memory {
    /// Longer than any file system's clock takes to move on.
    private static final Duration FRESH = Duration.ofMillis(100);

    private final Map<Path, Remembered> files = new ConcurrentHashMap<>();
    private Source.@Nullable Reading last;
    private Map<Path, Integer> places = Map.of();

    private record Mark(
            long size, FileTime changed, @Nullable Object place) {}

    private record Remembered(Mark mark, Source.Piece piece) {}

    /// A file as it was read, or as it is now where that is not known to be the same.
    Source.Piece recall(Walk.Found found, Function<Walk.Found, Source.Piece> read) {
        Mark mark = mark(found.path());
        Remembered known = mark == null ? null : files.get(found.path());
        if (known != null && known.mark().equals(mark) && known.piece().found().equals(found)) {
            return known.piece();
        }
        Source.Piece piece = read.apply(found);
        if (mark != null && mark.changed().toInstant().isBefore(Instant.now().minus(FRESH))) {
            files.put(found.path(), new Remembered(mark, piece));
        } else {
            files.remove(found.path());
        }
        return piece;
    }

    /// Keeps a reading of everything, and forgets files that are not in it.
    void keep(Source.Reading reading) {
        last = reading;
        places = HashMap.newHashMap(reading.pieces().size());
        for (int i = 0; i < reading.pieces().size(); i++) {
            places.put(reading.pieces().get(i).found().path(), i);
        }
        files.keySet().retainAll(places.keySet());
    }

    /// The last reading, with some of its files read anew.
    ///
    /// @return null if one of them is not in it, or cannot be read as a file of its own
    Source.@Nullable Reading replace(Set<Path> changed, Function<Walk.Found, Source.Piece> read) {
        Source.Reading before = last;
        if (before == null
                || !places.keySet().containsAll(changed)
                || !changed.stream().allMatch(Memory::isPlain)) {
            return null;
        }
        List<Source.Piece> pieces = new ArrayList<>(before.pieces());
        for (Path path : changed) {
            int place = Objects.requireNonNull(places.get(path));
            Source.Piece piece = read.apply(pieces.get(place).found());
            if (piece.source() == null) {
                // Gone a moment later, perhaps.
                return null;
            }
            pieces.set(place, piece);
        }
        Source.Reading now = new Source.Reading(before.settings(), pieces, before.findings());
        last = now;
        return now;
    }

    /// What is a link, or names other files, may change what else is read.
    private static boolean isPlain(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && !Kustomization.isOne(file.getFileName().toString());
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
