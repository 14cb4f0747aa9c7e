package dev.bellman.report;

import dev.bellman.diagnostic.SourceText;
import dev.bellman.diagnostic.Span;
import dev.bellman.report.Style.Ink;

/// The source lines of a span with a mark under exactly the text meant.
///
/// @param gutter the width of the line numbers
/// @param mark what to underline with
/// @param label written behind the mark; may be empty
record Snippet(SourceText text, Span span, int gutter, char mark, Ink ink, String label) {
    private static final int SHOWN_WHOLE = 5;

    void appendTo(StringBuilder out, Style style) {
        appendFrame(out, style);
        if (span.endLine() > span.line() && !endsAtStartOfNextLine()) {
            appendBlock(out, style);
        } else {
            appendLine(out, style);
        }
    }

    /// The empty bar that sets snippets apart.
    private void appendFrame(StringBuilder out, Style style) {
        out.append(" ".repeat(gutter + 1)).append(style.paint(Ink.FRAME, "|")).append('\n');
    }

    private boolean endsAtStartOfNextLine() {
        return span.endLine() == span.line() + 1 && span.endColumn() <= 1;
    }

    private void appendLine(StringBuilder out, Style style) {
        DisplayLine line = DisplayLine.of(text.line(span.line()), span.column() - 1);
        int from = line.column(span.column());
        int to = span.endLine() > span.line() ? line.end() : line.column(span.endColumn());
        appendNumber(out, style, span.line());
        appendText(out, " ", line.text());
        appendMark(out, style, " " + " ".repeat(from), String.valueOf(mark).repeat(Math.max(1, to - from)));
    }

    /// Transforms a span of several lines into its lines along a bar, the middle of a long one left out.
    private void appendBlock(StringBuilder out, Style style) {
        int lines = span.endLine() - span.line() + 1;
        for (int number = span.line(); number <= span.endLine(); number++) {
            if (lines > SHOWN_WHOLE && number == span.line() + 2) {
                out.append(style.paint(Ink.FRAME, "..."))
                        .append(" ".repeat(Math.max(0, gutter - 1)))
                        .append(style.paint(ink, "|"))
                        .append('\n');
                number = span.endLine();
            }
            appendNumber(out, style, number);
            out.append(' ').append(style.paint(ink, number == span.line() ? "/" : "|"));
            appendText(out, " ", DisplayLine.of(text.line(number), 0).text());
        }
        DisplayLine last = DisplayLine.of(text.line(span.endLine()), 0);
        int under = Math.max(0, last.column(span.endColumn()) - 1);
        appendMark(out, style, " ", "|" + "_".repeat(under + 1) + mark);
    }

    private void appendNumber(StringBuilder out, Style style, int number) {
        String digits = String.valueOf(number);
        out.append(style.paint(Ink.FRAME, " ".repeat(Math.max(0, gutter - digits.length())) + digits + " |"));
    }

    private static void appendText(StringBuilder out, String margin, String line) {
        out.append((margin + line).stripTrailing()).append('\n');
    }

    private void appendMark(StringBuilder out, Style style, String indent, String underline) {
        String labelled = label.isEmpty() ? underline : underline + " " + DisplayText.inline(label);
        out.append(" ".repeat(gutter + 1))
                .append(style.paint(Ink.FRAME, "|"))
                .append(indent)
                .append(style.paint(ink, labelled))
                .append('\n');
    }
}
