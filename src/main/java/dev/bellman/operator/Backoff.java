package dev.bellman.operator;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// When to try again what could not be written: at once if the object has changed since or something else is to be done
/// with it, else less and less often.
final class Backoff {
    private static final long FIRST = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST = Duration.ofMinutes(5).toNanos();
    /// An API server that was away is back at once, and nobody says so.
    private static final long LONGEST_OUTAGE = Duration.ofSeconds(10).toNanos();

    private final Map<String, Failure> failures = new HashMap<>();

    /// @param what was to be done with the object
    /// @param version of the object when it failed
    private record Failure(
            Class<? extends Change> what,
            Problem problem,
            @Nullable String version,
            long delay,
            long next) {
        boolean isOf(Change change) {
            return change.getClass() == what;
        }
    }

    /// Why something is not tried now, or null if it is to be.
    ///
    /// @param now nanoseconds of a clock that never goes back
    @Nullable
    Problem waits(Change change, @Nullable String version, long now) {
        Failure failure = failures.get(change.object());
        return failure == null
                        || !failure.isOf(change)
                        || now >= failure.next()
                        || !String.valueOf(version).equals(String.valueOf(failure.version()))
                ? null
                : failure.problem();
    }

    /// @return whether it is something else that is in the way than the last time
    boolean failed(Change change, @Nullable String version, Problem problem, long now) {
        Failure last = failures.get(change.object());
        Failure before = last != null && last.isOf(change) ? last : null;
        long delay =
                before == null ? FIRST : Math.min(problem.isOutage() ? LONGEST_OUTAGE : LONGEST, before.delay() * 2);
        failures.put(change.object(), new Failure(change.getClass(), problem, version, delay, now + delay));
        return before == null || !problem.equals(before.problem());
    }

    /// Forgets what there is no more to be written about.
    void retain(Set<String> objects) {
        failures.keySet().retainAll(objects);
    }

    void forget(String object) {
        failures.remove(object);
    }

    /// The next time at which something is to be tried.
    OptionalLong next() {
        return failures.values().stream().mapToLong(Failure::next).min();
    }
}
