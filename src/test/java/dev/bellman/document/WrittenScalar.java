package dev.bellman.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Writes strings as YAML in all the ways that people do, and remembers where each character went.
final class WrittenScalar {
    private static final String INDENT = "    ";

    private final StringBuilder text = new StringBuilder("before: 1\nkey: ");
    private final List<Integer> places = new ArrayList<>();
    private final Random random;
    private final String newline;

    private WrittenScalar(Random random) {
        this.random = random;
        this.newline = random.nextBoolean() ? "\n" : "\r\n";
    }

    /// @param text the document, in which the string is the value of `key`
    /// @param places the UTF-16 offset of each code point that is no white space
    record Written(String text, List<Integer> places) {}

    static Written plain(String value, Random random) {
        WrittenScalar writer = new WrittenScalar(random);
        writer.flow(value, Scalar.Style.PLAIN);
        return writer.written("");
    }

    static Written singleQuoted(String value, Random random) {
        WrittenScalar writer = new WrittenScalar(random);
        writer.text.append('\'');
        writer.flow(value, Scalar.Style.SINGLE_QUOTED);
        return writer.written("'");
    }

    static Written doubleQuoted(String value, Random random) {
        WrittenScalar writer = new WrittenScalar(random);
        writer.text.append('"');
        writer.flow(value, Scalar.Style.DOUBLE_QUOTED);
        return writer.written("\"");
    }

    static Written literal(String value, Random random) {
        WrittenScalar writer = new WrittenScalar(random);
        writer.text.append("|-");
        writer.block(value, false);
        return writer.written("");
    }

    static Written folded(String value, Random random) {
        WrittenScalar writer = new WrittenScalar(random);
        writer.text.append(">-");
        writer.block(value, true);
        return writer.written("");
    }

    private Written written(String end) {
        text.append(end).append("\nafter: 1\n");
        return new Written(text.toString(), places);
    }

    private void flow(String value, Scalar.Style style) {
        int[] points = value.codePoints().toArray();
        for (int i = 0; i < points.length; i++) {
            boolean inside = i > 0 && i + 1 < points.length && isInk(points[i - 1]) && isInk(points[i + 1]);
            if (points[i] == ' ' && inside && random.nextInt(3) == 0) {
                places.add(text.length());
                text.append(newline).append(INDENT);
            } else if (points[i] == '\n' && style != Scalar.Style.DOUBLE_QUOTED) {
                places.add(text.length());
                text.append(newline).append(newline).append(INDENT);
            } else if (style == Scalar.Style.DOUBLE_QUOTED) {
                if (i > 0 && isInk(points[i]) && random.nextInt(8) == 0) {
                    text.append('\\').append(newline).append(INDENT);
                }
                places.add(text.length());
                text.append(escaped(points[i]));
            } else {
                places.add(text.length());
                text.append(
                        style == Scalar.Style.SINGLE_QUOTED && points[i] == '\''
                                ? "''"
                                : Character.toString(points[i]));
            }
        }
    }

    private String escaped(int point) {
        return switch (point) {
            case '\n' -> "\\n";
            case '"', '\\' -> "\\" + (char) point;
            default -> {
                int kind = random.nextInt(12);
                if (kind == 0) {
                    yield "\\U%08X".formatted(point);
                }
                if (kind == 1 && point <= 0xffff) {
                    yield "\\u%04x".formatted(point);
                }
                yield kind == 2 && point <= 0xff ? "\\x%02x".formatted(point) : Character.toString(point);
            }
        };
    }

    private void block(String value, boolean folded) {
        text.append(newline).append(INDENT);
        int[] points = value.codePoints().toArray();
        for (int i = 0; i < points.length; i++) {
            boolean inside = i > 0 && i + 1 < points.length && isInk(points[i - 1]) && isInk(points[i + 1]);
            places.add(text.length());
            if (points[i] == '\n') {
                // A break of its own needs an empty line where single breaks are folded.
                text.append(newline).append(folded ? newline : "").append(INDENT);
            } else if (points[i] == ' ' && folded && inside && random.nextInt(3) == 0) {
                text.append(newline).append(INDENT);
            } else {
                text.appendCodePoint(points[i]);
            }
        }
    }

    static boolean isInk(int point) {
        return point != ' ' && point != '\t' && point != '\n';
    }
}
