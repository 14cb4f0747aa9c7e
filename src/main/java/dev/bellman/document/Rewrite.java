package dev.bellman.document;

import dev.bellman.diagnostic.Fix;
import org.jspecify.annotations.Nullable;

/// A fix that puts another string where a string is, in the quotes that it was written in.
public final class Rewrite {
    private Rewrite() {}

    /// Null for a block scalar: its place is the `|` or `>`, and the text below it is nobody's typing error.
    public static @Nullable Fix of(Node node, String text) {
        String written = node instanceof Scalar scalar ? quoted(text, scalar.style()) : text;
        return written == null ? null : Fix.replace(node.span(), written);
    }

    private static @Nullable String quoted(String text, Scalar.Style style) {
        return switch (style) {
            case PLAIN -> text;
            case SINGLE_QUOTED -> "'" + text + "'";
            case DOUBLE_QUOTED -> "\"" + text + "\"";
            case LITERAL, FOLDED -> null;
        };
    }
}
