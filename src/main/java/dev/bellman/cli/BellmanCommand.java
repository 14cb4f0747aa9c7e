package dev.bellman.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ScopeType;

/// `bellman` itself: what it is, and what it can do.
final class BellmanCommand implements CliCommand {
    private final OptionSpec debug = Options.flag("Show where in the program a failure happened.", "--debug")
            .scopeType(ScopeType.INHERIT)
            .build();

    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

    BellmanCommand() {
        spec.name("bellman")
                .versionProvider(Version::lines)
                .addOption(Options.flag("Show this help.", "-h", "--help")
                        .usageHelp(true)
                        .scopeType(ScopeType.INHERIT)
                        .build())
                .addOption(Options.flag("Show the versions of bellman and Java.", "-V", "--version")
                        .versionHelp(true)
                        .build())
                .addOption(debug)
                .usageMessage()
                .description("Decides which Kubernetes Service addresses the network hears about.")
                .synopsisSubcommandLabel("COMMAND")
                .commandListHeading("%nCommands:%n")
                .optionListHeading("%nOptions:%n")
                .footerHeading("%nExamples:%n")
                .footer(
                        "  bellman lint .                is it valid, and on which line not",
                        "  bellman routes .              what the network will hear, from which nodes",
                        "  bellman compile . -o build/   what the policies come to, as files to review",
                        "  bellman COMMAND --help        what a command does, with examples",
                        "",
                        "Exit codes: 0 clean, 1 findings, 2 wrong usage or a failure of the tool itself.");
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }

    boolean isDebug() {
        return Options.isSet(debug) || spec.subcommands().values().stream().anyMatch(Options::isDebugging);
    }

    /// Without a command there is nothing to do, which is a mistake, so the help goes to stderr.
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return Outcome.FAILURE.code();
    }
}
