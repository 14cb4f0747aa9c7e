package dev.bellman.document;

import java.util.List;
import java.util.stream.Stream;

/// Work on many things, over several threads where that pays.
public final class Spread {
    private Spread() {}

    /// In order either way. Starting threads for a handful costs a cold run more than it saves.
    ///
    /// @param many from how many on threads pay
    public static <T> Stream<T> over(List<T> things, int many) {
        return things.size() < many ? things.stream() : things.parallelStream();
    }
}
