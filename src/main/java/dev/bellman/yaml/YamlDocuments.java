package dev.bellman.yaml;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Related;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.diagnostic.Span;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Repeated;
import dev.bellman.document.Scalar;
import dev.bellman.document.Scalar.Style;
import dev.bellman.document.Sequence;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.CommentEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/// Builds documents from the parser's events, in one pass.
///
/// The library's own composer would give an alias the place of its anchor, stop at the first duplicate key and read
/// scalars by YAML 1.2's rules, so only its parser is used.
final class YamlDocuments {
    /// Deeper than any manifest, and shallow enough for every reader of the tree to recurse.
    private static final int MAX_DEPTH = 200;

    /// The parser's time grows with the square of the depth: what goes on this much deeper ends the document.
    private static final int MAX_SKIPPED_DEPTH = 1_000;
    /// What aliases may add to one document, in nodes. A "billion laughs" passes it within a few lines.
    private static final long MAX_ALIASED = 100_000;
    private static final Pattern PROPERTIES = Pattern.compile("(?:[&!]\\S*\\s+(?:#.*\\s+)*)+");

    private static final Repeated WORDS = new Repeated();
    private static final LoadSettings WITHOUT_COMMENTS = settings(false);
    private static final LoadSettings WITH_COMMENTS = settings(true);

    private final String file;
    private final String text;
    /// The lines of the text, found when a place inside it is first asked for.
    private @Nullable SourceText lines;

    private final int lineOffset;
    private final List<Node> documents = new ArrayList<>();
    private final List<Diagnostic> diagnostics = new ArrayList<>();
    private final List<Comment> comments = new ArrayList<>();
    private final Deque<Frame> stack = new ArrayDeque<>();
    private final Map<String, Anchored> anchors = new HashMap<>();
    private long aliased;
    private int skipping;
    /// How many documents have been read to their end.
    private int whole;

    private YamlDocuments(String file, String text, int lineOffset) {
        this.file = file;
        this.text = text;
        this.lineOffset = lineOffset;
    }

    record Chunk(List<Node> documents, List<Diagnostic> diagnostics, List<Comment> comments) {}

    /// A node and how many nodes it stands for once its aliases are followed.
    private record Anchored(@Nullable Node node, long size) {}

    /// A collection that is still open.
    private static final class Frame {
        final boolean mapping;
        final boolean flow;
        final Span start;
        final @Nullable String anchor;
        final Entries entries = new Entries();
        final List<Node> items = new ArrayList<>();

        @Nullable
        Scalar key;

        boolean mergeKey;
        Span end;
        long size = 1;

        Frame(boolean mapping, boolean flow, Span start, @Nullable String anchor) {
            this.mapping = mapping;
            this.flow = flow;
            this.start = start;
            this.anchor = anchor;
            this.end = start;
        }
    }

    private static LoadSettings settings(boolean withComments) {
        return LoadSettings.builder()
                .setCodePointLimit(Integer.MAX_VALUE)
                .setParseComments(withComments)
                .build();
    }

    /// Parses one stretch of a file.
    ///
    /// @param lineOffset lines of the file before the stretch
    static Chunk parse(String file, String text, int lineOffset, boolean withComments) {
        YamlDocuments reader = new YamlDocuments(file, text, lineOffset);
        Tabs tabs = Tabs.in(text);
        LoadSettings settings = withComments ? WITH_COMMENTS : WITHOUT_COMMENTS;
        try {
            ParserImpl parser = new ParserImpl(settings, new StreamReader(settings, text));
            while (parser.hasNext() && reader.skipping < MAX_SKIPPED_DEPTH) {
                Event event = parser.next();
                reader.accept(event);
                if (tabs != null) {
                    tabs.accept(event);
                }
            }
            if (tabs != null) {
                reader.tab(tabs.first());
            }
        } catch (ReaderException e) {
            reader.unprintable();
        } catch (YamlEngineException e) {
            reader.syntax(e);
        }
        return new Chunk(reader.documents.subList(0, reader.whole), reader.diagnostics, reader.comments);
    }

    private void accept(Event event) {
        switch (event.getEventId()) {
            case DocumentStart -> {
                stack.clear();
                anchors.clear();
                aliased = 0;
                skipping = 0;
                whole = documents.size();
            }
            case Comment -> comment((CommentEvent) event);
            case MappingStart, SequenceStart -> open((CollectionStartEvent) event);
            case MappingEnd, SequenceEnd -> close(event);
            case Scalar -> scalar((ScalarEvent) event);
            case Alias -> alias((AliasEvent) event);
            case DocumentEnd -> whole = documents.size();
            case StreamStart, StreamEnd -> {}
        }
    }

    private void comment(CommentEvent event) {
        switch (event.getCommentType()) {
            case BLANK_LINE -> {}
            case BLOCK -> comments.add(new Comment(event.getValue(), span(event), true));
            case IN_LINE -> comments.add(new Comment(event.getValue(), span(event), false));
        }
    }

    private void open(CollectionStartEvent event) {
        if (skipping > 0 || stack.size() >= MAX_DEPTH) {
            if (skipping++ == 0) {
                report(
                        "yaml-syntax",
                        start(event),
                        "nested more than " + MAX_DEPTH + " levels deep",
                        "no manifest needs this; what lies deeper is not read");
            }
            return;
        }
        String anchor = event.getAnchor().map(Anchor::getValue).orElse(null);
        if (anchor != null) {
            // Until it is closed an alias to it would make the document endless.
            anchors.put(anchor, new Anchored(null, 0));
        }
        boolean named = anchor != null || event.getTag().isPresent();
        Span start = named ? behindProperties(start(event)) : start(event);
        stack.push(new Frame(event.getEventId() == Event.ID.MappingStart, event.isFlow(), start, anchor));
    }

    private void close(Event event) {
        if (skipping > 0) {
            if (--skipping == 0) {
                add(new Scalar(null, Style.PLAIN, start(event)), 1);
            }
            return;
        }
        Frame frame = stack.pop();
        // A flow collection's end event stands on its bracket; a block collection ends where its last child does.
        Span mark = span(event);
        boolean bracket = mark.endColumn() > mark.column() || mark.endLine() > mark.line();
        Span end = bracket ? mark : frame.end;
        Span span = new Span(file, frame.start.line(), frame.start.column(), end.endLine(), end.endColumn());
        Node node = frame.mapping
                ? new Mapping(frame.entries.withoutNulls(), frame.entries.nulls(), span)
                : new Sequence(frame.items, span);
        remember(frame.anchor, node, frame.size);
        add(node, frame.size);
    }

    private void scalar(ScalarEvent event) {
        if (skipping > 0) {
            return;
        }
        Frame frame = stack.peek();
        boolean isKey = frame != null && frame.mapping && frame.key == null;
        Style style = style(event.getScalarStyle());
        boolean named = event.getAnchor().isPresent() || event.getTag().isPresent();
        Span span = named ? behindProperties(span(event)) : span(event);
        Object value = value(event, style, span, isKey);
        if (value instanceof String text) {
            value = WORDS.of(text);
        }
        boolean block = style == Style.LITERAL || style == Style.FOLDED;
        Scalar scalar = new Scalar(value, style, block ? Span.at(file, span.line(), span.column()) : span);
        remember(event.getAnchor().map(Anchor::getValue).orElse(null), scalar, 1);
        if (frame != null && isKey && isMerge(event)) {
            frame.mergeKey = true;
            frame.key = scalar;
            return;
        }
        boolean number = value instanceof Long || value instanceof Double;
        add(isKey && number ? new Scalar(YamlScalars.key(event.getValue()), style, scalar.span()) : scalar, 1);
        if (block && frame != null) {
            frame.end = trimmed(event, span);
        }
    }

    /// The place of the value itself, without its anchor and tag: an empty value has no other than theirs.
    private Span behindProperties(Span span) {
        SourceText source = lines();
        int at = source.offset(span.line() - lineOffset, span.column());
        Matcher properties = PROPERTIES.matcher(text).region(at, text.length());
        Span behind = properties.lookingAt() ? source.spanAt(properties.end()) : source.spanAt(at);
        int line = behind.line() + lineOffset;
        boolean empty = line > span.endLine() || (line == span.endLine() && behind.column() >= span.endColumn());
        boolean point = span.endLine() == span.line() && span.endColumn() == span.column() + 1;
        if (point) {
            return Span.at(file, line, behind.column());
        }
        return empty ? span : new Span(file, line, behind.column(), span.endLine(), span.endColumn());
    }

    private SourceText lines() {
        if (lines == null) {
            lines = new SourceText(file, text);
        }
        return lines;
    }

    private static boolean isMerge(ScalarEvent event) {
        return "<<".equals(event.getValue())
                && event.getTag()
                        .map("tag:yaml.org,2002:merge"::equals)
                        .orElse(event.getScalarStyle() == ScalarStyle.PLAIN);
    }

    /// A block scalar's end mark is where the next token starts.
    private Span trimmed(ScalarEvent event, Span span) {
        int lines = (int) event.getValue().lines().count();
        int last = Math.max(span.line(), Math.min(span.endLine() - 1, span.line() + Math.max(lines, 1)));
        return new Span(file, span.line(), span.column(), last, Integer.MAX_VALUE);
    }

    private @Nullable Object value(ScalarEvent event, Style style, Span span, boolean isKey) {
        String text = event.getValue();
        Optional<String> tag = event.getTag();
        Object value = tag.isPresent()
                ? tagged(tag.get(), text, span)
                : style == Style.PLAIN ? YamlScalars.resolve(text) : text;
        if (value instanceof Double number && !Double.isFinite(number)) {
            if (!isKey) {
                report("yaml-syntax", span, "JSON has no number `" + text + "`", "put it in quotes if it is a text");
            }
            return text;
        }
        return value;
    }

    /// A tag that YAML does not know makes a string.
    private @Nullable Object tagged(String tag, String text, Span span) {
        Object resolved = YamlScalars.resolve(text);
        Object value = switch (tag) {
            case "tag:yaml.org,2002:int" -> resolved instanceof Long ? resolved : null;
            case "tag:yaml.org,2002:float" -> resolved instanceof Long || resolved instanceof Double ? resolved : null;
            case "tag:yaml.org,2002:bool" -> resolved instanceof Boolean ? resolved : null;
            case "tag:yaml.org,2002:timestamp" -> YamlScalars.isTimestamp(text) ? text : null;
            case "tag:yaml.org,2002:binary" -> binary(text);
            case "tag:yaml.org,2002:null" -> resolved;
            default -> text;
        };
        boolean mustBeNull = tag.equals("tag:yaml.org,2002:null");
        if (mustBeNull != (value == null)) {
            report("yaml-syntax", span, "`" + text + "` is not a value of tag " + shortTag(tag), "leave the tag out");
            return text;
        }
        return value;
    }

    private static @Nullable String binary(String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text.replaceAll("[\\r\\n]", ""));
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String shortTag(String tag) {
        return tag.replace("tag:yaml.org,2002:", "!!");
    }

    private void alias(AliasEvent event) {
        if (skipping > 0) {
            return;
        }
        String name = event.getAnchor().orElseThrow().getValue();
        Span span = span(event);
        Anchored anchored = anchors.get(name);
        Node node = anchored == null ? null : anchored.node();
        if (anchored == null || node == null) {
            String message =
                    anchored == null ? "there is no anchor `&" + name + "`" : "`*" + name + "` contains itself";
            String help = anchored == null ? "define the anchor earlier in the same document" : "write the value out";
            report("yaml-syntax", span, message, help);
            add(new Scalar(null, Style.PLAIN, span), 1);
            return;
        }
        aliased += anchored.size();
        if (aliased > MAX_ALIASED) {
            report(
                    "alias-bomb",
                    span,
                    "aliases make this document larger than " + MAX_ALIASED + " values",
                    "write the values out; what this alias stands for is not read");
            add(new Scalar(null, Style.PLAIN, span), 1);
            aliased = Long.MIN_VALUE / 2;
            return;
        }
        if (aliased < 0) {
            add(new Scalar(null, Style.PLAIN, span), 1);
            return;
        }
        add(placed(node, span), anchored.size());
    }

    /// The same value at the alias's place; what lies deeper keeps its own.
    private static Node placed(Node node, Span span) {
        return switch (node) {
            case Mapping mapping -> new Mapping(mapping.entries(), mapping.empty(), span);
            case Sequence sequence -> new Sequence(sequence.items(), span);
            case Scalar scalar -> new Scalar(scalar.value(), scalar.style(), span);
        };
    }

    private void remember(@Nullable String anchor, Node node, long size) {
        if (anchor != null) {
            anchors.put(anchor, new Anchored(node, size));
        }
    }

    private void add(Node node, long size) {
        Frame frame = stack.peek();
        if (frame == null) {
            if (!(node instanceof Scalar scalar && scalar.value() == null)) {
                documents.add(node);
            }
            return;
        }
        frame.end = node.span();
        frame.size += size;
        if (!frame.mapping) {
            frame.items.add(node);
        } else if (frame.key == null) {
            frame.key = key(node);
        } else {
            addValue(frame, frame.key, node);
            frame.key = null;
        }
    }

    private void addValue(Frame frame, Scalar key, Node value) {
        if (frame.mergeKey) {
            frame.mergeKey = false;
            merge(frame, value);
            return;
        }
        if (key.value() == null) {
            return;
        }
        Mapping.Entry earlier = frame.entries.add(new Mapping.Entry(key, value));
        if (earlier != null) {
            diagnostics.add(new Diagnostic(
                    "duplicate-key",
                    Severity.ERROR,
                    "key `" + key.value() + "` is there twice",
                    "keep one of them: tools disagree on which one counts"
                            + (isOfEveryObject(key) ? "; or is a line `---` missing between two objects?" : ""),
                    key.span(),
                    "",
                    List.of(new Related(earlier.key().span(), "the first one is here")),
                    null));
        }
    }

    /// What every object has, and no part of one, at the left margin.
    private static boolean isOfEveryObject(Scalar key) {
        return key.span().column() == 1 && ("apiVersion".equals(key.value()) || "kind".equals(key.value()));
    }

    /// Of several bases the earlier ones win.
    private void merge(Frame frame, Node value) {
        List<Node> bases = value instanceof Sequence sequence ? sequence.items() : List.of(value);
        for (Node base : bases.reversed()) {
            if (base instanceof Mapping mapping) {
                frame.entries.merge(mapping);
            } else if (aliased >= 0) {
                report("yaml-syntax", base.span(), "only a mapping can be merged with `<<`", "");
            }
        }
    }

    /// Keys become strings, as the conversion to JSON makes them. What cannot be one is null.
    private Scalar key(Node node) {
        if (node instanceof Scalar scalar && scalar.value() != null) {
            return scalar.value() instanceof String
                    ? scalar
                    : new Scalar(String.valueOf(scalar.value()), scalar.style(), scalar.span());
        }
        report(
                "yaml-syntax",
                node.span(),
                "a key must be a string",
                help(node.span(), "quote it, or write the mapping out"));
        return new Scalar(null, Style.PLAIN, node.span());
    }

    private void syntax(YamlEngineException e) {
        int directive = directive();
        if (directive > 0) {
            report(
                    "yaml-syntax",
                    Span.at(file, lineOffset + directive, 1),
                    "a directive such as `%YAML` is a document of its own to kubectl",
                    "leave it out");
        } else if (e instanceof MarkedYamlEngineException marked) {
            syntax(marked);
        } else {
            report("yaml-syntax", Span.at(file, lineOffset + 1, 1), oneLine(e.getMessage()), "");
        }
    }

    /// The line of a directive that is cut off from its document, or 0.
    private int directive() {
        SourceText source = lines();
        int line = source.lines();
        while (line > 0 && (source.line(line).isBlank() || source.line(line).startsWith("#"))) {
            line--;
        }
        return source.line(line).startsWith("%") ? line : 0;
    }

    private void syntax(MarkedYamlEngineException e) {
        Span span = e.getProblemMark().map(this::at).orElse(Span.at(file, lineOffset + 1, 1));
        String problem = oneLine(e.getProblem());
        Frame open = stack.peek();
        if (problem.contains("<stream end>") && open != null && open.flow) {
            syntax(
                    open.start,
                    open.mapping ? "this `{` is never closed" : "this `[` is never closed",
                    "close it",
                    List.of());
            return;
        }
        if (problem.contains("'\\t'") || problem.contains("TAB") || problem.contains("\t")) {
            tab(span);
            return;
        }
        String context = oneLine(e.getContext());
        Span begin = e.getContextMark().map(this::at).orElse(span);
        switch (problem) {
            case "found unexpected end of stream" -> syntax(begin, "this quote is never closed", "close it", List.of());
            case "could not find expected ':'" ->
                syntax(begin, "there is no `:` behind this key", "write `key: value`", List.of());
            default -> {
                List<Related> related =
                        begin.equals(span) || context.isEmpty() ? List.of() : List.of(new Related(begin, context));
                ParserWords words = ParserWords.of(problem);
                syntax(span, words.message(), words.help(), related);
            }
        }
    }

    private void syntax(Span span, String message, String help, List<Related> related) {
        diagnostics.add(
                new Diagnostic("yaml-syntax", Severity.ERROR, message, help(span, help), span, "", related, null));
    }

    /// Whoever lints a chart has another mistake than the one that YAML sees in its templates.
    private String help(Span span, String otherwise) {
        int line = span.line() - lineOffset;
        boolean template =
                line >= 1 && line <= lines().lines() && lines().line(line).contains("{{");
        return template
                ? "this looks like a template: check what it renders to, or `exclude` its folder in .bellman.yaml"
                : otherwise;
    }

    private void tab(@Nullable Span place) {
        if (place != null) {
            Span span = place.file().isEmpty() ? Span.at(file, lineOffset + place.line(), place.column()) : place;
            report("yaml-syntax", span, "a tab cannot indent YAML", "indent with spaces");
        }
    }

    private void unprintable() {
        int offset = 0;
        while (offset < text.length() && StreamReader.isPrintable(text.codePointAt(offset))) {
            offset += Character.charCount(text.codePointAt(offset));
        }
        Span span = lines().spanAt(offset);
        int point = offset < text.length() ? text.codePointAt(offset) : 0;
        report(
                "yaml-syntax",
                Span.at(file, lineOffset + span.line(), span.column()),
                "character U+%04X is not allowed".formatted(point),
                "remove it, or write \\u%04x in double quotes".formatted(point));
    }

    private static String oneLine(@Nullable String text) {
        return text == null ? "" : text.replaceAll("\\s+", " ").strip();
    }

    private void report(String rule, Span span, String message, String help) {
        diagnostics.add(new Diagnostic(rule, Severity.ERROR, message, help, span, ""));
    }

    private static Style style(ScalarStyle style) {
        return switch (style) {
            case PLAIN, JSON_SCALAR_STYLE -> Style.PLAIN;
            case SINGLE_QUOTED -> Style.SINGLE_QUOTED;
            case DOUBLE_QUOTED -> Style.DOUBLE_QUOTED;
            case LITERAL -> Style.LITERAL;
            case FOLDED -> Style.FOLDED;
        };
    }

    private Span at(Mark mark) {
        return Span.at(file, lineOffset + mark.getLine() + 1, mark.getColumn() + 1);
    }

    private Span start(Event event) {
        return at(event.getStartMark().orElseThrow());
    }

    private Span span(Event event) {
        Mark start = event.getStartMark().orElseThrow();
        Mark end = event.getEndMark().orElseThrow();
        return new Span(
                file,
                lineOffset + start.getLine() + 1,
                start.getColumn() + 1,
                lineOffset + end.getLine() + 1,
                end.getColumn() + 1);
    }
}
