package dev.bellman.agent;

import dev.bellman.address.Family;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The agent's metrics. Their names are part of what users build on: none is renamed.
public final class Meters {
    private final MeterRegistry registry;
    private final Timer reconcile;
    private final Timer routes;
    private final Counter failures;
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger ready = new AtomicInteger();
    private final AtomicInteger intended = new AtomicInteger();
    private final AtomicInteger announced = new AtomicInteger();
    private final AtomicInteger established = new AtomicInteger();
    private final AtomicInteger sessions = new AtomicInteger();
    private final AtomicInteger drifted = new AtomicInteger();

    public Meters(MeterRegistry registry) {
        this.registry = registry;
        reconcile = timer("bellman.agent.reconcile", "From an input to its rules and routes.");
        routes = timer("bellman.agent.routes.change", "Telling the speaker of changed routes.");
        failures = Counter.builder("bellman.agent.failures")
                .description("What did not work when it was tried.")
                .register(registry);
        for (Family family : Family.values()) {
            // Here from the beginning: a counter that appears with its first count has no rate.
            rulesChange(family.word());
            rulesDrift(family.word());
        }
        gauge("bellman.agent.input.held", "1 while the newest input is not carried out.", held);
        gauge("bellman.agent.ready", "1 once the plan has been carried out.", ready);
        gauge("bellman.agent.routes.intended", "Prefixes that the node should announce.", intended);
        gauge("bellman.agent.routes.announced", "Prefixes that the speaker says it announces.", announced);
        gauge("bellman.agent.sessions.established", "BGP sessions that are established.", established);
        gauge("bellman.agent.sessions", "BGP sessions that there should be.", sessions);
        gauge("bellman.agent.rules.drifted", "Chains that are not as they should be.", drifted);
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(10))
                .register(registry);
    }

    private void gauge(String name, String description, AtomicInteger value) {
        Gauge.builder(name, value, AtomicInteger::get).description(description).register(registry);
    }

    void turn(long nanos, boolean withInput) {
        if (withInput) {
            reconcile.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    void rulesChanged(String family, long nanos) {
        rulesChange(family).record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer rulesChange(String family) {
        return Timer.builder("bellman.agent.rules.change")
                .description("Loading changed rules into the kernel.")
                .tag("family", family)
                .register(registry);
    }

    void drift(String family, int chains) {
        rulesDrift(family).increment(chains);
    }

    private Counter rulesDrift(String family) {
        return Counter.builder("bellman.agent.rules.drift")
                .description("Chains that somebody else changed.")
                .tag("family", family)
                .register(registry);
    }

    void routesChanged(long nanos) {
        routes.record(nanos, TimeUnit.NANOSECONDS);
    }

    void failed() {
        failures.increment();
    }

    void inputHeld(boolean isHeld) {
        held.set(isHeld ? 1 : 0);
    }

    void status(Status status) {
        ready.set(status.ready() ? 1 : 0);
        intended.set(status.intended().size());
        announced.set(status.speaker().announced().size());
        sessions.set(status.speaker().sessions().size());
        established.set((int) status.speaker().sessions().stream()
                .filter(Speaker.Session::established)
                .count());
        drifted.set(status.rules().values().stream()
                .mapToInt(rules -> rules.drift().size())
                .sum());
    }
}
