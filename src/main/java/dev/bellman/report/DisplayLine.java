package dev.bellman.report;

import java.util.Arrays;

/// A source line made ready for a terminal, with the column in which each of its code points stands.
final class DisplayLine {
    private static final String TAB = "    ";
    private static final String CUT = "...";

    /// Wider lines, such as JSON without newlines, are cut around the place meant.
    private static final int MAX_WIDTH = 160;

    private static final int CONTEXT = 60;

    private final String text;

    /// The display column (from 0) of each code point, and of the end of the line as the last entry.
    private final int[] columns;

    private DisplayLine(String text, int[] columns) {
        this.text = text;
        this.columns = columns;
    }

    /// Transforms a line into what is shown of it, so that code points `from` (counted from 0) onwards are in view.
    static DisplayLine of(String line, int from) {
        int[] points = line.codePoints().toArray();
        if (points.length <= MAX_WIDTH) {
            return show("", points, 0, points.length, "");
        }
        int first = Math.max(0, Math.min(from, points.length) - CONTEXT);
        int last = Math.min(points.length, first + MAX_WIDTH);
        return show(first == 0 ? "" : CUT, points, first, last, last == points.length ? "" : CUT);
    }

    private static DisplayLine show(String before, int[] points, int first, int last, String after) {
        StringBuilder text = new StringBuilder(before);
        int[] columns = new int[points.length + 1];
        int column = before.length();
        int previous = 0;
        for (int i = first; i < last; i++) {
            columns[i] = column;
            if (points[i] == '\t') {
                text.append(TAB);
                column += TAB.length();
            } else {
                int visible = DisplayText.visible(points[i]);
                text.appendCodePoint(visible);
                column += DisplayText.width(previous, visible);
            }
            previous = points[i];
        }
        Arrays.fill(columns, last, columns.length, column);
        return new DisplayLine(text.append(after).toString(), columns);
    }

    /// What to print: a tab is four blanks, and what would act on the terminal is visible.
    String text() {
        return text;
    }

    /// The display column of a source column (from 1); the end of the line for columns past it.
    int column(int sourceColumn) {
        return columns[Math.clamp(sourceColumn - 1L, 0, columns.length - 1)];
    }

    int end() {
        return columns[columns.length - 1];
    }
}
