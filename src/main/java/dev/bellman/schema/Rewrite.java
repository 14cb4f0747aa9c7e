package dev.bellman.schema;

import dev.bellman.diagnostic.Fix;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;

/// A fix that puts another string where a string is, in the quotes that it was written in.
final class Rewrite {
    private Rewrite() {}

    static Fix of(Node node, String text) {
        return Fix.replace(node.span(), node instanceof Scalar scalar ? quoted(text, scalar.style()) : text);
    }

    private static String quoted(String text, Scalar.Style style) {
        return switch (style) {
            case SINGLE_QUOTED -> "'" + text + "'";
            case DOUBLE_QUOTED -> "\"" + text + "\"";
            case PLAIN, LITERAL, FOLDED -> text;
        };
    }
}
