package dev.bellman.document;

import dev.bellman.diagnostic.Span;
import org.jspecify.annotations.Nullable;

/// A leaf.
///
/// @param value a String, Long, Double or Boolean, or null for YAML's null (only ever an item of a sequence: nulls in
///     mappings are pruned, as the API server does)
/// @param style how it was written, which decides where a place inside the string stands in the file
public record Scalar(@Nullable Object value, Style style, Span span) implements Node {
    public enum Style {
        PLAIN,
        SINGLE_QUOTED,
        DOUBLE_QUOTED,
        LITERAL,
        FOLDED
    }

    public Scalar {
        if (value != null
                && !(value instanceof String)
                && !(value instanceof Long)
                && !(value instanceof Double)
                && !(value instanceof Boolean)) {
            throw new IllegalArgumentException("not a scalar: " + value.getClass());
        }
    }

    /// A string that no file holds, such as a default from a schema; its place is that of the mapping that lacks it.
    public static Scalar of(Object value, Span span) {
        return new Scalar(value, Style.PLAIN, span);
    }

    @Override
    public String type() {
        return switch (value) {
            case null -> "null";
            case String _ -> "string";
            case Long _ -> "integer";
            case Double _ -> "number";
            case Boolean _ -> "boolean";
            default -> throw new IllegalStateException();
        };
    }
}
