package dev.bellman.cel;

import dev.bellman.cel.Library.Function;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionOverload;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Kubernetes quantities such as `500m` or `2Gi` (`apiserver/pkg/cel/library/quantity.go`, `apimachinery` resource
/// quantities: rounded up to a multiple of one nano).
final class QuantityFunctions {
    private static final OpaqueType QUANTITY = OpaqueType.create("kubernetes.Quantity");
    private static final Pattern FORM =
            Pattern.compile("([+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+))(?:([eE][+-]?[0-9]+)|([KMGTPE]i|[numkMGTPE]))?");
    private static final Map<String, BigDecimal> FACTORS = Map.ofEntries(
            Map.entry("n", new BigDecimal("1e-9")),
            Map.entry("u", new BigDecimal("1e-6")),
            Map.entry("m", new BigDecimal("1e-3")),
            Map.entry("k", new BigDecimal("1e3")),
            Map.entry("M", new BigDecimal("1e6")),
            Map.entry("G", new BigDecimal("1e9")),
            Map.entry("T", new BigDecimal("1e12")),
            Map.entry("P", new BigDecimal("1e15")),
            Map.entry("E", new BigDecimal("1e18")),
            Map.entry("Ki", binary(1)),
            Map.entry("Mi", binary(2)),
            Map.entry("Gi", binary(3)),
            Map.entry("Ti", binary(4)),
            Map.entry("Pi", binary(5)),
            Map.entry("Ei", binary(6)));

    private QuantityFunctions() {}

    private static BigDecimal binary(int power) {
        return new BigDecimal(BigInteger.ONE.shiftLeft(10 * power));
    }

    static List<Function> all() {
        return List.of(
                Function.global(
                        "isQuantity",
                        SimpleType.BOOL,
                        SimpleType.STRING,
                        String.class,
                        a -> parse((String) a[0]) != null),
                Function.global("quantity", QUANTITY, SimpleType.STRING, String.class, a -> new Quantity(number(a[0]))),
                // Kubernetes documents a method and declares a function.
                Function.global("sign", SimpleType.INT, QUANTITY, Quantity.class, a -> (long) of(a[0]).signum()),
                Function.member("isInteger", SimpleType.BOOL, QUANTITY, Quantity.class, a -> isInteger(of(a[0]))),
                Function.member("asInteger", SimpleType.INT, QUANTITY, Quantity.class, a -> asInteger(of(a[0]))),
                Function.member(
                        "asApproximateFloat", SimpleType.DOUBLE, QUANTITY, Quantity.class, a -> of(a[0]).doubleValue()),
                binary("add", QUANTITY, a -> new Quantity(of(a[0]).add(of(a[1])))),
                withInteger("add", a -> new Quantity(of(a[0]).add(BigDecimal.valueOf((Long) a[1])))),
                binary("sub", QUANTITY, a -> new Quantity(of(a[0]).subtract(of(a[1])))),
                withInteger("sub", a -> new Quantity(of(a[0]).subtract(BigDecimal.valueOf((Long) a[1])))),
                binary("isLessThan", SimpleType.BOOL, a -> of(a[0]).compareTo(of(a[1])) < 0),
                binary("isGreaterThan", SimpleType.BOOL, a -> of(a[0]).compareTo(of(a[1])) > 0),
                binary("compareTo", SimpleType.INT, a -> (long) of(a[0]).compareTo(of(a[1]))));
    }

    private static Function binary(String name, CelType result, CelFunctionOverload body) {
        return Function.member(name, result, QUANTITY, Quantity.class, QUANTITY, Quantity.class, body);
    }

    private static Function withInteger(String name, CelFunctionOverload body) {
        return Function.member(name, QUANTITY, QUANTITY, Quantity.class, SimpleType.INT, Long.class, body);
    }

    private static BigDecimal of(Object value) {
        return ((Quantity) value).held();
    }

    private static BigDecimal number(Object text) {
        BigDecimal number = parse((String) text);
        if (number == null) {
            throw new IllegalArgumentException("`" + text + "` is not a quantity");
        }
        return number;
    }

    private static @Nullable BigDecimal parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return null;
        }
        String exponent = form.group(2);
        String suffix = form.group(3);
        if (exponent != null && exponent.length() > 6) {
            return null;
        }
        BigDecimal number = new BigDecimal(form.group(1) + (exponent == null ? "" : exponent));
        BigDecimal factor = suffix == null ? BigDecimal.ONE : FACTORS.getOrDefault(suffix, BigDecimal.ONE);
        return number.multiply(factor).setScale(9, RoundingMode.UP).stripTrailingZeros();
    }

    private static boolean isInteger(BigDecimal number) {
        return number.stripTrailingZeros().scale() <= 0 && number.toBigInteger().bitLength() < Long.SIZE;
    }

    private static long asInteger(BigDecimal number) {
        if (!isInteger(number)) {
            throw new IllegalArgumentException("cannot convert value to integer");
        }
        return number.longValueExact();
    }

    static final class Quantity extends Opaque<BigDecimal> {
        Quantity(BigDecimal number) {
            // 1.0 and 1 are one quantity, but not one BigDecimal.
            super(QUANTITY, number.stripTrailingZeros());
        }
    }
}
