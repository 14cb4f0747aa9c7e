package dev.bellman.diagnostic;

import java.util.Arrays;

/// The text of one file, with its lines found once: for snippets, for fixes and for places inside a scalar.
///
/// A line ends at `\n`, `\r\n` or a lone `\r`. A byte order mark is not part of the text.
public final class SourceText {
    private final String file;
    private final String text;
    private final int[] lineStarts;

    public SourceText(String file, String text) {
        this.file = file;
        this.text = text;
        this.lineStarts = lineStarts(text);
    }

    public String file() {
        return file;
    }

    public String text() {
        return text;
    }

    public int lines() {
        return lineStarts.length;
    }

    /// Line `line` (from 1) without its end, or empty past the last line.
    public String line(int line) {
        if (line < 1 || line > lineStarts.length) {
            return "";
        }
        int start = lineStarts[line - 1];
        int end = line == lineStarts.length ? text.length() : lineStarts[line];
        while (end > start && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
            end--;
        }
        return text.substring(start, end);
    }

    /// The UTF-16 offset of a place; places past the end of a line or of the text are pulled back to it.
    public int offset(int line, int column) {
        if (line < 1) {
            return 0;
        }
        if (line > lineStarts.length) {
            return text.length();
        }
        if (column <= 1) {
            return lineStarts[line - 1];
        }
        String content = line(line);
        int points = Math.min(column - 1, content.codePointCount(0, content.length()));
        return lineStarts[line - 1] + content.offsetByCodePoints(0, Math.max(0, points));
    }

    /// The place of a UTF-16 offset.
    public Span spanAt(int offset) {
        int found = Arrays.binarySearch(lineStarts, offset);
        int line = found >= 0 ? found : -found - 2;
        return Span.at(file, line + 1, text.codePointCount(lineStarts[line], offset) + 1);
    }

    /// The text that a span covers.
    public String slice(Span span) {
        return text.substring(offset(span.line(), span.column()), offset(span.endLine(), span.endColumn()));
    }

    private static int[] lineStarts(String text) {
        int[] starts = new int[16];
        int count = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean ends = c == '\n' || (c == '\r' && (i + 1 == text.length() || text.charAt(i + 1) != '\n'));
            if (ends) {
                if (count == starts.length) {
                    starts = Arrays.copyOf(starts, count * 2);
                }
                starts[count++] = i + 1;
            }
        }
        return Arrays.copyOf(starts, count);
    }
}
