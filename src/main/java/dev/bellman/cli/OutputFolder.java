package dev.bellman.cli;

import dev.bellman.document.Spread;
import dev.bellman.report.PlanFiles;
import dev.bellman.source.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// A folder that is written as a whole or not at all.
final class OutputFolder {
    /// What begins so is the unfinished work of a run that was killed.
    private static final String DRAFT = ".bellman-";

    private static final int MANY = 50;

    private final Path shown;
    private final Path folder;

    private OutputFolder(Path shown, Path folder) {
        this.shown = shown;
        this.folder = folder;
    }

    /// Writes all files aside, and puts them in place once nothing can go wrong with them any more. The folder itself
    /// stays: it may be where the user stands, or a volume.
    ///
    /// @param files texts by relative name
    /// @throws Failure if the folder holds anything that compile does not write, or cannot be written
    static void write(Path shown, Map<String, Supplier<String>> files) {
        try {
            Path folder = Files.exists(shown)
                    ? shown.toRealPath()
                    : shown.toAbsolutePath().normalize();
            new OutputFolder(shown, folder).write(files);
        } catch (FileSystemException e) {
            throw new Failure("cannot write " + e.getFile() + ": " + Reason.of(e), e);
        } catch (IOException e) {
            throw new Failure("cannot write " + shown + ": " + e.getMessage(), e);
        }
    }

    private void write(Map<String, Supplier<String>> files) throws IOException {
        refuseForeign();
        Files.createDirectories(folder);
        Path draft = folder.resolve(DRAFT + ProcessHandle.current().pid());
        delete(draft);
        try {
            Path fresh = Files.createDirectories(draft.resolve("new"));
            for (String name : files.keySet()) {
                Path path = fresh.resolve(name).normalize();
                if (!path.startsWith(fresh) || !PlanFiles.isOne(name)) {
                    // The name of a node is part of it, and an exported object may have any name.
                    throw new Failure("no file can be named " + name);
                }
                Files.createDirectories(path.getParent());
            }
            try {
                // Last comes what takes longest: it had better begin while there is other work left.
                Spread.map(List.copyOf(files.entrySet()).reversed(), MANY, file -> write(fresh, file));
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            putInPlace(fresh, Files.createDirectory(draft.resolve("old")));
        } finally {
            delete(draft);
        }
    }

    private static Path write(Path fresh, Map.Entry<String, Supplier<String>> file) {
        try {
            return Files.write(
                    fresh.resolve(file.getKey()), file.getValue().get().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A folder is swapped as a whole: hundreds of files that each replace another one take the disk seconds, and a
    /// reader would meet old and new ones.
    ///
    /// @param old for what was there before
    private void putInPlace(Path fresh, Path old) throws IOException {
        for (Path present : entries(folder)) {
            Path name = present.getFileName();
            boolean replaceable = Files.isRegularFile(present) && Files.exists(fresh.resolve(name));
            if (!replaceable && !name.toString().startsWith(DRAFT)) {
                Files.move(present, old.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        for (Path path : entries(fresh)) {
            Files.move(
                    path,
                    folder.resolve(path.getFileName()),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }

    private void refuseForeign() throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw new Failure(shown + " is not a folder");
        }
        List<String> foreign = names().stream()
                .filter(name -> !PlanFiles.isOne(name) && !name.startsWith(DRAFT))
                .toList();
        if (!foreign.isEmpty()) {
            throw new Failure(shown + " holds " + foreign.getFirst()
                    + ", which compile did not write; choose a folder of its own");
        }
    }

    /// The relative names of all files, sorted.
    private List<String> names() throws IOException {
        try (Stream<Path> entries = Files.walk(folder)) {
            return entries.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .map(path -> folder.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> entries = Files.walk(folder)) {
            for (Path path : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
