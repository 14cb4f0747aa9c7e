package dev.bellman.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DriftTest {
    private static final Change LOCAL = new Change.PatchService("a", "b", "1", "Local", "Cluster", null);
    private static final Change CLUSTER = new Change.PatchService("a", "b", "1", "Cluster", "Cluster", null);
    private static final Set<String> PRESENT = Set.of(LOCAL.object());

    private final Drift drift = new Drift();

    @Test
    void isWhatWasAsItHadBeenWrittenAndIsNotAnyMore() {
        assertThat(drift.in(List.of(LOCAL), PRESENT)).isEmpty();
        drift.wrote(LOCAL);
        drift.in(List.of(), PRESENT);

        assertThat(drift.in(List.of(LOCAL), PRESENT)).containsExactly(LOCAL.object());
    }

    @Test
    void isNotWhatHasNotBeenSeenYet() {
        drift.wrote(LOCAL);

        assertThat(drift.in(List.of(LOCAL), PRESENT)).isEmpty();
    }

    @Test
    void isNotWhatIsWantedOtherwiseNow() {
        drift.wrote(LOCAL);
        drift.in(List.of(), PRESENT);

        assertThat(drift.in(List.of(CLUSTER), PRESENT)).isEmpty();
    }

    @Test
    void isNoObjectThatWentAwayAndCameBack() {
        drift.wrote(LOCAL);
        drift.in(List.of(), PRESENT);
        drift.in(List.of(), Set.of());

        assertThat(drift.in(List.of(LOCAL), PRESENT)).isEmpty();
    }
}
