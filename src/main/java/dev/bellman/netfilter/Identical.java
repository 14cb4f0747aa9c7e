package dev.bellman.netfilter;

import java.util.List;

/// Whether two lists hold the very same objects. What makes one list after the other keeps the objects that do not
/// change, so that to compare them costs nothing.
public final class Identical {
    private Identical() {}

    @SuppressWarnings("ReferenceEquality")
    public static boolean are(List<?> one, List<?> other) {
        if (one.size() != other.size()) {
            return false;
        }
        for (int i = 0; i < one.size(); i++) {
            if (one.get(i) != other.get(i)) {
                return false;
            }
        }
        return true;
    }
}
