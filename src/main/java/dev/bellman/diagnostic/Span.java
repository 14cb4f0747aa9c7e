package dev.bellman.diagnostic;

import java.util.Comparator;

/// A stretch of text in one file, or an object that has no text.
///
/// Lines and columns count from 1; columns count Unicode code points; the end is exclusive. An object read from a
/// cluster has line 0, and `file` names the object.
public record Span(String file, int line, int column, int endLine, int endColumn) implements Comparable<Span> {
    private static final Comparator<Span> ORDER = Comparator.comparing(Span::file)
            .thenComparingInt(Span::line)
            .thenComparingInt(Span::column)
            .thenComparingInt(Span::endLine)
            .thenComparingInt(Span::endColumn);

    /// One character wide.
    public static Span at(String file, int line, int column) {
        return new Span(file, line, column, line, column + 1);
    }

    /// The whole of a file, when no better place is known.
    public static Span ofFile(String file) {
        return at(file, 1, 1);
    }

    /// An object that was read from a cluster and has no text.
    public static Span ofObject(String object) {
        return new Span(object, 0, 0, 0, 0);
    }

    /// Whether another place begins inside this one.
    public boolean contains(Span other) {
        boolean after = other.line > line || (other.line == line && other.column >= column);
        boolean before = other.line < endLine || (other.line == endLine && other.column < endColumn);
        return file.equals(other.file) && after && before;
    }

    public boolean hasText() {
        return line > 0;
    }

    @Override
    public int compareTo(Span other) {
        return ORDER.compare(this, other);
    }

    /// `file:line:column`, as editors and terminals understand it.
    @Override
    public String toString() {
        return hasText() ? file + ":" + line + ":" + column : file;
    }
}
