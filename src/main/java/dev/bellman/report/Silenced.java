package dev.bellman.report;

import dev.bellman.diagnostic.Diagnostic;

/// A finding that the configuration silences.
///
/// @param reason why, in the words of whoever silenced it
public record Silenced(Diagnostic diagnostic, String reason) implements Comparable<Silenced> {
    @Override
    public int compareTo(Silenced other) {
        int order = diagnostic.compareTo(other.diagnostic);
        return order != 0 ? order : reason.compareTo(other.reason);
    }
}
