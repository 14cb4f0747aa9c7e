package dev.bellman.cli;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Severity;
import dev.bellman.report.ConciseReport;
import dev.bellman.report.Style;
import dev.bellman.report.Summary;

/// The errors behind an answer: a reader must know that it rests on input that is not sound.
final class Errors {
    private Errors() {}

    /// Says the errors on stderr, a line each, and how the command ends.
    static Outcome warn(Terminal terminal, Inspection inspection) {
        if (inspection.findings().nothingChecked()) {
            terminal.warn(Summary.line(inspection.findings(), Style.PLAIN));
            return Outcome.FAILURE;
        }
        for (Diagnostic finding : inspection.findings().diagnostics()) {
            if (finding.severity() == Severity.ERROR) {
                terminal.warn(ConciseReport.line(finding, Style.PLAIN));
            }
        }
        return inspection.hasErrors() ? Outcome.FINDINGS : Outcome.CLEAN;
    }
}
