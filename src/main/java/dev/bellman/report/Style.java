package dev.bellman.report;

import dev.bellman.diagnostic.Severity;

/// Whether text for people carries ANSI colours.
public enum Style {
    PLAIN,
    ANSI;

    /// What a piece of text means, which decides its colour.
    public enum Ink {
        ERROR("1;31"),
        WARNING("1;33"),
        INFO("1;36"),
        FRAME("1;34"),
        GOOD("1;32"),
        STRONG("1"),
        FAINT("2");

        private final String code;

        Ink(String code) {
            this.code = code;
        }

        public static Ink of(Severity severity) {
            return switch (severity) {
                case ERROR -> ERROR;
                case WARNING -> WARNING;
                case INFO -> INFO;
            };
        }
    }

    public String paint(Ink ink, String text) {
        return this == PLAIN || text.isEmpty() ? text : "\u001b[" + ink.code + "m" + text + "\u001b[0m";
    }
}
