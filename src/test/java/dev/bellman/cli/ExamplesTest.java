package dev.bellman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.cli.ConsoleBlocks.Step;
import dev.bellman.testing.Golden;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// The examples and what is written about them, executed from the repository's root as a reader would.
///
/// Every ```` ```console ```` block of the documentation is run, and `expected/` beside an example holds what its
/// commands come to: `lint.txt` (concise), `routes.txt`, and in `compile/` the files that compile writes.
/// `-Dgolden=update` rewrites both; read the diff.
class ExamplesTest {
    private static final Path EXAMPLES = Path.of("gitops-examples");
    private static final Path BROKEN = EXAMPLES.resolve("broken");

    /// A mistake's number in a comment: `# 7: ...`, `# 11 from the other side`, `# 1: ...; 3 from the other side`.
    private static final Pattern NUMBER = Pattern.compile("(?:# |; )(\\d+)(?=:| from)");

    private static final Pattern PLACE = Pattern.compile("(?m)^(\\S+?):(\\d+):\\d+: ");

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> theDocumentationShowsWhatItsCommandsPrint() throws IOException {
        return texts().stream()
                .filter(text -> !ConsoleBlocks.of(read(text)).isEmpty())
                .map(text -> DynamicTest.dynamicTest(text.toString(), () -> runBlocks(text)));
    }

    @TestFactory
    Stream<DynamicTest> anExampleComesToWhatIsExpected() throws IOException {
        return examples().stream()
                .map(example -> DynamicTest.dynamicTest(
                        example.getFileName().toString(), () -> check(example.resolve("expected"), results(example))));
    }

    @Test
    void anExampleIsCleanUnlessItIsTheBrokenOne() throws IOException {
        assertThat(examples()).hasSizeGreaterThan(3).allSatisfy(example -> {
            Printed lint = bellman("lint", "-f", "concise", "--fail-on", "info", example.toString());
            assertThat(lint.code()).as(lint.text()).isEqualTo(example.equals(BROKEN) ? 1 : 0);
        });
    }

    @Test
    void theFirstStepOfTheBankIsTheRangeAlone() {
        Printed routes = bellman(
                "routes",
                "gitops-examples/yaobank/step1-advertise-the-range",
                "--inventory",
                "gitops-examples/yaobank/inventory");
        assertThat(routes.text()).startsWith("""
                What an upstream router holds
                  10.49.0.0/16  via 10.0.1.20, 10.0.1.30, 10.0.1.31

                """);
        assertThat(routes.text()).doesNotContain("/32");
    }

    @Test
    void theSecondStepOfTheBankAddsARouteToTheHostingNode() {
        assertThat(bellman("routes", "gitops-examples/yaobank").text()).startsWith("""
                What an upstream router holds
                  10.49.0.0/16    via 10.0.1.20, 10.0.1.30, 10.0.1.31
                  10.49.60.52/32  via 10.0.1.31

                """);
    }

    @Test
    void twelveMistakesAreFoundWhereTheirNumbersStandAndNothingElse() {
        String found = bellman("lint", "-f", "concise", BROKEN.toString()).text();
        TreeSet<Integer> numbers = new TreeSet<>();
        Matcher place = PLACE.matcher(found);
        while (place.find()) {
            String line = read(Path.of(place.group(1))).lines().toList().get(Integer.parseInt(place.group(2)) - 1);
            Matcher number = NUMBER.matcher(line);
            assertThat(number.find()).as(line).isTrue();
            do {
                numbers.add(Integer.valueOf(number.group(1)));
            } while (number.find());
        }
        assertThat(numbers).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    }

    @Test
    void anExampleWithErrorsCompilesToNothing() {
        Path output = folder.resolve("broken");
        assertThat(bellman("compile", "--quiet", BROKEN.toString(), "-o", output.toString())
                        .code())
                .isEqualTo(1);
        assertThat(output).doesNotExist();
    }

    /// Everything that is printed or written about an example, by its name below `expected/`.
    private SortedMap<String, String> results(Path example) throws IOException {
        SortedMap<String, String> results = new TreeMap<>();
        results.put("lint.txt", stdout("lint", "-f", "concise", example.toString()));
        results.put("routes.txt", stdout("routes", example.toString()));
        Path output = folder.resolve(example.getFileName());
        stdout("compile", example.toString(), "-o", output.toString());
        files(output).forEach((name, text) -> results.put("compile/" + name, text));
        return results;
    }

    private static void check(Path expected, SortedMap<String, String> results) throws IOException {
        if (Golden.UPDATE) {
            for (String name : files(expected).keySet()) {
                Files.delete(expected.resolve(name));
            }
            for (Map.Entry<String, String> result : results.entrySet()) {
                Path file = expected.resolve(result.getKey());
                Files.createDirectories(file.getParent());
                Files.writeString(file, result.getValue());
            }
        }
        assertThat(files(expected)).containsExactlyEntriesOf(results);
    }

    private static void runBlocks(Path text) throws IOException {
        String before = read(text);
        List<String> wrong = new ArrayList<>();
        Shell shell = new Shell();
        String after = ConsoleBlocks.rewrite(before, step -> {
            String printed = shell.run(step.command());
            if (step.promises(printed)) {
                return step;
            }
            // What an excerpt leaves out is for its author to choose.
            if (!Golden.UPDATE || step.isExcerpt()) {
                wrong.add(text + ":" + step.line() + ": `" + step.command() + "` printed\n" + printed);
            }
            return new Step(step.line(), step.command(), printed);
        });
        if (Golden.UPDATE && wrong.isEmpty()) {
            Files.writeString(text, after);
        }
        assertThat(wrong).isEmpty();
    }

    /// The few commands that the documentation shows, and what `$?` is after them.
    private static final class Shell {
        private int code;

        String run(String command) {
            String[] words = command.split(" +");
            return switch (words[0]) {
                case "bellman" -> {
                    Printed printed = bellman(Stream.of(words).skip(1).toArray(String[]::new));
                    code = printed.code();
                    yield printed.text();
                }
                case "cat" -> read(Path.of(words[1]));
                case "echo" -> words[1].equals("$?") ? code + "\n" : "";
                default -> throw new AssertionError("nobody knows how to run: " + command);
            };
        }
    }

    /// @param text what stands on the screen: stdout and stderr as they come
    private record Printed(int code, String text) {}

    private static Printed bellman(String... args) {
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        int code = run(screen, screen, args);
        return new Printed(code, screen.toString(StandardCharsets.UTF_8));
    }

    private static String stdout(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        run(out, OutputStream.nullOutputStream(), args);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static int run(OutputStream out, OutputStream err, String... args) {
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                Map.of());
        return Bellman.run(terminal, args);
    }

    private static List<Path> examples() throws IOException {
        try (Stream<Path> folders = Files.list(EXAMPLES)) {
            return folders.filter(Files::isDirectory).sorted().toList();
        }
    }

    /// Everything that a reader is shown.
    private static List<Path> texts() throws IOException {
        List<Path> texts = new ArrayList<>();
        try (Stream<Path> top = Files.list(Path.of(""));
                Stream<Path> docs = Files.walk(Path.of("docs"));
                Stream<Path> examples = Files.walk(EXAMPLES)) {
            Stream.of(top, docs, examples)
                    .flatMap(files -> files)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .forEach(texts::add);
        }
        return texts;
    }

    /// Text by name, of all files below a folder that may not be there.
    private static SortedMap<String, String> files(Path folder) throws IOException {
        SortedMap<String, String> files = new TreeMap<>();
        if (!Files.exists(folder)) {
            return files;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            all.filter(Files::isRegularFile)
                    .forEach(file -> files.put(folder.relativize(file).toString(), read(file)));
        }
        return files;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
