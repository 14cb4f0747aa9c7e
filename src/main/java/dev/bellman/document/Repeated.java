package dev.bellman.document;

import org.jspecify.annotations.Nullable;

/// Holds once the words that manifests repeat all the time: keys, kinds, namespaces, the names of nodes.
///
/// Of two words for the same place it forgets the earlier one, so that it does not grow. Several threads may ask at
/// once: at worst a word is held twice.
public final class Repeated {
    /// What is longer is seldom there twice.
    private static final int LONGEST = 64;

    /// A power of two.
    private static final int PLACES = 1 << 13;

    private final @Nullable String[] words = new String[PLACES];

    /// An equal string: one from earlier, if it is still known.
    public String of(String word) {
        if (word.length() > LONGEST) {
            return word;
        }
        int hash = word.hashCode();
        int place = (hash ^ (hash >>> 16)) & (PLACES - 1);
        String known = words[place];
        if (known != null && known.equals(word)) {
            return known;
        }
        words[place] = word;
        return word;
    }
}
