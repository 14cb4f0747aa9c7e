package dev.bellman.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// `bellman` itself: what it is, and what it can do.
@Command(
        name = "bellman",
        description = "Decides which Kubernetes Service addresses the network hears about.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  bellman lint .                is it valid, and on which line not",
            "  bellman routes .              what the network will hear, from which nodes",
            "  bellman compile . -o build/   what the policies come to, as files to review",
            "  bellman COMMAND --help        what a command does, with examples",
            "",
            "Exit codes: 0 clean, 1 findings, 2 wrong usage or a failure of the tool itself."
        })
final class BellmanCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    // Not mixinStandardHelpOptions: it costs a search for Groovy in every jar, at each start.
    @SuppressWarnings("UnusedVariable") // picocli asks its own model
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    private boolean help;

    @SuppressWarnings("UnusedVariable")
    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the versions of bellman and Java.")
    private boolean version;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show where in the program a failure happened.")
    private boolean debug;

    boolean isDebug() {
        return debug;
    }

    /// Without a command there is nothing to do, which is a mistake, so the help goes to stderr.
    @Override
    public Integer call() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getErr());
        }
        return Outcome.FAILURE.code();
    }
}
