package dev.bellman.cli;

import dev.bellman.diagnostic.Severity;
import dev.bellman.report.Findings;

/// The mildest finding that makes a command fail.
public enum FailOn {
    ERROR,
    WARNING,
    INFO,
    NEVER;

    /// The word on the command line.
    @Override
    public String toString() {
        return Words.of(this);
    }

    boolean isMetBy(Findings findings) {
        return switch (this) {
            case NEVER -> false;
            case ERROR -> hasAtLeast(findings, Severity.ERROR);
            case WARNING -> hasAtLeast(findings, Severity.WARNING);
            case INFO -> hasAtLeast(findings, Severity.INFO);
        };
    }

    private static boolean hasAtLeast(Findings findings, Severity severity) {
        return findings.diagnostics().stream()
                .anyMatch(diagnostic -> diagnostic.severity().atLeast(severity));
    }
}
