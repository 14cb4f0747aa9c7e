package dev.bellman.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Problem PROBLEM = new Problem("Conflict", "somebody else's", false);

    private static final Change PATCH = new Change.PatchService("a", "b", "1", "Local", "Cluster", null);
    private static final Change RESTORE = new Change.RestoreService("a", "b", "1", "Cluster");

    private final Backoff backoff = new Backoff();

    @Test
    void waitsLongerEachTimeAndNotAtAllOnceTheObjectHasChanged() {
        backoff.failed(PATCH, "1", PROBLEM, 0);
        assertThat(backoff.waits(PATCH, "1", seconds(0.5))).isEqualTo(PROBLEM);
        assertThat(backoff.waits(PATCH, "1", seconds(1))).isNull();

        backoff.failed(PATCH, "1", PROBLEM, seconds(1));
        assertThat(backoff.waits(PATCH, "1", seconds(2.5))).isEqualTo(PROBLEM);
        assertThat(backoff.waits(PATCH, "2", seconds(2.5))).isNull();
        assertThat(backoff.next()).hasValue(seconds(3));
    }

    @Test
    void anApiServerThatIsAwayIsAskedAtLeastEveryTenSeconds() {
        Problem outage = Problem.outage("cannot write");
        for (int i = 0; i < 20; i++) {
            backoff.failed(PATCH, "1", outage, seconds(100));
        }
        assertThat(backoff.next()).hasValue(seconds(110));
    }

    @Test
    void forgetsWhatThereIsNoMoreToWriteAbout() {
        backoff.failed(PATCH, "1", PROBLEM, 0);

        backoff.retain(Set.of("Service c/d"));

        assertThat(backoff.next()).isEmpty();
    }

    @Test
    void doesNotMakeSomethingElseWaitThatIsToBeDoneWithTheObject() {
        backoff.failed(PATCH, "1", PROBLEM, 0);

        assertThat(backoff.waits(RESTORE, "1", seconds(0.5))).isNull();
    }

    @Test
    void knowsWhatHasBeenSaidBefore() {
        assertThat(backoff.failed(PATCH, "1", PROBLEM, 0)).isTrue();
        assertThat(backoff.failed(PATCH, "2", PROBLEM, seconds(1))).isFalse();
        assertThat(backoff.failed(PATCH, "2", Problem.outage("away"), seconds(2)))
                .isTrue();
        assertThat(backoff.failed(RESTORE, "2", Problem.outage("away"), seconds(2)))
                .isTrue();
        backoff.forget(RESTORE.object());
        assertThat(backoff.failed(RESTORE, "2", Problem.outage("away"), seconds(3)))
                .isTrue();
    }

    private static long seconds(double seconds) {
        return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }
}
