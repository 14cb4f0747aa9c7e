package dev.bellman.cli;

import dev.bellman.report.Style;
import picocli.CommandLine.Option;

/// The options of every command that prints something for people.
final class OutputOptions {
    @Option(
            names = "--color",
            paramLabel = "WHEN",
            description = "auto, always or never. auto: on a terminal, unless NO_COLOR is set.")
    private Color color = Color.AUTO;

    @Option(
            names = {"-q", "--quiet"},
            description = "Say nothing when there is nothing to say: no progress, no summary of a clean run.")
    private boolean quiet;

    Style style(Terminal terminal) {
        return color.style(terminal);
    }

    boolean isQuiet() {
        return quiet;
    }

    /// Tells on stderr what takes so long; silent where nobody watches.
    Progress progress(Terminal terminal, String what) {
        return quiet || !terminal.errIsTerminal() ? Progress.silent() : Progress.start(terminal, what);
    }
}
