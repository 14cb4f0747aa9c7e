package dev.bellman.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Help;

/// Puts the command line together and runs it.
public final class Bellman {
    /// Every command by its name, in the order of the help.
    private static final Map<String, Function<Terminal, CliCommand>> COMMANDS = commands();

    private Bellman() {}

    private static Map<String, Function<Terminal, CliCommand>> commands() {
        Map<String, Function<Terminal, CliCommand>> commands = new LinkedHashMap<>();
        commands.put(LintCommand.NAME, LintCommand::new);
        commands.put(CompileCommand.NAME, CompileCommand::new);
        commands.put(RoutesCommand.NAME, RoutesCommand::new);
        commands.put(RulesCommand.NAME, RulesCommand::new);
        commands.put(BirdCommand.NAME, BirdCommand::new);
        commands.put(ExplainCommand.NAME, ExplainCommand::new);
        commands.put(AgentCommand.NAME, AgentCommand::new);
        commands.put(OperatorCommand.NAME, _ -> new OperatorCommand());
        commands.put(CompletionCommand.NAME, CompletionCommand::new);
        return commands;
    }

    /// Runs one command line and returns its exit code. Never throws, never ends the process.
    public static int run(Terminal terminal, String... args) {
        return run(COMMANDS, terminal, args);
    }

    static int run(Map<String, Function<Terminal, CliCommand>> commands, Terminal terminal, String... args) {
        BellmanCommand root = new BellmanCommand();
        try {
            return commandLine(root, needed(commands, args), terminal).execute(args);
        } catch (StackOverflowError | OutOfMemoryError e) {
            return new Failures(root, terminal).report(e).code();
        }
    }

    /// The one command that is called, so that no run pays for reading the others' options; all of them for the help,
    /// for completion and for a name that is none.
    private static Map<String, Function<Terminal, CliCommand>> needed(
            Map<String, Function<Terminal, CliCommand>> commands, String... args) {
        for (String arg : args) {
            Function<Terminal, CliCommand> command = commands.get(arg);
            if (command != null && !arg.equals(CompletionCommand.NAME)) {
                return Map.of(arg, command);
            }
            if (!arg.startsWith("-")) {
                break;
            }
        }
        return commands;
    }

    private static CommandLine commandLine(
            BellmanCommand root, Map<String, Function<Terminal, CliCommand>> commands, Terminal terminal) {
        CommandLine line = new CommandLine(root.spec());
        commands.forEach((name, command) ->
                line.addSubcommand(name, new CommandLine(command.apply(terminal).spec())));
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
