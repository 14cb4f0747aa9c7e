package dev.bellman.operator;

import dev.bellman.model.Model;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The addresses that were withdrawn lately, by class: one accident may come in many small changes, as when
/// twelve files of a commit are applied one after the other.
final class Withdrawals {
    private static final long WINDOW = Duration.ofMinutes(1).toNanos();

    private final Map<String, Map<String, Long>> lately = new HashMap<>();

    /// @param staying what is advertised again
    /// @param now nanoseconds of a clock that never goes back
    Set<String> of(String className, Set<String> staying, Model model, long now) {
        Map<String, Long> addresses = lately.getOrDefault(className, Map.of());
        if (!addresses.isEmpty()) {
            addresses.values().removeIf(when -> now - when >= WINDOW);
            addresses.keySet().retainAll(Reach.lost(addresses.keySet(), staying, model));
        }
        return new HashSet<>(addresses.keySet());
    }

    /// Counts addresses from now on. What is counted already is as new as the newest for as long as a class is held:
    /// else waiting would do.
    void add(String className, Set<String> addresses, long now) {
        Map<String, Long> known = lately.computeIfAbsent(className, _ -> new HashMap<>());
        addresses.forEach(address -> known.put(address, now));
    }

    /// What was approved is no accident.
    void forget(String className) {
        lately.remove(className);
    }
}
