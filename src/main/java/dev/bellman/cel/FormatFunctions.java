package dev.bellman.cel;

import com.google.re2j.Pattern;
import dev.bellman.cel.Library.Function;
import dev.bellman.document.Names;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.OptionalValue;
import java.net.URI;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// `'...'.format([...])` (cel-go's string extension) and Kubernetes' named formats
/// (`apiserver/pkg/cel/library/format.go`).
// The values are immutable in fact; Error Prone wants an annotation on every type below.
@SuppressWarnings("Immutable")
final class FormatFunctions {
    private static final OpaqueType FORMAT = OpaqueType.create("kubernetes.NamedFormat");
    private static final ListType LIST = ListType.create(SimpleType.DYN);

    private static final Pattern UUID =
            Pattern.compile("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$");

    private static final Map<String, Named> NAMED = named();

    private FormatFunctions() {}

    record Named(String problem, Predicate<String> test) {}

    static List<Function> all() {
        List<Function> functions = new ArrayList<>();
        functions.add(Function.member(
                "format",
                SimpleType.STRING,
                SimpleType.STRING,
                String.class,
                LIST,
                List.class,
                a -> format((String) a[0], (List<?>) a[1])));
        functions.add(
                Function.global("format.named", OptionalType.create(FORMAT), SimpleType.STRING, String.class, a -> {
                    Named named = NAMED.get(a[0]);
                    return named == null ? OptionalValue.EMPTY : OptionalValue.create(new Format(named));
                }));
        NAMED.forEach((name, named) -> functions.add(new Function(
                "format." + name,
                "bellman_format_" + name,
                false,
                FORMAT,
                List.of(),
                List.of(),
                _ -> new Format(named))));
        functions.add(Function.member(
                "validate",
                OptionalType.create(ListType.create(SimpleType.STRING)),
                FORMAT,
                Format.class,
                SimpleType.STRING,
                String.class,
                a -> ((Format) a[0]).validate((String) a[1])));
        return functions;
    }

    /// The test of a named format, or null if there is none of this name.
    static @Nullable Predicate<String> test(String name) {
        Named named = NAMED.get(name);
        return named == null ? null : named.test();
    }

    private static Map<String, Named> named() {
        Map<String, Named> named = new LinkedHashMap<>();
        named.put(
                "dns1123Label",
                new Named(
                        "must be a lower case DNS-1123 label of at most 63 characters",
                        text -> text.length() <= 63 && Names.isLabel(text)));
        named.put(
                "dns1123Subdomain",
                new Named(
                        "must be a lower case DNS-1123 subdomain of at most 253 characters",
                        text -> text.length() <= 253 && Names.isSubdomain(text)));
        named.put(
                "dns1035Label",
                new Named(
                        "must be a lower case DNS-1035 label of at most 63 characters",
                        text -> text.length() <= 63 && Names.startsWithLetter(text)));
        named.put(
                "qualifiedName",
                new Named("must be a qualified name such as example.com/name", FormatFunctions::qualified));
        named.put(
                "labelValue",
                new Named(
                        "must be empty or a label value of at most 63 characters",
                        text -> text.isEmpty() || (text.length() <= 63 && Names.isQualified(text))));
        named.put("uri", new Named("must be an absolute URI", FormatFunctions::uri));
        named.put("uuid", new Named("must be a UUID", UUID::matches));
        named.put("byte", new Named("must be base64", FormatFunctions::base64));
        named.put("date", new Named("must be a date such as 2006-01-02", text -> parses(() -> LocalDate.parse(text))));
        named.put(
                "datetime",
                new Named(
                        "must be a time such as 2006-01-02T15:04:05Z",
                        text -> parses(() -> OffsetDateTime.parse(text.toUpperCase(Locale.ROOT)))));
        return named;
    }

    private static boolean qualified(String text) {
        String[] parts = text.split("/", -1);
        String name = parts[parts.length - 1];
        boolean prefix =
                parts.length == 1 || (parts.length == 2 && parts[0].length() <= 253 && Names.isSubdomain(parts[0]));
        return prefix && name.length() <= 63 && Names.isQualified(name);
    }

    private static boolean uri(String text) {
        try {
            return URI.create(text).isAbsolute() || text.startsWith("/");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean base64(String text) {
        try {
            Base64.getDecoder().decode(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private interface Parse {
        Object parse();
    }

    private static boolean parses(Parse parse) {
        try {
            return parse.parse() != null;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /// `%s`, `%d`, `%f`, `%e`, `%b`, `%o`, `%x`, `%X` and `%%`, with a precision for `%f` and `%e`.
    private static String format(String template, List<?> arguments) {
        StringBuilder out = new StringBuilder();
        int next = 0;
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c != '%') {
                out.append(c);
                continue;
            }
            int start = ++i;
            while (i < template.length() && (Character.isDigit(template.charAt(i)) || template.charAt(i) == '.')) {
                i++;
            }
            if (i == template.length()) {
                throw new IllegalArgumentException("unexpected end of format string");
            }
            char clause = template.charAt(i);
            if (clause == '%') {
                out.append('%');
                continue;
            }
            if (next == arguments.size()) {
                throw new IllegalArgumentException("index " + next + " out of range");
            }
            out.append(clause(clause, template.substring(start, i), arguments.get(next++)));
        }
        return out.toString();
    }

    private static String clause(char clause, String precision, Object value) {
        return switch (clause) {
            case 's' -> text(value);
            case 'd' -> String.valueOf(integer(value));
            case 'b' -> value instanceof Boolean truth ? (truth ? "1" : "0") : Long.toBinaryString(integer(value));
            case 'o' -> Long.toOctalString(integer(value));
            case 'x', 'X' -> hexadecimal(value, clause == 'X');
            case 'f', 'e' -> {
                if (!(value instanceof Number number)) {
                    throw new IllegalArgumentException("%" + clause + " needs a number");
                }
                String digits = precision.startsWith(".") ? precision : ".6";
                yield String.format(Locale.ROOT, "%" + digits + clause, number.doubleValue());
            }
            default -> throw new IllegalArgumentException("unrecognized formatting clause \"" + clause + "\"");
        };
    }

    private static long integer(Object value) {
        if (value instanceof Long number) {
            return number;
        }
        throw new IllegalArgumentException("an integer is needed, not " + text(value));
    }

    private static String hexadecimal(Object value, boolean upper) {
        String hex = value instanceof String text
                ? java.util.HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                : Long.toHexString(integer(value));
        return upper ? hex.toUpperCase(Locale.ROOT) : hex;
    }

    /// Lists and maps as CEL writes them, maps in the order of their keys.
    private static String text(Object value) {
        return switch (value) {
            case List<?> list ->
                "[" + String.join(", ", list.stream().map(FormatFunctions::text).toList()) + "]";
            case Map<?, ?> map ->
                "{"
                        + String.join(
                                ", ",
                                map.entrySet().stream()
                                        .map(entry -> text(entry.getKey()) + ": " + text(entry.getValue()))
                                        .sorted()
                                        .toList())
                        + "}";
            case Double number
            when number == Math.rint(number) && Math.abs(number) < 1e15 -> String.valueOf(number.longValue());
            default -> String.valueOf(value);
        };
    }

    static final class Format extends Opaque<Named> {
        Format(Named named) {
            super(FORMAT, named);
        }

        OptionalValue<?, ?> validate(String text) {
            return held().test().test(text) ? OptionalValue.EMPTY : OptionalValue.create(List.of(held().problem()));
        }
    }
}
