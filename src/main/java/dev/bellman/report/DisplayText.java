package dev.bellman.report;

/// Text as a terminal shows it: how wide it is, and harmless.
///
/// Control characters and those that turn the writing direction would let a manifest rewrite what the reader sees, so
/// they are replaced by visible ones.
public final class DisplayText {
    private static final int ZERO_WIDTH_JOINER = 0x200D;
    private static final int EMOJI_VARIATION = 0xFE0F;
    private static final char REPLACEMENT = '\uFFFD';

    /// The stretches that Unicode's EastAsianWidth calls wide or fullwidth; emoji are asked of the JDK.
    private static final int[][] WIDE = {
        {0x1100, 0x115F}, {0x2E80, 0x303E}, {0x3041, 0x33FF}, {0x3400, 0x4DBF}, {0x4E00, 0xA4CF}, {0xA960, 0xA97C},
        {0xAC00, 0xD7A3}, {0xF900, 0xFAFF}, {0xFE10, 0xFE19}, {0xFE30, 0xFE6F}, {0xFF01, 0xFF60}, {0xFFE0, 0xFFE6},
        {0x16FE0, 0x18DFF}, {0x1AFF0, 0x1B2FF}, {0x1F200, 0x1F265}, {0x20000, 0x2FFFD}, {0x30000, 0x3FFFD},
    };

    private DisplayText() {}

    /// One line that prints as it reads: newlines and tabs become `\n` and `\t`.
    public static String inline(String text) {
        if (text.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 8);
        text.codePoints().forEach(point -> {
            switch (point) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> out.appendCodePoint(visible(point));
            }
        });
        return out.toString();
    }

    /// The code point, or what stands for it where it would act on the terminal instead of being shown.
    static int visible(int point) {
        if (point < 0x20) {
            return 0x2400 + point;
        }
        if (point == 0x7F) {
            return 0x2421;
        }
        boolean acts = (point >= 0x80 && point < 0xA0)
                || (point >= 0x202A && point <= 0x202E)
                || (point >= 0x2066 && point <= 0x2069)
                || point == 0x200E
                || point == 0x200F
                || point == 0x061C
                || point == 0x2028
                || point == 0x2029
                || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
        return acts ? REPLACEMENT : point;
    }

    /// How many columns a terminal gives the text.
    static int width(String text) {
        int width = 0;
        int before = 0;
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            width += width(before, point);
            before = point;
            i += Character.charCount(point);
        }
        return width;
    }

    /// How many columns a code point adds after the one before it (0 at the start).
    static int width(int before, int point) {
        if (point == EMOJI_VARIATION) {
            return before != 0 && Character.isEmoji(before) && !isWide(before) ? 1 : 0;
        }
        if (before == ZERO_WIDTH_JOINER && Character.isExtendedPictographic(point)) {
            return 0;
        }
        if (Character.isEmojiModifier(point) && Character.isEmojiModifierBase(before)) {
            return 0;
        }
        if (isRegional(point)) {
            return 1; // two of them make one flag, two columns wide
        }
        return switch (Character.getType(point)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> 0;
            case Character.FORMAT -> point == 0xAD ? 1 : 0;
            default -> point >= 0x1160 && point <= 0x11FF ? 0 : isWide(point) ? 2 : 1;
        };
    }

    private static boolean isRegional(int point) {
        return point >= 0x1F1E6 && point <= 0x1F1FF;
    }

    private static boolean isWide(int point) {
        if (point < 0x1100) {
            return false;
        }
        for (int[] range : WIDE) {
            if (point >= range[0] && point <= range[1]) {
                return true;
            }
        }
        return Character.isEmojiPresentation(point);
    }
}
