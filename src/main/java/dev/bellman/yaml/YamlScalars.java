package dev.bellman.yaml;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a plain scalar means to Kubernetes.
///
/// kubectl, Argo CD and Flux read YAML through sigs.k8s.io/yaml, which resolves scalars as go-yaml v2 does (YAML 1.1
/// with changes), and then converts to JSON: `on` is true, `0777` is 511, `1.0` is the integer 1, a timestamp is a
/// string.
final class YamlScalars {
    private static final Map<String, Object> WORDS = words();
    private static final Pattern FLOAT = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    /// Only where a number begins with a digit or a sign may underscores stand anywhere.
    private static final Pattern STRAY_UNDERSCORE = Pattern.compile("(?<![0-9])_|_(?![0-9])");

    private static final Pattern TIMESTAMP = Pattern.compile("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
            + "([Tt ][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\\.[0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})?)?");
    private static final BigInteger MIN_LONG = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger MAX_ULONG = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    private YamlScalars() {}

    private static Map<String, Object> words() {
        Map<String, Object> words = new HashMap<>();
        for (String word : new String[] {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"}) {
            words.put(word, true);
        }
        for (String word : new String[] {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"}) {
            words.put(word, false);
        }
        for (String word : new String[] {".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"}) {
            words.put(word, Double.POSITIVE_INFINITY);
        }
        for (String word : new String[] {"-.inf", "-.Inf", "-.INF"}) {
            words.put(word, Double.NEGATIVE_INFINITY);
        }
        for (String word : new String[] {".nan", ".NaN", ".NAN"}) {
            words.put(word, Double.NaN);
        }
        return Map.copyOf(words);
    }

    /// A String, Long, Double or Boolean, or null for YAML's null. Only `.inf`, `.nan` and their like are no finite
    /// Double, which JSON cannot say.
    static @Nullable Object resolve(String text) {
        if (text.isEmpty()) {
            return null;
        }
        char first = text.charAt(0);
        if (first == '+' || first == '-' || first == '.' || (first >= '0' && first <= '9')) {
            Object number = number(text);
            return number == null ? WORDS.getOrDefault(text, text) : number;
        }
        if (isNull(text)) {
            return null;
        }
        return WORDS.getOrDefault(text, text);
    }

    private static boolean isNull(String text) {
        return switch (text) {
            case "~", "null", "Null", "NULL" -> true;
            default -> false;
        };
    }

    static @Nullable Object number(String text) {
        Object number = asGo(text);
        return switch (number) {
            case BigInteger unsigned -> unsigned.doubleValue();
            case Double fraction -> asJson(fraction);
            case null, default -> number;
        };
    }

    /// A Long, a BigInteger for what only an unsigned integer holds, or a finite Double; null for what is no number.
    private static @Nullable Object asGo(String text) {
        // Most texts that start like a number are addresses, prefixes, ports or versions: settle those cheaply.
        if (text.indexOf('/') >= 0 || text.indexOf(':') >= 0) {
            return null;
        }
        if (text.startsWith(".") && STRAY_UNDERSCORE.matcher(text).find()) {
            return null;
        }
        String plain = text.indexOf('_') < 0 ? text : text.replace("_", "");
        BigInteger integer = integer(plain);
        if (integer != null) {
            if (integer.compareTo(MIN_LONG) >= 0 && integer.compareTo(MAX_LONG) <= 0) {
                return integer.longValue();
            }
            if (integer.signum() > 0 && integer.compareTo(MAX_ULONG) <= 0) {
                return integer;
            }
        }
        if (!FLOAT.matcher(plain).matches()) {
            return null;
        }
        // What is too large for any number is a string.
        double number = Double.parseDouble(plain);
        return Double.isInfinite(number) ? null : number;
    }

    /// What a number is called where it is a key, or null where kubectl refuses it, as it does what only an unsigned
    /// integer holds.
    static @Nullable String key(String text) {
        Object number = asGo(text);
        return switch (number) {
            case BigInteger _ -> null;
            case Double fraction -> floatKey(fraction.floatValue());
            case null, default -> String.valueOf(number);
        };
    }

    /// Go's `strconv.FormatFloat(number, 'g', -1, 32)`: the conversion keeps no more of a key than that.
    private static String floatKey(float number) {
        String sign = Float.floatToRawIntBits(number) < 0 ? "-" : "";
        if (Float.isInfinite(number)) {
            return sign + ".inf";
        }
        BigDecimal decimal = new BigDecimal(Float.toString(Math.abs(number))).stripTrailingZeros();
        int exponent = decimal.precision() - decimal.scale() - 1;
        if (number == 0 || (exponent >= -4 && exponent < 6)) {
            return sign + decimal.toPlainString();
        }
        String digits = decimal.unscaledValue().toString();
        return String.format(
                Locale.ROOT,
                "%s%s%se%s%02d",
                sign,
                digits.charAt(0),
                digits.length() == 1 ? "" : "." + digits.substring(1),
                exponent < 0 ? "-" : "+",
                Math.abs(exponent));
    }

    /// Whether the tag `!!timestamp` may stand before a text.
    static boolean isTimestamp(String text) {
        return TIMESTAMP.matcher(text).matches();
    }

    /// JSON has one kind of number: what has no fraction reads back as an integer.
    private static Object asJson(double value) {
        return value == Math.rint(value) && Math.abs(value) < 0x1p63 ? (Object) (long) value : (Object) value;
    }

    /// Go's `strconv.ParseInt` with base 0: `0x`, `0o`, `0b`, and a leading zero for octal.
    private static @Nullable BigInteger integer(String text) {
        int start = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        String digits = text.substring(start);
        int radix = 10;
        if (digits.length() > 1 && digits.charAt(0) == '0') {
            char mark = Character.toLowerCase(digits.charAt(1));
            radix = switch (mark) {
                case 'x' -> 16;
                case 'b' -> 2;
                default -> 8;
            };
            digits = digits.substring(mark == 'x' || mark == 'b' || mark == 'o' ? 2 : 1);
        }
        if (digits.isEmpty()) {
            return null;
        }
        for (int i = 0; i < digits.length(); i++) {
            if (Character.digit(digits.charAt(i), radix) < 0) {
                return null;
            }
        }
        BigInteger value = new BigInteger(digits, radix);
        return text.startsWith("-") ? value.negate() : value;
    }
}
