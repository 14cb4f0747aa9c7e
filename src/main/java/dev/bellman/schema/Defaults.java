package dev.bellman.schema;

import dev.bellman.diagnostic.Span;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Sets what a definition says for fields that are left out.
///
/// A default stands at the place of the mapping that lacks it, so that a finding about it points to text that exists.
/// A default is never given to a field of an object that is itself left out (apiextensions-apiserver's
/// `defaulting.Default`).
public final class Defaults {
    private Defaults() {}

    public static Mapping apply(Mapping object, ResourceKind kind) {
        return mapping(object, kind.root());
    }

    static Node node(Node node, @Nullable Schema schema) {
        return switch (node) {
            case Mapping mapping when schema instanceof Schema.Fields fields -> mapping(mapping, fields);
            case Sequence sequence when schema instanceof Schema.Items items -> sequence(sequence, items);
            case Mapping _, Sequence _, Scalar _ -> node;
        };
    }

    private static Mapping mapping(Mapping mapping, Schema.Fields schema) {
        List<Mapping.Entry> entries = new ArrayList<>(mapping.entries().size());
        boolean changed = false;
        for (Mapping.Entry entry : mapping.entries()) {
            Schema field = schema.field(entry.name());
            if (isNone(entry.value(), field)) {
                changed = true;
                continue;
            }
            Node value = node(entry.value(), field);
            boolean same = isSame(value, entry.value());
            changed |= !same;
            entries.add(same ? entry : new Mapping.Entry(entry.key(), value));
        }
        for (Map.Entry<String, Schema> property : schema.defaulted().entrySet()) {
            Node value = property.getValue().traits().fallback();
            if (value != null && isNone(mapping.get(property.getKey()), property.getValue())) {
                Node placed = node(placed(value, mapping.span()), property.getValue());
                entries.add(new Mapping.Entry(Scalar.of(property.getKey(), mapping.span()), placed));
                changed = true;
            }
        }
        Node fallback =
                schema.others() == null ? null : schema.others().traits().fallback();
        if (fallback != null) {
            // A key of a map that has no value.
            for (Scalar key : mapping.empty()) {
                entries.add(new Mapping.Entry(key, placed(fallback, key.span())));
                changed = true;
            }
        }
        return changed ? new Mapping(entries, List.of(), mapping.span()) : mapping;
    }

    /// What got no default is not copied. To compare by value would cost more than copying does.
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(Node value, Node written) {
        return value == written;
    }

    private static boolean isNone(@Nullable Node value, @Nullable Schema schema) {
        if (value == null) {
            return true;
        }
        return schema != null
                && schema.traits().blankIsNone()
                && value instanceof Scalar scalar
                && "".equals(scalar.value());
    }

    private static Sequence sequence(Sequence sequence, Schema.Items schema) {
        Schema item = schema.item();
        if (item == null) {
            return sequence;
        }
        List<Node> items = new ArrayList<>(sequence.items().size());
        boolean changed = false;
        for (Node node : sequence.items()) {
            Node fallback = item.traits().fallback();
            boolean absent = node instanceof Scalar scalar
                    && scalar.value() == null
                    && !item.traits().nullable();
            Node value = node(absent && fallback != null ? placed(fallback, node.span()) : node, item);
            changed |= !isSame(value, node);
            items.add(value);
        }
        return changed ? new Sequence(items, sequence.span()) : sequence;
    }

    private static Node placed(Node node, Span span) {
        return switch (node) {
            case Mapping mapping ->
                new Mapping(
                        mapping.entries().stream()
                                .map(entry ->
                                        new Mapping.Entry(Scalar.of(entry.name(), span), placed(entry.value(), span)))
                                .toList(),
                        span);
            case Sequence sequence ->
                new Sequence(
                        sequence.items().stream()
                                .map(item -> placed(item, span))
                                .toList(),
                        span);
            case Scalar scalar -> new Scalar(scalar.value(), scalar.style(), span);
        };
    }
}
