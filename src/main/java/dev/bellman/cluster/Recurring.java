package dev.bellman.cluster;

import dev.bellman.diagnostic.Span;
import dev.bellman.document.Repeated;
import dev.bellman.document.Scalar;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Keys and texts that are in one object of a kind after the other, held once.
final class Recurring {
    /// Labels and annotations may have any keys; those of a kind's fields are far fewer.
    private static final int MOST_KEYS = 4096;

    private final Repeated texts = new Repeated();
    private final Map<String, Scalar> keys = new ConcurrentHashMap<>();
    private final Span span;

    /// @param span the place of keys, which is none in a single object
    Recurring(Span span) {
        this.span = span;
    }

    String text(String text) {
        return texts.of(text);
    }

    Scalar key(String text) {
        Scalar known = keys.get(text);
        if (known != null) {
            return known;
        }
        Scalar key = Scalar.of(text, span);
        if (keys.size() < MOST_KEYS) {
            keys.put(text, key);
        }
        return key;
    }
}
