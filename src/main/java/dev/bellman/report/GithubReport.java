package dev.bellman.report;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.Span;
import java.util.Comparator;
import java.util.List;

/// Workflow commands of GitHub Actions, one per finding.
///
/// A step keeps ten annotations of each kind, so the worst come first and a line says when some will not be shown.
/// Each message is one line, so no text of a manifest can be taken for a command of its own.
final class GithubReport {
    private static final int KEPT_PER_KIND = 10;

    private GithubReport() {}

    static String print(Findings findings) {
        StringBuilder out = new StringBuilder();
        if (findings.nothingChecked()) {
            append(out, "error", "title=bellman", Summary.line(findings, Style.PLAIN));
            return out.toString();
        }
        List<Diagnostic> worstFirst = findings.diagnostics().stream()
                .sorted(Comparator.comparing(Diagnostic::severity).thenComparing(Comparator.naturalOrder()))
                .toList();
        if (someAreDropped(findings)) {
            append(
                    out,
                    "notice",
                    "title=bellman",
                    Summary.line(findings, Style.PLAIN) + "; GitHub shows only the first " + KEPT_PER_KIND
                            + " of each kind here, the log has all");
        }
        for (Diagnostic diagnostic : worstFirst) {
            append(out, command(diagnostic.severity()), properties(diagnostic), message(diagnostic));
        }
        return out.toString();
    }

    private static boolean someAreDropped(Findings findings) {
        for (Severity severity : Severity.values()) {
            if (findings.count(severity) > KEPT_PER_KIND) {
                return true;
            }
        }
        return false;
    }

    private static String command(Severity severity) {
        return switch (severity) {
            case ERROR -> "error";
            case WARNING -> "warning";
            case INFO -> "notice";
        };
    }

    private static void append(StringBuilder out, String command, String properties, String message) {
        out.append("::")
                .append(command)
                .append(' ')
                .append(properties)
                .append("::")
                .append(escapeMessage(message))
                .append('\n');
    }

    private static String properties(Diagnostic diagnostic) {
        Span span = diagnostic.span();
        String title = "title=" + escapeProperty(diagnostic.rule());
        if (!span.hasText()) {
            return title;
        }
        String place = "file=" + escapeProperty(FileUri.withoutDot(span.file())) + ",line=" + span.line() + ",endLine="
                + span.endLine();
        // The checks API refuses columns for an annotation of several lines.
        String columns =
                span.line() == span.endLine() ? ",col=" + span.column() + ",endColumn=" + span.endColumn() : "";
        return place + columns + "," + title;
    }

    private static String message(Diagnostic diagnostic) {
        String story = Story.of(diagnostic);
        return diagnostic.object().isEmpty() ? story : diagnostic.object() + ": " + story;
    }

    private static String escapeMessage(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            switch (point) {
                case '%' -> out.append("%25");
                case '\r' -> out.append("%0D");
                case '\n' -> out.append("%0A");
                case '\t' -> out.append('\t');
                default -> out.appendCodePoint(DisplayText.visible(point));
            }
        });
        return out.toString();
    }

    /// The runner turns exactly these five back; any other escape, such as one of `;`, would stay in the file name.
    private static String escapeProperty(String text) {
        return escapeMessage(text).replace(":", "%3A").replace(",", "%2C");
    }
}
