package dev.bellman.document;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What was made of things the last time, for whoever goes over nearly the same things again and again.
///
/// A thing is known by being the very same object, which costs nothing to tell and is never wrong for things that do
/// not change. For one thread at a time.
///
/// @param <K> what a thing is known by
/// @param <R> what is made of one
public final class Kept<K, R> {
    private IdentityHashMap<K, R> known = new IdentityHashMap<>();

    /// As [Spread#map], but the function is only asked about things that were not there the last time. What was made of
    /// things that are not there any more is forgotten.
    ///
    /// @param key what a thing is known by, or null for one to be asked about every time
    public <T> List<R> map(
            List<T> things, Function<T, @Nullable K> key, int many, Function<? super T, ? extends R> function) {
        List<T> fresh =
                things.stream().filter(thing -> find(key.apply(thing)) == null).toList();
        List<R> made = Spread.map(fresh, many, function);
        IdentityHashMap<K, R> now = new IdentityHashMap<>(things.size());
        List<R> results = new ArrayList<>(things.size());
        int next = 0;
        for (T thing : things) {
            K one = key.apply(thing);
            R result = find(one);
            if (result == null) {
                result = made.get(next);
                next++;
            }
            if (one != null) {
                now.put(one, result);
            }
            results.add(result);
        }
        known = now;
        return results;
    }

    private @Nullable R find(@Nullable K key) {
        return key == null ? null : known.get(key);
    }
}
