package dev.bellman.cli;

import dev.bellman.report.Style;

/// When to colour text for people.
public enum Color {
    AUTO,
    ALWAYS,
    NEVER;

    /// The word on the command line.
    @Override
    public String toString() {
        return Words.of(this);
    }

    /// The style of stdout: `auto` honours NO_COLOR (no-color.org), CLICOLOR_FORCE (bixense.com/clicolors) and a
    /// terminal that is none.
    Style style(Terminal terminal) {
        return switch (this) {
            case ALWAYS -> Style.ANSI;
            case NEVER -> Style.PLAIN;
            case AUTO -> isWanted(terminal) ? Style.ANSI : Style.PLAIN;
        };
    }

    private static boolean isWanted(Terminal terminal) {
        if (terminal.isSet("NO_COLOR")) {
            return false;
        }
        if (terminal.isSet("CLICOLOR_FORCE")
                && !"0".equals(terminal.environment().get("CLICOLOR_FORCE"))) {
            return true;
        }
        return terminal.outIsTerminal() && !"dumb".equals(terminal.environment().get("TERM"));
    }
}
