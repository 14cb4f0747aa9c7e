package dev.bellman.diagnostic;

import java.util.Locale;

/// How bad a finding is. Only errors make a command fail unless the user asks for more.
public enum Severity {
    ERROR,
    WARNING,
    INFO;

    /// The word used in files, on the command line and in every report.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether this is as bad as `other` or worse.
    public boolean atLeast(Severity other) {
        return compareTo(other) <= 0;
    }
}
