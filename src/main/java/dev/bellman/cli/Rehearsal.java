package dev.bellman.cli;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.util.List;

/// A step of the build: runs what people run most, one command after the other in one process, so that the cache of
/// start-up holds the classes of all of them.
///
/// What is in a cache is loaded at the start, needed or not. So that of the daemons, of which one stays in the memory
/// of every node, is of what they do, and of Quarkus.
public final class Rehearsal {
    private static final String DAEMON = "daemon";

    private Rehearsal() {}

    /// @param args `command` or `daemon`; a folder of examples with `yaobank` and `broken` in it; and one to write to
    public static void main(String... args) {
        String kind = args[0];
        String examples = args[1];
        String yaobank = examples + "/yaobank";
        List<String> compile = List.of(CompileCommand.NAME, yaobank, "-o", args[2]);
        List<String> rules = List.of(RulesCommand.NAME, yaobank, "--node", "worker1");
        if (kind.equals(DAEMON)) {
            int worst = run(List.of(compile, rules, List.of(BirdCommand.NAME, yaobank, "--node", "worker1")));
            Quarkus.run(Idle.class, (exit, failure) -> System.exit(failure == null ? Math.max(worst, exit) : 2));
            return;
        }
        int worst = run(List.of(
                List.of(LintCommand.NAME, examples),
                List.of(LintCommand.NAME, "-f", "json", examples + "/broken"),
                List.of(LintCommand.NAME, yaobank + "/inventory"),
                compile,
                List.of(RoutesCommand.NAME, yaobank),
                List.of(ExplainCommand.NAME, "yaobank/customer", yaobank),
                rules,
                List.of("--help")));
        // The examples have findings, which is what they are for.
        System.exit(worst > 1 ? worst : 0);
    }

    private static int run(List<List<String>> commands) {
        Terminal terminal = Terminal.system();
        int worst = 0;
        for (List<String> command : commands) {
            worst = Math.max(worst, Bellman.run(terminal, command.toArray(String[]::new)));
        }
        terminal.out().flush();
        terminal.err().flush();
        return worst;
    }

    /// Starts all that daemons have in common, and ends.
    public static final class Idle implements QuarkusApplication {
        @Override
        public int run(String... args) {
            return 0;
        }
    }
}
