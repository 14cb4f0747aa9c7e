package dev.bellman.schema;

import dev.bellman.diagnostic.Span;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    /// The same object where nothing is left out, as it mostly is.
    @SuppressWarnings("ReferenceEquality") // the very same, not an equal one
    private static Mapping mapping(Mapping mapping, Schema.Fields schema) {
        List<Mapping.Entry> entries = null;
        boolean blank = false;
        for (int i = 0; i < mapping.entries().size(); i++) {
            Mapping.Entry entry = mapping.entries().get(i);
            Schema field = schema.field(entry.name());
            blank |= isBlank(entry.value(), field);
            Node value = entry.value() instanceof Scalar ? entry.value() : node(entry.value(), field);
            if (value != entry.value()) {
                entries = entries == null ? new ArrayList<>(mapping.entries()) : entries;
                entries.set(i, new Mapping.Entry(entry.key(), value));
            }
        }
        if (blank) {
            entries = entries == null ? new ArrayList<>(mapping.entries()) : entries;
            entries.removeIf(entry -> isBlank(entry.value(), schema.field(entry.name())));
        }
        for (Map.Entry<String, Schema> property : schema.defaults().entrySet()) {
            Node written = mapping.get(property.getKey());
            if (written == null || isBlank(written, property.getValue())) {
                Node fallback =
                        Objects.requireNonNull(property.getValue().traits().fallback());
                Node placed = node(placed(fallback, mapping.span()), property.getValue());
                entries = entries == null ? new ArrayList<>(mapping.entries()) : entries;
                entries.add(new Mapping.Entry(Scalar.of(property.getKey(), mapping.span()), placed));
            }
        }
        Node other = schema.others() == null ? null : schema.others().traits().fallback();
        if (other != null && !mapping.empty().isEmpty()) {
            // Keys of a map that have no value.
            entries = entries == null ? new ArrayList<>(mapping.entries()) : entries;
            for (Scalar key : mapping.empty()) {
                entries.add(new Mapping.Entry(key, placed(other, key.span())));
            }
        }
        return entries == null ? mapping : new Mapping(entries, mapping.span());
    }

    private static boolean isBlank(Node value, @Nullable Schema schema) {
        return schema != null
                && schema.traits().blankIsNone()
                && value instanceof Scalar scalar
                && "".equals(scalar.value());
    }

    @SuppressWarnings("ReferenceEquality")
    private static Sequence sequence(Sequence sequence, Schema.Items schema) {
        Schema item = schema.item();
        if (item == null) {
            return sequence;
        }
        Node fallback = item.traits().nullable() ? null : item.traits().fallback();
        List<Node> items = null;
        for (int i = 0; i < sequence.items().size(); i++) {
            Node before = sequence.items().get(i);
            boolean absent = before instanceof Scalar scalar && scalar.value() == null;
            Node after = node(absent && fallback != null ? placed(fallback, before.span()) : before, item);
            if (after != before) {
                items = items == null ? new ArrayList<>(sequence.items()) : items;
                items.set(i, after);
            }
        }
        return items == null ? sequence : new Sequence(items, sequence.span());
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
