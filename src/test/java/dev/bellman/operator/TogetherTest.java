package dev.bellman.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Several requests at a time.
class TogetherTest {
    private static final List<Integer> ALL = IntStream.range(0, 100).boxed().toList();

    @Test
    void eachIsAskedForOnceAndWhatIsInTheWayIsItsOwn() {
        AtomicInteger asked = new AtomicInteger();

        Map<Integer, Problem> problems = Together.ask(ALL, () -> true, item -> {
            asked.incrementAndGet();
            return item % 40 == 7 ? new Problem("Conflict", "of " + item, false) : null;
        });

        assertThat(asked).hasValue(100);
        assertThat(problems.keySet()).containsExactlyInAnyOrder(7, 47, 87);
        assertThat(problems.get(47).message()).isEqualTo("of 47");
    }

    @Test
    void anApiServerThatIsAwayIsNotAskedForAll() {
        AtomicInteger asked = new AtomicInteger();

        Map<Integer, Problem> problems = Together.ask(ALL, () -> true, item -> {
            asked.incrementAndGet();
            return Problem.outage("no answer");
        });

        assertThat(asked.get()).isLessThan(ALL.size());
        assertThat(problems).hasSameSizeAs(ALL);
    }

    @Test
    void whoMayWriteNoLongerAsksForNothingMore() {
        assertThat(Together.ask(ALL, () -> false, _ -> {
                    throw new IllegalStateException("asked");
                }))
                .isEmpty();
    }
}
