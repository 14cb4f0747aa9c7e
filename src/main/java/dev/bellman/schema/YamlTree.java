package dev.bellman.schema;

import dev.bellman.diagnostic.Span;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// Reads a definition that Bellman ships, as plain YAML 1.2.
///
/// Manifests of users are read elsewhere, by Kubernetes' own reading of YAML; a definition that is ours has no need of
/// that, so the schema stays free of the reader.
final class YamlTree {
    private YamlTree() {}

    static Mapping resource(String path) {
        try (InputStream stream = YamlTree.class.getResourceAsStream("/" + path)) {
            if (stream == null) {
                throw new IllegalStateException("no class path resource " + path);
            }
            return parse(path, new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Mapping parse(String file, String text) {
        LoadSettings settings = LoadSettings.builder().setLabel(file).build();
        var root = new Compose(settings).composeString(text).orElseThrow();
        return (Mapping) Objects.requireNonNull(node(root, file));
    }

    /// Null for YAML's null, which a definition writes only where it means nothing.
    private static @Nullable Node node(org.snakeyaml.engine.v2.nodes.Node yaml, String file) {
        Span span = span(yaml, file);
        return switch (yaml) {
            case MappingNode mapping ->
                new Mapping(
                        mapping.getValue().stream()
                                .map(tuple -> entry(tuple, file))
                                .filter(Objects::nonNull)
                                .toList(),
                        span);
            case SequenceNode sequence ->
                new Sequence(
                        sequence.getValue().stream()
                                .map(item -> Objects.requireNonNull(node(item, file)))
                                .toList(),
                        span);
            case ScalarNode scalar -> scalar(scalar, span);
            default -> throw new IllegalStateException(file + ": unexpected " + yaml.getNodeType());
        };
    }

    private static Span span(org.snakeyaml.engine.v2.nodes.Node yaml, String file) {
        Mark start = yaml.getStartMark().orElseThrow();
        Mark end = yaml.getEndMark().orElseThrow();
        return new Span(file, start.getLine() + 1, start.getColumn() + 1, end.getLine() + 1, end.getColumn() + 1);
    }

    private static Mapping.@Nullable Entry entry(NodeTuple tuple, String file) {
        Node value = node(tuple.getValueNode(), file);
        Node key = node(tuple.getKeyNode(), file);
        return value == null || !(key instanceof Scalar scalar) ? null : new Mapping.Entry(scalar, value);
    }

    private static @Nullable Scalar scalar(ScalarNode node, Span span) {
        String text = node.getValue();
        Tag tag = node.getTag();
        Scalar.Style style = style(node.getScalarStyle());
        if (tag.equals(Tag.NULL)) {
            return null;
        }
        if (tag.equals(Tag.INT)) {
            return new Scalar(Long.valueOf(text), style, span);
        }
        if (tag.equals(Tag.FLOAT)) {
            return new Scalar(Double.valueOf(text), style, span);
        }
        return new Scalar(tag.equals(Tag.BOOL) ? (Object) Boolean.valueOf(text) : text, style, span);
    }

    private static Scalar.Style style(ScalarStyle style) {
        return switch (style) {
            case SINGLE_QUOTED -> Scalar.Style.SINGLE_QUOTED;
            case DOUBLE_QUOTED, JSON_SCALAR_STYLE -> Scalar.Style.DOUBLE_QUOTED;
            case LITERAL -> Scalar.Style.LITERAL;
            case FOLDED -> Scalar.Style.FOLDED;
            case PLAIN -> Scalar.Style.PLAIN;
        };
    }
}
