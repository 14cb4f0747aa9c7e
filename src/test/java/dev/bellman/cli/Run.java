package dev.bellman.cli;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.Span;
import dev.bellman.report.Findings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/// One run of the command line as a user sees it.
record Run(int code, String out, String err) {
    /// Runs the real commands where nobody watches.
    static Run of(String... args) {
        return withInput(new byte[0], args);
    }

    /// Runs the real commands on what comes through a pipe.
    static Run withInput(String input, String... args) {
        return withInput(input.getBytes(StandardCharsets.UTF_8), args);
    }

    private static Run withInput(byte[] input, String... args) {
        return with(input, Map.of(), false, terminal -> Bellman.run(terminal, args));
    }

    /// Runs the real completion of a command line that has the command `check`.
    static Run completionOfCheck() {
        return with(
                Map.of(),
                false,
                Map.of("completion", CompletionCommand::new, "check", terminal -> new Check(terminal, () -> found())),
                "completion",
                "bash");
    }

    /// Runs a command `check` that finds these things.
    static Run check(Findings findings, String... args) {
        return check(Map.of(), false, findings, args);
    }

    static Run check(Map<String, String> environment, boolean isTerminal, Findings findings, String... args) {
        String[] line = Stream.concat(Stream.of("check"), Stream.of(args)).toArray(String[]::new);
        return with(environment, isTerminal, Map.of("check", terminal -> new Check(terminal, () -> findings)), line);
    }

    /// Runs a command `check` that ends so.
    static Run failing(Callable<Findings> work, String... args) {
        String[] line = Stream.concat(Stream.of("check"), Stream.of(args)).toArray(String[]::new);
        return with(Map.of(), false, Map.of("check", terminal -> new Check(terminal, work)), line);
    }

    private static Run with(
            Map<String, String> environment,
            boolean isTerminal,
            Map<String, Function<Terminal, CliCommand>> commands,
            String... args) {
        return with(new byte[0], environment, isTerminal, terminal -> Bellman.run(commands, terminal, args));
    }

    private static Run with(
            byte[] input, Map<String, String> environment, boolean isTerminal, ToIntFunction<Terminal> run) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(input),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                isTerminal,
                false,
                environment);
        int code = run.applyAsInt(terminal);
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /// Findings of these severities in one object.
    static Findings found(Severity... severities) {
        List<Diagnostic> diagnostics = Stream.of(severities)
                .map(severity -> new Diagnostic("some-rule", severity, "a message", "", Span.at("a.yaml", 1, 1), ""))
                .toList();
        return new Findings(1, 1, diagnostics, List.of(), List.of(), Map.of());
    }

    static Findings nothingChecked() {
        return new Findings(1, 0, List.of(), List.of(), List.of(), Map.of());
    }

    private static final class Check implements CliCommand {
        private final Terminal terminal;
        private final Callable<Findings> work;

        private final FindingsOptions options = new FindingsOptions();
        private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("check");

        Check(Terminal terminal, Callable<Findings> work) {
            this.terminal = terminal;
            this.work = work;
            options.addTo(spec);
        }

        @Override
        public CommandSpec spec() {
            return spec;
        }

        @Override
        public Integer call() throws Exception {
            return new FindingsOutput(terminal, options).print(work.call()).code();
        }
    }
}
