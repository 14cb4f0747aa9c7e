package dev.bellman.cli;

import dev.bellman.report.PlanFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
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
            String reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
            throw new Failure("cannot write " + e.getFile() + ": " + reason, e);
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
            for (Map.Entry<String, Supplier<String>> file : files.entrySet()) {
                Path path = draft.resolve(file.getKey()).normalize();
                if (!path.startsWith(draft) || !PlanFiles.isOne(file.getKey())) {
                    // The name of a node is part of it, and an exported object may have any name.
                    throw new Failure("no file can be named " + file.getKey());
                }
                Files.createDirectories(path.getParent());
                Files.write(path, file.getValue().get().getBytes(StandardCharsets.UTF_8));
            }
            deleteOld(files);
            for (String name : files.keySet()) {
                Path target = folder.resolve(name);
                Files.createDirectories(target.getParent());
                Files.move(
                        draft.resolve(name),
                        target,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            delete(draft);
        }
    }

    private void refuseForeign() throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw new Failure(shown + " is not a folder");
        }
        List<String> foreign = names().filter(name -> !PlanFiles.isOne(name) && !name.startsWith(DRAFT))
                .toList();
        if (!foreign.isEmpty()) {
            throw new Failure(shown + " holds " + foreign.getFirst()
                    + ", which compile did not write; choose a folder of its own");
        }
    }

    /// The relative names of all files, sorted.
    private Stream<String> names() throws IOException {
        try (Stream<Path> entries = Files.walk(folder)) {
            return entries
                    .filter(path -> !Files.isDirectory(path))
                    .map(path -> folder.relativize(path).toString())
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    /// What an earlier run wrote and this one does not.
    private void deleteOld(Map<String, Supplier<String>> files) throws IOException {
        for (String name : names().toList()) {
            if (PlanFiles.isOne(name) && !files.containsKey(name)) {
                Files.delete(folder.resolve(name));
            }
        }
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.toList()) {
                if (Files.isDirectory(entry) && isEmpty(entry)) {
                    Files.delete(entry);
                }
            }
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
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
