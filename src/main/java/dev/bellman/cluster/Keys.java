package dev.bellman.cluster;

import dev.bellman.diagnostic.Span;
import dev.bellman.document.Scalar;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The keys that are in one object of a kind after the other, held once.
final class Keys {
    /// Labels and annotations may have any keys; those of a kind's fields are far fewer.
    private static final int MOST = 4096;

    private final Map<String, Scalar> keys = new ConcurrentHashMap<>();
    private final Span span;

    /// @param span the place of keys, which is none in a single object
    Keys(Span span) {
        this.span = span;
    }

    Span span() {
        return span;
    }

    Scalar of(String text) {
        Scalar known = keys.get(text);
        if (known != null) {
            return known;
        }
        Scalar key = Scalar.of(text, span);
        if (keys.size() < MOST) {
            keys.put(text, key);
        }
        return key;
    }
}
