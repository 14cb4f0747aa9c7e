package dev.bellman.yaml;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.diagnostic.Span;
import java.util.ArrayList;
import java.util.List;

/// Cuts a text into pieces that are parsed each by itself: at its `---` lines, and JSON after each object.
final class Pieces {
    private final SourceText source;
    private final String text;
    private final List<Piece> pieces = new ArrayList<>();
    private final List<Diagnostic> diagnostics = new ArrayList<>();

    /// @param lineOffset lines of the file before the piece
    /// @param start its first character in the file
    /// @param end the one behind its last
    record Piece(String text, int lineOffset, int start, int end) {}

    private Pieces(SourceText source) {
        this.source = source;
        this.text = source.text();
    }

    static Pieces of(SourceText source) {
        Pieces pieces = new Pieces(source);
        pieces.cut();
        return pieces;
    }

    List<Piece> list() {
        return pieces;
    }

    List<Diagnostic> diagnostics() {
        return diagnostics;
    }

    private void cut() {
        int start = 0;
        int startLine = 1;
        for (int line = 1; line <= source.lines(); line++) {
            int offset = source.offset(line, 1);
            if (separates(offset)) {
                checkSeparator(line);
                add(start, offset, startLine);
                start = offset;
                startLine = line;
            }
        }
        add(start, text.length(), startLine);
    }

    /// `---` at the start of a line ends a document even inside a block scalar.
    private boolean separates(int offset) {
        if (!text.startsWith("---", offset)) {
            return false;
        }
        int next = offset + 3;
        return next == text.length() || Character.isWhitespace(text.charAt(next));
    }

    /// YAML lets a document begin right behind its `---`, kubectl does not.
    private void checkSeparator(int line) {
        String behind = source.line(line).substring(3);
        String content = behind.strip();
        if (!content.isEmpty() && !content.startsWith("#")) {
            int column = 4 + behind.indexOf(content);
            diagnostics.add(new Diagnostic(
                    "yaml-syntax",
                    Severity.ERROR,
                    "nothing but a comment may stand behind `---`",
                    "start the document on the next line: kubectl refuses this one",
                    Span.at(source.file(), line, column),
                    ""));
        }
    }

    private void add(int start, int end, int startLine) {
        if (start == end) {
            return;
        }
        int first = skipWhitespace(start, end);
        if (first < end && text.charAt(first) == '{') {
            addJson(start, end, startLine);
        } else {
            pieces.add(new Piece(text.substring(start, end), startLine - 1, start, end));
        }
    }

    private int skipWhitespace(int start, int end) {
        int at = start;
        while (at < end && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /// JSON objects may follow one another without anything between, as a program prints them.
    private void addJson(int start, int end, int startLine) {
        int from = start;
        int line = startLine;
        int depth = 0;
        boolean quoted = false;
        boolean afterObject = false;
        for (int at = start; at < end; at++) {
            char c = text.charAt(at);
            if (quoted) {
                at += c == '\\' ? 1 : 0;
                quoted = c != '"';
            } else if (c == '{' || c == '[') {
                if (depth == 0 && afterObject) {
                    addJsonObject(from, at, line);
                    line = source.spanAt(at).line();
                    from = at;
                }
                depth++;
            } else if (c == '}' || c == ']') {
                depth--;
                afterObject = depth == 0;
            } else if (!Character.isWhitespace(c)) {
                quoted = c == '"';
                afterObject = false;
            }
        }
        addJsonObject(from, end, line);
    }

    /// Blanks stand for whatever is on the same line before the object, so that columns stay right.
    private void addJsonObject(int start, int end, int line) {
        int first = skipWhitespace(start, end);
        String before = " ".repeat(source.spanAt(start).column() - 1);
        String indentation = text.substring(start, first).replace('\t', ' ');
        pieces.add(new Piece(before + indentation + text.substring(first, end), line - 1, start, end));
    }
}
