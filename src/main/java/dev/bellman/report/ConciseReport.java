package dev.bellman.report;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.report.Style.Ink;

/// `file:line:column: severity[rule] message`, one line per finding and nothing else.
final class ConciseReport {
    private ConciseReport() {}

    static String print(Findings findings, Style style) {
        StringBuilder out = new StringBuilder();
        for (Diagnostic diagnostic : findings.diagnostics()) {
            out.append(DisplayText.inline(diagnostic.span().toString()))
                    .append(": ")
                    .append(style.paint(
                            Ink.of(diagnostic.severity()),
                            diagnostic.severity().word() + "[" + DisplayText.inline(diagnostic.rule()) + "]"))
                    .append(' ')
                    .append(DisplayText.inline(diagnostic.message()))
                    .append('\n');
        }
        return out.toString();
    }
}
