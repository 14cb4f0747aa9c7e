package dev.bellman.report;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Fix;
import dev.bellman.diagnostic.Related;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.diagnostic.Span;
import dev.bellman.report.Style.Ink;
import java.util.stream.Stream;

/// Findings for people, the way rustc and ruff print them.
final class PrettyReport {
    private final Findings findings;
    private final Style style;
    private final StringBuilder out = new StringBuilder();

    private PrettyReport(Findings findings, Style style) {
        this.findings = findings;
        this.style = style;
    }

    static String print(Findings findings, Style style) {
        PrettyReport report = new PrettyReport(findings, style);
        findings.diagnostics().forEach(report::append);
        return report.out.append(Summary.line(findings, style)).append('\n').toString();
    }

    private void append(Diagnostic diagnostic) {
        int gutter = gutter(diagnostic);
        Ink ink = Ink.of(diagnostic.severity());
        out.append(style.paint(ink, diagnostic.severity().word() + "[" + DisplayText.inline(diagnostic.rule()) + "]"))
                .append(style.paint(Ink.STRONG, ": " + DisplayText.inline(diagnostic.message())))
                .append('\n');
        appendPlace(gutter, "-->", diagnostic.span(), '^', ink, "");
        for (Related related : diagnostic.related()) {
            appendPlace(gutter, ":::", related.span(), '-', Ink.FRAME, related.message());
        }
        if (!diagnostic.object().equals(diagnostic.span().file())) {
            appendNote(gutter, "object", diagnostic.object());
        }
        Fix fix = diagnostic.fix();
        if (fix == null) {
            appendNote(gutter, "help", diagnostic.help());
        } else {
            String help = diagnostic.help().isEmpty() ? fix.description() : diagnostic.help();
            appendNote(gutter, "help", help + " (--fix does it)");
        }
        out.append('\n');
    }

    private void appendPlace(int gutter, String arrow, Span span, char mark, Ink ink, String label) {
        SourceText text = span.hasText() ? findings.texts().get(span.file()) : null;
        out.append(" ".repeat(gutter))
                .append(style.paint(Ink.FRAME, arrow))
                .append(' ')
                .append(DisplayText.inline(span.toString()));
        if (text == null && !label.isEmpty()) {
            out.append(": ").append(DisplayText.inline(label));
        }
        out.append('\n');
        if (text != null) {
            new Snippet(text, span, gutter, mark, ink, label).appendTo(out, style);
        }
    }

    private void appendNote(int gutter, String name, String note) {
        if (note.isEmpty()) {
            return;
        }
        String indent = " ".repeat(gutter + 1);
        String lead = style.paint(Ink.FRAME, "=") + " " + style.paint(Ink.STRONG, name + ":") + " ";
        String rest = "\n" + indent + " ".repeat(name.length() + 4);
        out.append(indent)
                .append(lead)
                .append(String.join(rest, note.lines().map(DisplayText::inline).toList()))
                .append('\n');
    }

    /// The width of the largest line number shown.
    private static int gutter(Diagnostic diagnostic) {
        int largest = Stream.concat(
                        Stream.of(diagnostic.span()),
                        diagnostic.related().stream().map(Related::span))
                .mapToInt(Span::endLine)
                .max()
                .orElse(1);
        return String.valueOf(largest).length();
    }
}
