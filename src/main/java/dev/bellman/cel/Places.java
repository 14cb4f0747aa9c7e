package dev.bellman.cel;

import java.util.regex.Pattern;

/// Moves the places of problems to where people look for them.
///
/// The engine points to the dot of a selection, the bracket of an index and the parenthesis of a call, and for a whole
/// chain such as `object.metadata.labels.team` to its end.
final class Places {
    /// What may stand between two keys of one chain.
    private static final Pattern CHAIN = Pattern.compile("[\\w.?\\[\\]'\"/-]*");

    private Places() {}

    /// The engine's lines count from 1 and its columns from 0; a place that it does not know is -1.
    ///
    /// @return code points from the start of the text
    static int offset(String text, int line, int column) {
        int offset = 0;
        int[] points = text.codePoints().toArray();
        for (int left = line - 1; left > 0 && offset < points.length; offset++) {
            if (points[offset] == '\n') {
                left--;
            }
        }
        return Math.min(points.length, offset + Math.max(0, column));
    }

    /// The name that is selected or called at a place.
    ///
    /// @param offset in code points, as the answer
    static int ofName(String text, int offset) {
        int[] points = text.codePoints().toArray();
        if (offset >= points.length) {
            return offset;
        }
        return switch (points[offset]) {
            case '.' -> offset + 1;
            case '(' -> {
                int start = offset;
                while (start > 0 && Character.isUnicodeIdentifierPart(points[start - 1])) {
                    start--;
                }
                yield start;
            }
            default -> offset;
        };
    }

    /// The key itself in the chain that ends at a place, with its quote if it has one; else the place.
    static int ofKey(String text, int offset, String key) {
        int end = text.offsetByCodePoints(0, Math.min(offset, text.codePointCount(0, text.length())));
        // The last key of a chain follows its dot, or its bracket and quote.
        for (int start = text.lastIndexOf(key, end + 2); start >= 0; start = text.lastIndexOf(key, start - 1)) {
            if (!CHAIN.matcher(text.substring(Math.min(start, end), end)).matches()) {
                break;
            }
            if (isWhole(text, start, start + key.length())) {
                boolean quoted = text.charAt(start - 1) == '\'' || text.charAt(start - 1) == '"';
                return text.codePointCount(0, quoted ? start - 1 : start);
            }
        }
        return ofName(text, offset);
    }

    private static boolean isWhole(String text, int start, int end) {
        boolean begins = start > 0 && ".?'\"".indexOf(text.charAt(start - 1)) >= 0;
        return begins && (end == text.length() || !Character.isUnicodeIdentifierPart(text.charAt(end)));
    }
}
