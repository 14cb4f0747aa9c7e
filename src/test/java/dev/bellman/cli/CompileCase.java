package dev.bellman.cli;

import dev.bellman.report.PlanFiles;
import dev.bellman.source.Source;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A folder below `src/test/resources/compile`: `in/` is what there is, `plan/` what `bellman compile` makes of it.
record CompileCase(Path folder) {
    private static final Path ROOT = Path.of("src/test/resources/compile");

    static List<CompileCase> all() throws IOException {
        try (Stream<Path> folders = Files.list(ROOT)) {
            return folders.filter(Files::isDirectory)
                    .sorted()
                    .map(CompileCase::new)
                    .toList();
        }
    }

    static CompileCase named(String name) {
        return new CompileCase(ROOT.resolve(name));
    }

    Path in() {
        return folder.resolve("in");
    }

    Inspection inspect() throws IOException {
        return inspect(in());
    }

    /// @param in a folder with manifests, whose `inventory/` is the cluster's state
    static Inspection inspect(Path in) throws IOException {
        List<String> paths;
        try (Stream<Path> files = Files.list(in)) {
            paths = files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith(".") && !name.equals("inventory"))
                    .sorted()
                    .toList();
        }
        List<String> inventory = Files.exists(in.resolve("inventory")) ? List.of("inventory") : List.of();
        return Inspection.of(
                new Source.Request(
                        paths.isEmpty() ? inventory : paths,
                        inventory,
                        null,
                        null,
                        in,
                        new ByteArrayInputStream(new byte[0])),
                null);
    }

    /// Also where there are errors, with which the command writes nothing: nobody may see a route that was refused.
    static Map<String, String> plan(Inspection inspection) {
        Map<String, String> texts = new TreeMap<>();
        PlanFiles.of(inspection.result().plan(), inspection.findings())
                .forEach((name, text) -> texts.put(name, text.get()));
        return texts;
    }

    Map<String, String> expectedPlan() throws IOException {
        Map<String, String> texts = new TreeMap<>();
        Path plan = folder.resolve("plan");
        try (Stream<Path> files = Files.walk(plan)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.put(plan.relativize(file).toString(), Files.readString(file));
            }
        }
        return texts;
    }

    static String diagnostics(Inspection inspection) {
        return RuleCase.text(inspection.findings(), _ -> true);
    }

    @Override
    public String toString() {
        return folder.getFileName().toString();
    }
}
