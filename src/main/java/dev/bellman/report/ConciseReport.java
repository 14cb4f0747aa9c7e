package dev.bellman.report;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.report.Style.Ink;

/// `file:line:column: severity[rule] message`, one line per finding and nothing else.
public final class ConciseReport {
    private ConciseReport() {}

    static String print(Findings findings, Style style) {
        StringBuilder out = new StringBuilder();
        findings.diagnostics()
                .forEach(diagnostic -> out.append(line(diagnostic, style)).append('\n'));
        return out.toString();
    }

    /// One finding, without an end of line.
    public static String line(Diagnostic diagnostic, Style style) {
        String severity = diagnostic.severity().word() + "[" + DisplayText.inline(diagnostic.rule()) + "]";
        return DisplayText.inline(diagnostic.span().toString()) + ": "
                + style.paint(Ink.of(diagnostic.severity()), severity) + " "
                + DisplayText.inline(diagnostic.message());
    }
}
