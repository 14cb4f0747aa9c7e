package dev.bellman.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Help;

/// Puts the command line together and runs it.
public final class Bellman {
    /// Every command, in the order of the help.
    private static final List<Function<Terminal, Object>> COMMANDS = List.of(CompletionCommand::new);

    private Bellman() {}

    /// Runs one command line and returns its exit code. Never throws, never ends the process.
    public static int run(Terminal terminal, String... args) {
        return run(COMMANDS, terminal, args);
    }

    static int run(List<Function<Terminal, Object>> commands, Terminal terminal, String... args) {
        BellmanCommand root = new BellmanCommand();
        try {
            return commandLine(root, commands, terminal).execute(args);
        } catch (StackOverflowError | OutOfMemoryError e) {
            return new Failures(root, terminal).report(e).code();
        }
    }

    private static CommandLine commandLine(
            BellmanCommand root, List<Function<Terminal, Object>> commands, Terminal terminal) {
        CommandLine line = new CommandLine(root);
        commands.forEach(command -> line.addSubcommand(command.apply(terminal)));
        Words.register(line);
        Failures failures = new Failures(root, terminal);
        Help.Ansi ansi = switch (Color.AUTO.style(terminal)) {
            case ANSI -> Help.Ansi.ON;
            case PLAIN -> Help.Ansi.OFF;
        };
        return line.setUsageHelpWidth(100)
                .setColorScheme(Help.defaultColorScheme(ansi))
                .setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler((e, _) -> failures.report(e).code())
                .setExecutionExceptionHandler((e, _, _) -> failures.report(e).code());
    }
}
