package dev.bellman.schema;

/// A value as a message shows it: in backquotes, on one line, and not at full length when it is long.
final class Shown {
    private static final int LONGEST = 60;

    private Shown() {}

    static String of(String value) {
        StringBuilder shown = new StringBuilder("`");
        value.codePoints().limit(LONGEST).forEach(point -> {
            switch (point) {
                case '\n' -> shown.append("\\n");
                case '\r' -> shown.append("\\r");
                case '\t' -> shown.append("\\t");
                default -> {
                    if (Character.isISOControl(point)) {
                        shown.append("\\u%04x".formatted(point));
                    } else {
                        shown.appendCodePoint(point);
                    }
                }
            }
        });
        return shown.append(value.codePointCount(0, value.length()) > LONGEST ? "…`" : "`")
                .toString();
    }
}
