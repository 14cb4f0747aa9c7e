package dev.bellman.model;

import dev.bellman.address.Cidr;
import dev.bellman.address.Ip;
import dev.bellman.diagnostic.Span;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Typed reading of one mapping. What is absent or of another type reads as nothing: the schema has reported it.
record Fields(Mapping mapping) {
    static Fields of(@Nullable Node node, Span otherwise) {
        return new Fields(node instanceof Mapping mapping ? mapping : new Mapping(List.of(), otherwise));
    }

    Span span() {
        return mapping.span();
    }

    /// Whether a field is given; to the API server null is as good as absent.
    boolean has(String key) {
        Node node = mapping.get(key);
        return node != null && !(node instanceof Scalar scalar && scalar.value() == null);
    }

    /// The place of a field's value, or of the mapping that lacks it.
    Span spanOf(String key) {
        Node node = mapping.get(key);
        return node == null ? mapping.span() : node.span();
    }

    Fields fields(String key) {
        return of(mapping.get(key), mapping.span());
    }

    List<Node> items(String key) {
        return mapping.get(key) instanceof Sequence sequence ? sequence.items() : List.of();
    }

    List<Fields> mappings(String key) {
        return items(key).stream()
                .filter(Mapping.class::isInstance)
                .map(node -> new Fields((Mapping) node))
                .toList();
    }

    @Nullable
    Located<String> string(String key) {
        return string(mapping.get(key));
    }

    private static @Nullable Located<String> string(@Nullable Node node) {
        return node instanceof Scalar scalar && scalar.value() instanceof String text
                ? new Located<>(text, scalar.span())
                : null;
    }

    String stringOr(String key, String otherwise) {
        Located<String> found = string(key);
        return found == null ? otherwise : found.value();
    }

    @Nullable
    Located<Long> integer(String key) {
        if (!(mapping.get(key) instanceof Scalar scalar)) {
            return null;
        }
        return switch (scalar.value()) {
            case Long value -> new Located<>(value, scalar.span());
            // A JSON number has no type of its own: 10.0 is the integer 10 to the API server.
            case Double value
            when value == Math.rint(value) && Math.abs(value) < 0x1p53 ->
                new Located<>(value.longValue(), scalar.span());
            case null, default -> null;
        };
    }

    Located<Long> integerOr(String key, long otherwise) {
        Located<Long> found = integer(key);
        return found == null ? new Located<>(otherwise, spanOf(key)) : found;
    }

    boolean isTrue(String key) {
        return mapping.get(key) instanceof Scalar scalar && Boolean.TRUE.equals(scalar.value());
    }

    boolean isFalse(String key) {
        return mapping.get(key) instanceof Scalar scalar && Boolean.FALSE.equals(scalar.value());
    }

    List<Located<String>> strings(String key) {
        return each(key, Function.identity());
    }

    List<Located<Ip>> ips(String key) {
        return each(key, Ip::parse);
    }

    /// A string field as a value of another type, or null where it does not spell one.
    <T> @Nullable Located<T> parsed(String key, Function<String, @Nullable T> parse) {
        return parsed(string(key), parse);
    }

    <T> List<Located<T>> each(String key, Function<String, ? extends @Nullable T> parse) {
        List<Located<T>> found = new ArrayList<>();
        for (Node node : items(key)) {
            Located<T> item = parsed(string(node), parse);
            if (item != null) {
                found.add(item);
            }
        }
        return List.copyOf(found);
    }

    private static <T> @Nullable Located<T> parsed(
            @Nullable Located<String> text, Function<String, ? extends @Nullable T> parse) {
        if (text == null) {
            return null;
        }
        T value = parse.apply(text.value());
        return value == null ? null : new Located<>(value, text.span());
    }

    /// A map of strings, such as labels.
    Map<String, String> stringMap(String key) {
        Map<String, String> found = new LinkedHashMap<>();
        for (Mapping.Entry entry : fields(key).mapping().entries()) {
            Located<String> value = string(entry.value());
            if (value != null) {
                found.put(entry.name(), value.value());
            }
        }
        return Map.copyOf(found);
    }

    /// The masked prefix that a field spells.
    @Nullable
    Located<Cidr> cidr(String key) {
        return parsed(key, text -> {
            Cidr cidr = Cidr.parse(text);
            return cidr == null ? null : cidr.masked();
        });
    }
}
