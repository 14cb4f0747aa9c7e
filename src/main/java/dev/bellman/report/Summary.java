package dev.bellman.report;

import dev.bellman.diagnostic.Severity;
import dev.bellman.report.Style.Ink;
import java.util.ArrayList;
import java.util.List;

/// The line that says it all.
public final class Summary {
    private Summary() {}

    /// One line without its newline, such as `2 errors and 1 warning in 3 files, 12 objects`.
    public static String line(Findings findings, Style style) {
        if (findings.nothingChecked()) {
            return style.paint(Ink.ERROR, "nothing was checked") + ": no Kubernetes object in "
                    + amount(findings.files(), "file") + ", inventory aside";
        }
        StringBuilder line = new StringBuilder(verdict(findings, style)).append(" in ");
        if (findings.files() > 0) {
            line.append(amount(findings.files(), "file")).append(", ");
        }
        line.append(amount(findings.objects(), "object"));
        if (!findings.silenced().isEmpty()) {
            line.append("; ").append(findings.silenced().size()).append(" silenced");
        }
        if (findings.fixes() > 0) {
            line.append("; ").append(findings.fixes()).append(" fixable with --fix");
        }
        return line.toString();
    }

    private static String verdict(Findings findings, Style style) {
        if (findings.diagnostics().isEmpty()) {
            return style.paint(Ink.GOOD, "no findings");
        }
        List<String> parts = new ArrayList<>();
        for (Severity severity : Severity.values()) {
            int count = findings.count(severity);
            if (count > 0) {
                parts.add(style.paint(Ink.of(severity), amount(count, severity.word())));
            }
        }
        String last = parts.removeLast();
        return parts.isEmpty() ? last : String.join(", ", parts) + " and " + last;
    }

    private static String amount(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
