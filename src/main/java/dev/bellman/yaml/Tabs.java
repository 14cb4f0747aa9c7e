package dev.bellman.yaml;

import dev.bellman.diagnostic.SourceText;
import dev.bellman.diagnostic.Span;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;

/// Finds tabs where kubectl's YAML reader takes none, and the library at hand does: on lines without anything else,
/// before a comment, and behind the `-` of an item.
final class Tabs {
    private static final Pattern INDENTATION = Pattern.compile(" *(?:- +)*(?:- *)?\t");
    private static final Pattern NOTHING_ELSE = Pattern.compile("\\s*(#.*)?");
    private static final Pattern DASHES = Pattern.compile(" *(?:- +)*");

    private final SourceText source;
    /// Lines that begin inside a scalar or a flow collection, where tabs are fine.
    private final BitSet inside = new BitSet();
    /// Plain scalars by the line that they end on. The blanks behind one reach over the lines below.
    private final Map<Integer, Plain> plains = new HashMap<>();

    private int depth;
    private int flowStart;

    /// Columns count from 0.
    private record Plain(boolean oneLine, int column, int end) {}

    private Tabs(SourceText source) {
        this.source = source;
    }

    /// What watches the events of a text, or null for one that needs no watching: JSON may be indented by tabs.
    static @Nullable Tabs in(String text) {
        boolean suspicious = text.indexOf('\t') >= 0 && !text.stripLeading().startsWith("{");
        return suspicious ? new Tabs(new SourceText("", text)) : null;
    }

    void accept(Event event) {
        switch (event) {
            case ScalarEvent scalar -> scalar(scalar);
            case CollectionStartEvent start
            when depth > 0 || start.isFlow() -> {
                if (depth++ == 0) {
                    flowStart = line(event.getStartMark().orElseThrow());
                }
            }
            default -> {
                boolean ends = event.getEventId() == Event.ID.MappingEnd || event.getEventId() == Event.ID.SequenceEnd;
                if (ends && depth > 0 && --depth == 0) {
                    inside.set(flowStart + 1, line(event.getEndMark().orElseThrow()) + 1);
                }
            }
        }
    }

    private void scalar(ScalarEvent event) {
        Mark end = event.getEndMark().orElseThrow();
        int start = line(event.getStartMark().orElseThrow());
        boolean block = event.getScalarStyle() == ScalarStyle.LITERAL || event.getScalarStyle() == ScalarStyle.FOLDED;
        // A block scalar ends where the next token starts, which is a line too far.
        int last = block ? line(end) - 1 : line(end);
        if (last > start) {
            inside.set(start + 1, last + 1);
        }
        if (event.getScalarStyle() == ScalarStyle.PLAIN) {
            Mark begin = event.getStartMark().orElseThrow();
            plains.put(line(end), new Plain(line(end) == start, begin.getColumn(), end.getColumn()));
        }
    }

    private static int line(Mark mark) {
        return mark.getLine() + 1;
    }

    /// The first tab that is wrong, without a file and counted from the start of the text, or null.
    @Nullable
    Span first() {
        // The column from which on a tab counts as a blank behind a plain scalar.
        int allowed = Integer.MAX_VALUE;
        for (int line = 1; line <= source.lines(); line++) {
            String text = source.line(line);
            boolean nothing = NOTHING_ELSE.matcher(text).matches();
            Matcher indentation = INDENTATION.matcher(text);
            boolean wrong = !inside.get(line) && indentation.lookingAt();
            if (wrong && !(nothing && indentation.end() > allowed)) {
                return Span.at("", line, indentation.end());
            }
            if (!nothing) {
                allowed = allowedBelow(line, text);
            }
        }
        return null;
    }

    private int allowedBelow(int line, String text) {
        Plain plain = plains.get(line);
        boolean last = plain != null
                && NOTHING_ELSE
                        .matcher(text.substring(text.offsetByCodePoints(0, plain.end())))
                        .matches();
        if (plain == null || !last) {
            return Integer.MAX_VALUE;
        }
        Matcher dashes = DASHES.matcher(text);
        int indent = dashes.lookingAt() ? dashes.end() : 0;
        if (!plain.oneLine()) {
            return 1;
        }
        return plain.column() == indent ? text.lastIndexOf('-', indent) + 1 : indent + 1;
    }
}
