package dev.bellman.document;

import dev.bellman.diagnostic.SourceText;
import dev.bellman.diagnostic.Span;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds where a character of a string stands in the file that it was written in.
///
/// Quotes, escapes, folded lines and the indentation of a block lie between the two. The way is retraced and the
/// result compared with the string: where they differ, the place is that of the whole string, never a wrong one.
public final class ScalarText {
    private final String text;
    private final StringBuilder value = new StringBuilder();
    private final List<Integer> places = new ArrayList<>();
    private int at;

    private ScalarText(String text, int start) {
        this.text = text;
        this.at = start;
    }

    /// @param offset in code points from the start of the string
    public static Span place(Scalar scalar, @Nullable SourceText source, int offset) {
        Span whole = scalar.span();
        if (source == null || !whole.hasText() || !(scalar.value() instanceof String string)) {
            return whole;
        }
        ScalarText written = new ScalarText(source.text(), source.offset(whole.line(), whole.column()));
        switch (scalar.style()) {
            case PLAIN -> written.flow(source.offset(whole.endLine(), whole.endColumn()), ' ');
            case SINGLE_QUOTED -> written.quoted(source.offset(whole.endLine(), whole.endColumn()), '\'');
            case DOUBLE_QUOTED -> written.quoted(source.offset(whole.endLine(), whole.endColumn()), '"');
            case LITERAL, FOLDED -> written.block(scalar.style() == Scalar.Style.FOLDED);
        }
        int index = string.offsetByCodePoints(0, Math.min(offset, string.codePointCount(0, string.length())));
        boolean same = written.value.toString().startsWith(string.stripTrailing());
        if (!same || written.places.isEmpty()) {
            return whole;
        }
        int place = index < written.places.size() ? written.places.get(index) : written.places.getLast() + 1;
        return source.spanAt(place);
    }

    private void put(char c, int place) {
        value.append(c);
        places.add(place);
    }

    private void quoted(int end, char quote) {
        at++;
        flow(end - 1, quote);
    }

    /// A plain or quoted string: line breaks fold into a space, and each further one stays.
    private void flow(int end, char quote) {
        while (at < end) {
            char c = text.charAt(at);
            if (c == '\n' || c == '\r') {
                fold(end);
            } else if (quote == '"' && c == '\\') {
                escape();
            } else {
                put(c, at);
                at += quote == '\'' && c == '\'' ? 2 : 1;
            }
        }
    }

    private void fold(int end) {
        while (!value.isEmpty()
                && (value.charAt(value.length() - 1) == ' ' || value.charAt(value.length() - 1) == '\t')) {
            value.setLength(value.length() - 1);
            places.removeLast();
        }
        int breaks = 0;
        int start = at;
        while (at < end && Character.isWhitespace(text.charAt(at))) {
            breaks += text.charAt(at++) == '\n' ? 1 : 0;
        }
        if (breaks <= 1) {
            put(' ', start);
        }
        for (int i = 1; i < breaks; i++) {
            put('\n', start);
        }
    }

    private void escape() {
        int start = at;
        char kind = text.charAt(at + 1);
        int digits = switch (kind) {
            case 'x' -> 2;
            case 'u' -> 4;
            case 'U' -> 8;
            default -> 0;
        };
        at += 2 + digits;
        if (digits > 0 && at <= text.length()) {
            String decoded = decoded(text.substring(start + 2, at));
            decoded.chars().forEach(unit -> put((char) unit, start));
            return;
        }
        if (kind == '\n' || kind == '\r') {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            return;
        }
        int named = "0abtnvfre".indexOf(kind);
        put(named < 0 ? kind : "\0\7\b\t\n\13\f\r\33".charAt(named), start);
    }

    private static String decoded(String digits) {
        try {
            int point = Integer.parseInt(digits, 16);
            return Character.isValidCodePoint(point) ? Character.toString(point) : "";
        } catch (NumberFormatException e) {
            return "";
        }
    }

    /// A literal or folded block, from its `|` or `>` on.
    private void block(boolean folded) {
        int line = text.indexOf('\n', at) + 1;
        int indent = -1;
        int pending = 0;
        boolean deeperBefore = false;
        while (line > 0 && line < text.length()) {
            int end = text.indexOf('\n', line);
            end = end < 0 ? text.length() : end;
            int content = line;
            while (content < end && text.charAt(content) == ' ') {
                content++;
            }
            boolean blank = content >= end || text.charAt(content) == '\r';
            if (!blank) {
                if (indent < 0) {
                    indent = content - line;
                }
                if (content - line < indent || indent == 0) {
                    return;
                }
                boolean deeper = text.charAt(line + indent) == ' ' || text.charAt(line + indent) == '\t';
                separate(folded && !deeper && !deeperBefore, pending, line, value.isEmpty());
                for (int i = line + indent; i < end && text.charAt(i) != '\r'; i++) {
                    put(text.charAt(i), i);
                }
                deeperBefore = deeper;
                pending = 0;
            } else {
                pending++;
            }
            line = end + 1;
        }
    }

    /// The line breaks between two lines that have text, of which `blank` lie empty.
    private void separate(boolean fold, int blank, int line, boolean first) {
        int breaks = first ? blank : fold ? blank : blank + 1;
        if (!first && fold && blank == 0) {
            put(' ', line - 1);
        }
        for (int i = 0; i < breaks; i++) {
            put('\n', line - 1);
        }
    }
}
