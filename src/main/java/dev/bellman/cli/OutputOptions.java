package dev.bellman.cli;

import dev.bellman.report.Style;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The options of every command that prints something for people.
final class OutputOptions {
    private final OptionSpec color = Options.word(
                    Color.class,
                    Color.AUTO,
                    "WHEN",
                    "auto, always or never. auto: on a terminal, unless NO_COLOR is set.",
                    "--color")
            .build();

    private final OptionSpec quiet = Options.flag(
                    "Say nothing when there is nothing to say: no progress, no summary of a clean run.",
                    "-q",
                    "--quiet")
            .build();

    void addTo(CommandSpec spec) {
        spec.addOption(color).addOption(quiet);
    }

    Style style(Terminal terminal) {
        Color when = Options.word(color, Color.class);
        return when.style(terminal);
    }

    boolean isQuiet() {
        return Options.isSet(quiet);
    }

    /// Tells on stderr what takes so long; silent where nobody watches.
    Progress progress(Terminal terminal, String what) {
        return isQuiet() || !terminal.errIsTerminal() ? Progress.silent() : Progress.start(terminal, what);
    }
}
