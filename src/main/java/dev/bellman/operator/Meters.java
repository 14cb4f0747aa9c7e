package dev.bellman.operator;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The operator's metrics. Their names are part of what users build on: none is renamed.
final class Meters {
    private final Timer pass;
    private final Counter writes;
    private final Counter failures;
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicInteger conflicts = new AtomicInteger();
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger leading = new AtomicInteger();

    Meters(MeterRegistry registry) {
        pass = Timer.builder("bellman.operator.pass")
                .description("Looking at the whole cluster, and writing what differs.")
                .publishPercentileHistogram()
                .register(registry);
        writes = Counter.builder("bellman.operator.writes")
                .description("Objects written, without statuses and events.")
                .register(registry);
        failures = Counter.builder("bellman.operator.failures")
                .description("Passes that ended in a mistake of Bellman's own.")
                .register(registry);
        gauge(registry, "bellman.operator.pending", "Objects that differ from the plan.", pending);
        gauge(registry, "bellman.operator.conflicts", "Objects whose fields another manager owns.", conflicts);
        gauge(registry, "bellman.operator.classes.held", "Classes that a guardrail holds back.", held);
        gauge(registry, "bellman.operator.leading", "1 in the replica that writes.", leading);
    }

    private static void gauge(MeterRegistry registry, String name, String description, AtomicInteger value) {
        Gauge.builder(name, value, AtomicInteger::get).description(description).register(registry);
    }

    void pass(long nanos, int written, Map<String, Problem> problems, Hold hold) {
        pass.record(nanos, TimeUnit.NANOSECONDS);
        writes.increment(written);
        pending.set(problems.size());
        conflicts.set((int) problems.values().stream()
                .filter(problem -> problem.reason().equals("Conflict"))
                .count());
        held.set(hold.classes().size());
    }

    void failed() {
        failures.increment();
    }

    void leads(boolean leads) {
        leading.set(leads ? 1 : 0);
    }
}
