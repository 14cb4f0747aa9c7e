package dev.bellman.cluster;

import dev.bellman.diagnostic.Span;
import dev.bellman.document.Scalar;
import org.jspecify.annotations.Nullable;

/// Keys and texts that are in one object after the other, held once. It remembers some of those that it saw last, which
/// suffices, and forgets others, so that it does not grow.
///
/// Several threads may ask at once: at worst a text is held twice.
final class Recurring {
    private static final int PLACES = 4096;
    private static final int LONGEST = 64;

    private final @Nullable String[] texts = new String[PLACES];
    private final @Nullable Scalar[] keys = new Scalar[PLACES];
    private final Span span;

    /// @param span the place of keys, which is none in a single object
    Recurring(Span span) {
        this.span = span;
    }

    String text(String text) {
        if (text.length() > LONGEST) {
            return text;
        }
        int place = place(text);
        String known = texts[place];
        if (known != null && text.equals(known)) {
            return known;
        }
        texts[place] = text;
        return text;
    }

    Scalar key(String text) {
        int place = place(text);
        Scalar known = keys[place];
        if (known != null && text.equals(known.value())) {
            return known;
        }
        Scalar key = Scalar.of(text, span);
        keys[place] = key;
        return key;
    }

    private static int place(String text) {
        int hash = text.hashCode();
        return (hash ^ (hash >>> 16)) & (PLACES - 1);
    }
}
