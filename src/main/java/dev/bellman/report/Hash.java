package dev.bellman.report;

import dev.bellman.digest.Sha256;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A short hash of a value of JSON, the same for maps in any order.
public final class Hash {
    private static final int BYTES = 8;

    private Hash() {}

    public static String of(Object value) {
        StringBuilder text = new StringBuilder();
        append(text, value);
        return Sha256.hex(text.toString(), BYTES);
    }

    private static void append(StringBuilder text, @Nullable Object value) {
        switch (value) {
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> sorted = new TreeMap<>();
                map.forEach((key, inner) -> sorted.put(String.valueOf(key), inner));
                text.append('{');
                sorted.forEach((key, inner) -> {
                    append(text, key);
                    text.append(':');
                    append(text, inner);
                });
                text.append('}');
            }
            case Iterable<?> list -> {
                text.append('[');
                list.forEach(item -> append(text, item));
                text.append(']');
            }
            case null -> text.append("null");
            default -> {
                String scalar = value.toString();
                text.append(scalar.length()).append('=').append(scalar);
            }
        }
    }
}
