package dev.bellman.yaml;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Related;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.Span;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Scalar.Style;
import dev.bellman.document.Sequence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
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
    /// What aliases may add to one document, in nodes. A "billion laughs" passes it within a few lines.
    private static final long MAX_ALIASED = 100_000;

    private final String file;
    private final int lineOffset;
    private final List<Node> documents = new ArrayList<>();
    private final List<Diagnostic> diagnostics = new ArrayList<>();
    private final List<Comment> comments = new ArrayList<>();
    private final Deque<Frame> stack = new ArrayDeque<>();
    private final Map<String, Anchored> anchors = new HashMap<>();
    private long aliased;
    private int skipping;

    private YamlDocuments(String file, int lineOffset) {
        this.file = file;
        this.lineOffset = lineOffset;
    }

    record Chunk(List<Node> documents, List<Diagnostic> diagnostics, List<Comment> comments) {}

    /// A node and how many nodes it stands for once its aliases are followed.
    private record Anchored(@Nullable Node node, long size) {}

    /// A collection that is still open.
    private static final class Frame {
        final boolean mapping;
        final Span start;
        final @Nullable String anchor;
        final List<Mapping.Entry> entries = new ArrayList<>();
        final List<Scalar> empty = new ArrayList<>();
        final List<Node> items = new ArrayList<>();
        final List<Mapping> merged = new ArrayList<>();

        @Nullable
        Scalar key;

        boolean mergeKey;
        Span end;
        long size = 1;

        Frame(boolean mapping, Span start, @Nullable String anchor) {
            this.mapping = mapping;
            this.start = start;
            this.anchor = anchor;
            this.end = start;
        }
    }

    /// Parses one stretch of a file.
    ///
    /// @param lineOffset lines of the file before the stretch
    static Chunk parse(String file, String text, int lineOffset, boolean withComments) {
        YamlDocuments reader = new YamlDocuments(file, lineOffset);
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setCodePointLimit(Integer.MAX_VALUE)
                .setParseComments(withComments)
                .build();
        try {
            ParserImpl parser = new ParserImpl(settings, new StreamReader(settings, text));
            while (parser.hasNext()) {
                reader.accept(parser.next());
            }
        } catch (MarkedYamlEngineException e) {
            reader.syntax(e);
        } catch (YamlEngineException e) {
            reader.report("yaml-syntax", Span.at(file, lineOffset + 1, 1), oneLine(e.getMessage()), "");
        }
        return new Chunk(reader.documents, reader.diagnostics, reader.comments);
    }

    private void accept(Event event) {
        switch (event.getEventId()) {
            case DocumentStart -> {
                stack.clear();
                anchors.clear();
                aliased = 0;
                skipping = 0;
            }
            case Comment -> comment((CommentEvent) event);
            case MappingStart, SequenceStart -> open((CollectionStartEvent) event);
            case MappingEnd, SequenceEnd -> close(event);
            case Scalar -> scalar((ScalarEvent) event);
            case Alias -> alias((AliasEvent) event);
            case StreamStart, StreamEnd, DocumentEnd -> {}
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
        stack.push(new Frame(event.getEventId() == Event.ID.MappingStart, start(event), anchor));
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
        Node node = frame.mapping ? new Mapping(entries(frame), frame.empty, span) : new Sequence(frame.items, span);
        remember(frame.anchor, node, frame.size);
        add(node, frame.size);
    }

    /// The mapping's own entries, then those merged in through `<<` that it does not have itself.
    private static List<Mapping.Entry> entries(Frame frame) {
        if (frame.merged.isEmpty()) {
            return frame.entries;
        }
        List<Mapping.Entry> all = new ArrayList<>(frame.entries);
        for (Mapping base : frame.merged) {
            for (Mapping.Entry entry : base.entries()) {
                boolean own = all.stream().anyMatch(one -> one.name().equals(entry.name()))
                        || frame.empty.stream().anyMatch(key -> entry.name().equals(key.value()));
                if (!own) {
                    all.add(entry);
                }
            }
        }
        return all;
    }

    private void scalar(ScalarEvent event) {
        if (skipping > 0) {
            return;
        }
        Style style = style(event.getScalarStyle());
        Span span = span(event);
        Object value = value(event, style, span);
        boolean block = style == Style.LITERAL || style == Style.FOLDED;
        Scalar scalar = new Scalar(value, style, block ? Span.at(file, span.line(), span.column()) : span);
        remember(event.getAnchor().map(Anchor::getValue).orElse(null), scalar, 1);
        Frame frame = stack.peek();
        boolean merge = frame != null
                && frame.mapping
                && frame.key == null
                && style == Style.PLAIN
                && "<<".equals(event.getValue());
        if (merge) {
            frame.mergeKey = true;
            frame.key = scalar;
            return;
        }
        add(scalar, 1);
        if (block && frame != null) {
            frame.end = trimmed(event, span);
        }
    }

    /// A block scalar's end mark is where the next token starts.
    private Span trimmed(ScalarEvent event, Span span) {
        int lines = (int) event.getValue().lines().count();
        int last = Math.max(span.line(), Math.min(span.endLine() - 1, span.line() + Math.max(lines, 1)));
        return new Span(file, span.line(), span.column(), last, Integer.MAX_VALUE);
    }

    private @Nullable Object value(ScalarEvent event, Style style, Span span) {
        String text = event.getValue();
        Optional<String> tag = event.getTag();
        if (tag.isPresent() && !tag.get().equals("!")) {
            return tagged(tag.get(), text, span);
        }
        return style == Style.PLAIN && tag.isEmpty() ? YamlScalars.resolve(text) : text;
    }

    private @Nullable Object tagged(String tag, String text, Span span) {
        Object resolved = YamlScalars.resolve(text);
        Object value = switch (tag) {
            case "tag:yaml.org,2002:str" -> text;
            case "tag:yaml.org,2002:int" -> resolved instanceof Long ? resolved : null;
            case "tag:yaml.org,2002:float" -> resolved instanceof Long || resolved instanceof Double ? resolved : null;
            case "tag:yaml.org,2002:bool" -> resolved instanceof Boolean ? resolved : null;
            case "tag:yaml.org,2002:timestamp" -> text;
            case "tag:yaml.org,2002:binary" -> binary(text);
            default -> null;
        };
        if (value == null && !tag.equals("tag:yaml.org,2002:null")) {
            report("yaml-syntax", span, "`" + text + "` is not a value of tag " + shortTag(tag), "leave the tag out");
            return text;
        }
        return value;
    }

    private static @Nullable String binary(String text) {
        try {
            return new String(Base64.getMimeDecoder().decode(text), java.nio.charset.StandardCharsets.UTF_8);
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
            report("yaml-syntax", span, message, "define the anchor earlier in the same document");
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
        boolean absent = value instanceof Scalar scalar && scalar.value() == null;
        Scalar earlier = Stream.concat(frame.entries.stream().map(Mapping.Entry::key), frame.empty.stream())
                .filter(other -> Objects.equals(other.value(), key.value()))
                .findFirst()
                .orElse(null);
        if (earlier != null) {
            diagnostics.add(new Diagnostic(
                    "duplicate-key",
                    Severity.ERROR,
                    "key `" + key.value() + "` is there twice",
                    "keep one of them: tools disagree on which one counts",
                    key.span(),
                    "",
                    List.of(new Related(earlier.span(), "the first one is here")),
                    null));
            return;
        }
        if (absent) {
            frame.empty.add(key);
        } else {
            frame.entries.add(new Mapping.Entry(key, value));
        }
    }

    private void merge(Frame frame, Node value) {
        List<Node> bases = value instanceof Sequence sequence ? sequence.items() : List.of(value);
        for (Node base : bases) {
            if (base instanceof Mapping mapping) {
                frame.merged.add(mapping);
            } else {
                report("yaml-syntax", base.span(), "only a mapping can be merged with `<<`", "");
            }
        }
    }

    /// Keys become strings, as the conversion to JSON makes them.
    private Scalar key(Node node) {
        if (node instanceof Scalar scalar && scalar.value() != null) {
            return new Scalar(String.valueOf(scalar.value()), scalar.style(), scalar.span());
        }
        report("yaml-syntax", node.span(), "a key must be a string", "quote it, or write the mapping out");
        return new Scalar("", Style.PLAIN, node.span());
    }

    private void syntax(MarkedYamlEngineException e) {
        Span span = e.getProblemMark().map(this::at).orElse(Span.at(file, lineOffset + 1, 1));
        String problem = oneLine(e.getProblem());
        boolean tab = problem.contains("'\\t") || problem.contains("TAB") || problem.contains("\t");
        String context = oneLine(e.getContext());
        List<Related> related = e.getContextMark().isPresent() && !context.isEmpty() && !tab
                ? List.of(new Related(at(e.getContextMark().get()), context))
                : List.of();
        diagnostics.add(new Diagnostic(
                "yaml-syntax",
                Severity.ERROR,
                tab ? "a tab cannot indent YAML" : problem,
                tab ? "indent with spaces" : "the rest of this document is not read",
                span,
                "",
                related,
                null));
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
