package dev.bellman.operator;

import dev.bellman.document.Manifest;
import dev.bellman.document.Scalar;
import dev.bellman.plan.Plan;
import dev.bellman.plan.ServiceDecision;
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
    private final Counter drift;
    private final AtomicInteger services = new AtomicInteger();
    private final AtomicInteger nodes = new AtomicInteger();
    private final AtomicInteger driftedNodes = new AtomicInteger();
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
        drift = Counter.builder("bellman.operator.drift")
                .description("Objects that somebody else had changed, and that were written anew.")
                .register(registry);
        gauge(registry, "bellman.operator.plan.services", "Services that policies are about.", services);
        gauge(registry, "bellman.operator.plan.nodes", "Nodes that are told to announce something.", nodes);
        gauge(registry, "bellman.operator.nodes.drifted", "Nodes whose rules differ from the plan.", driftedNodes);
        gauge(registry, "bellman.operator.pending", "Objects that could not be written.", pending);
        gauge(registry, "bellman.operator.conflicts", "Objects whose fields another manager owns.", conflicts);
        gauge(registry, "bellman.operator.classes.held", "Classes that a guardrail holds back.", held);
        gauge(registry, "bellman.operator.leading", "1 in the replica that writes.", leading);
    }

    private static void gauge(MeterRegistry registry, String name, String description, AtomicInteger value) {
        Gauge.builder(name, value, AtomicInteger::get).description(description).register(registry);
    }

    /// @param drifted how many of the objects that were written somebody else had changed
    void pass(long nanos, int written, int drifted, Map<String, Problem> problems, Hold hold) {
        pass.record(nanos, TimeUnit.NANOSECONDS);
        writes.increment(written);
        drift.increment(drifted);
        pending.set(problems.size());
        conflicts.set((int) problems.values().stream()
                .filter(problem -> problem.reason().equals("Conflict"))
                .count());
        held.set(hold.classes().size());
    }

    /// @param present what agents say of what they do
    void plan(Plan plan, PresentPlans present) {
        services.set((int) plan.decisions().stream()
                .map(ServiceDecision::service)
                .distinct()
                .count());
        nodes.set((int) plan.nodePlans().stream()
                .filter(node -> !node.services().isEmpty() || !node.prefixes().isEmpty())
                .count());
        driftedNodes.set((int)
                present.stored().values().stream().filter(Meters::isDrifted).count());
    }

    private static boolean isDrifted(Manifest nodePlan) {
        return nodePlan.root().at("status", "drift", "count") instanceof Scalar count
                && count.value() instanceof Number chains
                && chains.longValue() > 0;
    }

    void failed() {
        failures.increment();
    }

    void leads(boolean leads) {
        leading.set(leads ? 1 : 0);
    }
}
