package dev.bellman.cli;

import dev.bellman.report.PlanFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A folder that is written as a whole or not at all.
final class OutputFolder {
    private OutputFolder() {}

    /// Writes the files beside the folder and puts them in its place.
    ///
    /// @param files text by relative name
    /// @throws Failure if the folder holds anything that compile does not write, or cannot be written
    static void write(Path folder, Map<String, String> files) {
        try {
            Path target = Files.exists(folder)
                    ? folder.toRealPath()
                    : folder.toAbsolutePath().normalize();
            refuseForeign(folder, target);
            Path parent = target.getParent();
            if (parent == null) {
                throw new Failure(folder + " is no folder to write to");
            }
            Files.createDirectories(parent);
            String mark =
                    "." + target.getFileName() + "." + ProcessHandle.current().pid();
            Path draft = Files.createDirectory(parent.resolve(mark + ".new"));
            try {
                for (Map.Entry<String, String> file : files.entrySet()) {
                    Path path = draft.resolve(file.getKey());
                    Files.createDirectories(path.getParent());
                    Files.write(path, file.getValue().getBytes(StandardCharsets.UTF_8));
                }
                replace(target, draft, parent.resolve(mark + ".old"));
            } finally {
                delete(draft);
            }
        } catch (IOException e) {
            throw new Failure("cannot write " + folder + ": " + e.getMessage(), e);
        }
    }

    private static void replace(Path target, Path draft, Path old) throws IOException {
        if (!Files.exists(target)) {
            Files.move(draft, target);
            return;
        }
        Files.move(target, old);
        try {
            Files.move(draft, target);
        } catch (IOException e) {
            Files.move(old, target);
            throw e;
        }
        delete(old);
    }

    private static void refuseForeign(Path shown, Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw new Failure(shown + " is not a folder");
        }
        try (Stream<Path> entries = Files.walk(folder)) {
            List<String> foreign = entries.filter(path -> !Files.isDirectory(path))
                    .map(path -> folder.relativize(path).toString())
                    .filter(name -> !PlanFiles.isOne(name))
                    .sorted()
                    .toList();
            if (!foreign.isEmpty()) {
                throw new Failure(shown + " holds " + foreign.getFirst()
                        + ", which compile did not write; choose a folder of its own");
            }
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
