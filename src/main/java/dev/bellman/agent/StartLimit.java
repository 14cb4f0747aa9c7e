package dev.bellman.agent;

import java.time.Duration;

/// Keeps a program that dies as soon as it is started from being started without end. The first times are free,
/// since a program that was killed should be back at once.
final class StartLimit {
    private static final int FREE = 3;
    private static final int LONGEST_SECONDS = 64;
    private static final Duration LIVES = Duration.ofMinutes(2);

    private long last;
    private int shortLived;

    /// @throws AgentException if it is too early to start again
    void permit() {
        long now = System.nanoTime();
        if (shortLived > 0 && now - last > LIVES.toNanos()) {
            shortLived = 0;
        }
        long wait = shortLived < FREE ? 0 : Math.min(LONGEST_SECONDS, 1L << Math.min(shortLived - FREE, 6));
        long left = wait - Duration.ofNanos(now - last).toSeconds();
        if (shortLived >= FREE && left > 0) {
            throw new AgentException(
                    "BIRD ended " + shortLived + " times soon after it was started; the next try is in " + left + " s");
        }
        last = now;
        shortLived++;
    }
}
