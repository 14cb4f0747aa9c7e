package dev.bellman.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Writes plain values as YAML that every reader takes for the same thing.
///
/// kubectl reads YAML 1.1's words (`on`, `no`, `0777`) as booleans and numbers, other tools do not, so whatever could
/// be read in two ways is quoted. The order of maps is kept; nothing is wrapped.
public final class YamlText {
    private static final Pattern BREAKS = Pattern.compile("[\\p{Cc}\\p{Cs}\\u2028\\u2029\\ufeff\\ufffe\\uffff]");
    // Line ends of YAML 1.1, a byte order mark, and what is no character at all.
    private static final Set<Integer> UNPRINTABLE = Set.of(0x2028, 0x2029, 0xfeff, 0xfffe, 0xffff);
    private static final Set<String> WORDS =
            Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf");
    private static final int LONGEST_WORD = 5;

    private final StringBuilder out = new StringBuilder();

    private YamlText() {}

    /// A value with a remark behind it, such as where it comes from.
    public record Remarked(Object value, String remark) {}

    /// One document, without a `---`.
    ///
    /// @param document a Map of Strings to values; values are Maps, Lists, Strings, Numbers, Booleans or [Remarked]
    public static String of(Map<String, ?> document) {
        YamlText text = new YamlText();
        text.mapping(document, "");
        return text.out.toString();
    }

    private void mapping(Map<?, ?> mapping, String indent) {
        boolean first = true;
        for (Map.Entry<?, ?> entry : mapping.entrySet()) {
            if (!first) {
                out.append(indent);
            }
            first = false;
            out.append(scalar(String.valueOf(entry.getKey()))).append(':');
            below(entry.getValue(), indent, null);
        }
    }

    private void below(@Nullable Object value, String indent, @Nullable String remark) {
        switch (value) {
            case Remarked(Object inner, String text) -> below(inner, indent, text);
            case Map<?, ?> map
            when !map.isEmpty() -> {
                remark(remark);
                out.append('\n').append(indent).append("  ");
                mapping(map, indent + "  ");
            }
            case List<?> list
            when !list.isEmpty() -> {
                remark(remark);
                out.append('\n');
                sequence(list, indent);
            }
            case null, default -> {
                out.append(' ').append(leaf(value));
                remark(remark);
                out.append('\n');
            }
        }
    }

    private void sequence(List<?> items, String indent) {
        for (Object item : items) {
            out.append(indent).append("-");
            Object value = item instanceof Remarked remarked ? remarked.value() : item;
            String remark = item instanceof Remarked remarked ? remarked.remark() : null;
            if (value instanceof Map<?, ?> map && !map.isEmpty()) {
                out.append(' ');
                if (remark == null) {
                    mapping(map, indent + "  ");
                } else {
                    remarkedFirst(map, indent + "  ", remark);
                }
            } else {
                below(value, indent + "  ", remark);
            }
        }
    }

    /// A mapping inside a list has its remark on its first line.
    private void remarkedFirst(Map<?, ?> map, String indent, String remark) {
        YamlText inner = new YamlText();
        inner.mapping(map, indent);
        int end = inner.out.indexOf("\n");
        out.append(inner.out, 0, end);
        remark(remark);
        out.append(inner.out, end, inner.out.length());
    }

    private void remark(@Nullable String remark) {
        if (remark != null && !remark.isEmpty()) {
            // A file may be called anything; a line break in its name must not end the remark.
            boolean harmless = remark.chars().allMatch(c -> c >= ' ' && c <= '~');
            out.append("  # ").append(harmless ? remark : BREAKS.matcher(remark).replaceAll("?"));
        }
    }

    private static String leaf(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Map<?, ?> _ -> "{}";
            case List<?> _ -> "[]";
            case String text -> scalar(text);
            default -> String.valueOf(value);
        };
    }

    private static String scalar(String text) {
        return isWord(text) || isIpv4(text) ? text : quoted(text);
    }

    /// A name or a path that no reader takes for anything but a string. The routes of many nodes are a million lines,
    /// for which a regular expression takes seconds.
    private static boolean isWord(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/';
            if (!letter && (i == 0 || !(isDigit(c) || c == '_' || c == '.' || c == '-'))) {
                return false;
            }
        }
        return !text.isEmpty() && !(text.length() <= LONGEST_WORD && WORDS.contains(text.toLowerCase(Locale.ROOT)));
    }

    /// Four numbers with dots between, and maybe a prefix length.
    private static boolean isIpv4(String text) {
        int dots = 0;
        boolean slash = false;
        boolean digit = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isDigit(c)) {
                digit = true;
            } else if (digit && !slash && (c == '.' || (c == '/' && dots == 3))) {
                dots += c == '.' ? 1 : 0;
                slash = c == '/';
                digit = false;
            } else {
                return false;
            }
        }
        return digit && dots == 3;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isSurrogate(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default -> {
                    boolean printable =
                            (c >= ' ' && c <= '~') || (c >= 0xa0 && !UNPRINTABLE.contains(c) && !isSurrogate(c));
                    if (printable) {
                        quoted.appendCodePoint(c);
                    } else {
                        quoted.append(String.format("\\u%04x", c));
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }
}
