package dev.bellman.cli;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Related;
import dev.bellman.report.Findings;
import dev.bellman.source.Source;
import dev.bellman.testing.Golden;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A folder of manifests that are linted together, as `bellman lint` does it.
///
/// A sub-folder `inventory` is the cluster's state, a `.bellman.yaml` counts, and `links.txt` says which symbolic links
/// there are, a line `link -> target` for each: a link in the repository would lead its other readers astray.
record RuleCase(Path folder) {
    static final String EXPECTED = "expected.txt";
    private static final String INVENTORY = "inventory";
    static final String LINKS = "links.txt";

    static List<RuleCase> in(Path parent, String prefix) {
        try (Stream<Path> folders = Files.list(parent)) {
            return folders.filter(Files::isDirectory)
                    .filter(folder -> folder.getFileName().toString().startsWith(prefix))
                    .sorted()
                    .map(RuleCase::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return folder.getFileName().toString();
    }

    /// The rule that the case is about.
    String rule() {
        return folder.getParent().getFileName().toString();
    }

    Findings findings() {
        try {
            return Files.exists(folder.resolve(LINKS)) ? withLinks() : findings(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Findings findings(Path folder) throws IOException {
        boolean inventory = Files.exists(folder.resolve(INVENTORY));
        List<String> paths = paths(folder);
        Source.Request request = new Source.Request(
                paths.isEmpty() ? List.of(INVENTORY) : paths,
                inventory ? List.of(INVENTORY) : List.of(),
                null,
                null,
                folder.toAbsolutePath(),
                new ByteArrayInputStream(new byte[0]));
        return Inspection.of(request, null).findings();
    }

    /// What a shell makes of `*`, so that files have their names in findings, and nothing before them.
    private static List<String> paths(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(
                            file -> Files.isDirectory(file) || file.toString().endsWith(".yaml"))
                    .map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith(".") && !name.equals(INVENTORY))
                    .sorted()
                    .toList();
        }
    }

    private Findings withLinks() throws IOException {
        Path copy = Files.createTempDirectory("rule-case");
        try {
            for (Path file : files()) {
                Path target = copy.resolve(folder.relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
            for (String line : Files.readAllLines(folder.resolve(LINKS))) {
                String[] link = line.split(" -> ", 2);
                Files.createSymbolicLink(copy.resolve(link[0]), Path.of(link[1]));
            }
            return findings(copy);
        } finally {
            // Links themselves, not what they lead to.
            try (Stream<Path> made = Files.walk(copy)) {
                for (Path path : made.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /// What somebody wrote for the case, settings first, without what is expected of it.
    List<Path> files() {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith(EXPECTED))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The findings that matter, a line each, with related places below it.
    static String text(Findings findings, Predicate<Diagnostic> matters) {
        return findings.diagnostics().stream()
                .filter(matters)
                .map(RuleCase::text)
                .collect(Collectors.joining());
    }

    static String text(Diagnostic finding) {
        StringBuilder text = new StringBuilder();
        text.append(finding.span())
                .append(' ')
                .append(finding.severity().word())
                .append('[')
                .append(finding.rule())
                .append("] ")
                .append(finding.message())
                .append('\n');
        for (Related related : finding.related()) {
            text.append("  ").append(related.span()).append(' ').append(related.message());
            text.append('\n');
        }
        return text.toString();
    }

    /// Compares with `expected.txt`, or writes it where `-Dgolden=update` says so.
    String expected(String actual) throws IOException {
        return Golden.text(folder.resolve(EXPECTED), actual);
    }
}
