package dev.bellman.yaml;

import dev.bellman.document.Mapping;
import dev.bellman.document.Scalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The entries of a mapping that is still open.
///
/// What `<<` merges in and what the mapping says itself are set in the order written, the later over the earlier: so
/// does go-yaml v2, which kubectl reads with, although YAML would let the mapping's own always win.
final class Entries {
    /// Up to here a scan is quicker than a table.
    private static final int FEW = 8;

    private final List<Mapping.Entry> list = new ArrayList<>();
    /// Made when it is needed: hardly any mapping merges.
    private @Nullable Set<String> merged;

    private @Nullable Map<String, Integer> table;

    /// Takes an entry of the mapping's own.
    ///
    /// @return the other one that the mapping has written under this name, or null
    Mapping.@Nullable Entry add(Mapping.Entry entry) {
        int place = place(entry.name());
        if (place < 0) {
            append(entry);
            return null;
        }
        Mapping.Entry earlier = list.set(place, entry);
        return merged != null && merged.remove(entry.name()) ? null : earlier;
    }

    void merge(Mapping base) {
        Set<String> names = merged == null ? new HashSet<>() : merged;
        merged = names;
        for (Mapping.Entry entry : base.entries()) {
            int place = place(entry.name());
            if (place < 0) {
                append(entry);
                names.add(entry.name());
            } else {
                list.set(place, entry);
            }
        }
    }

    /// The API server drops nulls before it looks at anything else.
    List<Mapping.Entry> withoutNulls() {
        return hasNull() ? list.stream().filter(entry -> !isNull(entry)).toList() : list;
    }

    /// The keys of those that were dropped.
    List<Scalar> nulls() {
        return hasNull()
                ? list.stream().filter(Entries::isNull).map(Mapping.Entry::key).toList()
                : List.of();
    }

    /// Of all that is read hardly any has one, and a loop costs less than a stream.
    private boolean hasNull() {
        for (Mapping.Entry entry : list) {
            if (isNull(entry)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNull(Mapping.Entry entry) {
        return entry.value() instanceof Scalar scalar && scalar.value() == null;
    }

    private void append(Mapping.Entry entry) {
        list.add(entry);
        if (table != null) {
            table.put(entry.name(), list.size() - 1);
        }
    }

    private int place(String name) {
        if (list.size() > FEW) {
            return table().getOrDefault(name, -1);
        }
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private Map<String, Integer> table() {
        if (table == null) {
            table = new HashMap<>();
            for (int i = 0; i < list.size(); i++) {
                table.put(list.get(i).name(), i);
            }
        }
        return table;
    }
}
