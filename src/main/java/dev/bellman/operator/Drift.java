package dev.bellman.operator;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Notices what somebody else changed: an object that was as this replica wrote it, and then is not, though the same is
/// wanted of it.
final class Drift {
    /// The hash of what was written, by object.
    private final Map<String, Integer> written = new HashMap<>();
    /// Objects that a later pass saw as they had been written.
    private final Set<String> seen = new HashSet<>();

    /// Looks at what a pass found different.
    ///
    /// @param present the objects that there are
    /// @return the objects that somebody else changed
    Set<String> in(List<Change> changes, Set<String> present) {
        Set<String> drifted = changes.stream()
                .filter(change -> seen.contains(change.object())
                        && Integer.valueOf(change.hashCode()).equals(written.get(change.object())))
                .map(Change::object)
                .collect(Collectors.toSet());
        Set<String> different = changes.stream().map(Change::object).collect(Collectors.toSet());
        written.keySet().removeIf(object -> !present.contains(object) && !different.contains(object));
        seen.retainAll(written.keySet());
        written.keySet().stream().filter(object -> !different.contains(object)).forEach(seen::add);
        return drifted;
    }

    /// Hears of a change that was written.
    void wrote(Change change) {
        seen.remove(change.object());
        written.put(change.object(), change.hashCode());
    }
}
