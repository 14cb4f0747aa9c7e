package dev.bellman.diagnostic;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How bad a finding is. Only errors make a command fail unless the user asks for more.
public enum Severity {
    ERROR,
    WARNING,
    INFO;

    /// @throws IllegalArgumentException if the word is none of `error`, `warning` and `info`
    public static Severity of(String word) {
        Severity found = find(word);
        if (found == null) {
            throw new IllegalArgumentException("not a severity: " + word);
        }
        return found;
    }

    /// The severity that a word names, or null.
    public static @Nullable Severity find(String word) {
        for (Severity severity : values()) {
            if (severity.word().equals(word)) {
                return severity;
            }
        }
        return null;
    }

    /// The word used in files, on the command line and in every report.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether this is as bad as `other` or worse.
    public boolean atLeast(Severity other) {
        return compareTo(other) <= 0;
    }
}
