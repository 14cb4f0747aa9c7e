package dev.bellman.document;

import dev.bellman.diagnostic.Fix;

/// A fix that puts another string where a string is, in the quotes that it was written in.
public final class Rewrite {
    private Rewrite() {}

    public static Fix of(Node node, String text) {
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
