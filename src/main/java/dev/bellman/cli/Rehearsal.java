package dev.bellman.cli;

import java.util.List;

/// A step of the build: runs what people run most, one command after the other in one process, so that the cache of
/// start-up holds the classes of all of them.
public final class Rehearsal {
    private Rehearsal() {}

    /// @param args a folder of examples with `yaobank` and `broken` in it, and one to write to
    public static void main(String... args) {
        Terminal terminal = Terminal.system();
        String yaobank = args[0] + "/yaobank";
        int worst = 0;
        for (List<String> command : List.of(
                List.of(LintCommand.NAME, args[0]),
                List.of(LintCommand.NAME, "-f", "json", args[0] + "/broken"),
                List.of(LintCommand.NAME, yaobank + "/inventory"),
                List.of(CompileCommand.NAME, yaobank, "-o", args[1]),
                List.of(RoutesCommand.NAME, yaobank),
                List.of(ExplainCommand.NAME, "yaobank/customer", yaobank),
                List.of(RulesCommand.NAME, yaobank, "--node", "worker1"),
                List.of("--help"))) {
            worst = Math.max(worst, Bellman.run(terminal, command.toArray(String[]::new)));
        }
        terminal.out().flush();
        terminal.err().flush();
        // The examples have findings, which is what they are for.
        System.exit(worst > 1 ? worst : 0);
    }
}
