package dev.bellman.cli;

import java.util.List;

/// A step of the build: runs what people run most, one command after the other in one process, so that the cache of
/// start-up holds the classes of all of them.
public final class Rehearsal {
    private Rehearsal() {}

    /// @param args a folder of examples with `yaobank` and `broken` in it
    public static void main(String... args) {
        Terminal terminal = Terminal.system();
        String yaobank = args[0] + "/yaobank";
        for (List<String> command : List.of(
                List.of(LintCommand.NAME, args[0]),
                List.of(LintCommand.NAME, "-f", "json", args[0] + "/broken"),
                List.of(LintCommand.NAME, yaobank + "/inventory"),
                List.of(CompileCommand.NAME, yaobank),
                List.of(RoutesCommand.NAME, yaobank),
                List.of(ExplainCommand.NAME, "customer", yaobank),
                List.of(RulesCommand.NAME, yaobank, "--node", "worker1"),
                List.of("--help"))) {
            Bellman.run(terminal, command.toArray(String[]::new));
        }
        terminal.out().flush();
        terminal.err().flush();
        System.exit(0);
    }
}
