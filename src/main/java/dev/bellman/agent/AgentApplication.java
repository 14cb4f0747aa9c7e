package dev.bellman.agent;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.inject.Inject;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The agent as a Quarkus application, which gives it metrics and health over HTTP, and signals.
public class AgentApplication implements QuarkusApplication {
    /// Quarkus makes this object itself, so what it is to run waits here.
    private static @Nullable Function<Meters, Running> waiting;

    private final MeterRegistry registry;

    @Inject
    public AgentApplication(MeterRegistry registry) {
        this.registry = registry;
    }

    /// An agent and its source, running.
    public interface Running extends AutoCloseable {
        NodeAgent agent();

        @Override
        void close();
    }

    /// Runs an agent until the process is asked to end.
    ///
    /// @param begin makes and starts it
    /// @return the exit code
    public static int run(Function<Meters, Running> begin) {
        waiting = begin;
        int[] code = new int[1];
        Quarkus.run(AgentApplication.class, (exit, failure) -> code[0] = failure == null ? exit : 2);
        return code[0];
    }

    @Override
    public int run(String... args) {
        Function<Meters, Running> begin = Objects.requireNonNull(waiting);
        try (Running running = begin.apply(new Meters(registry))) {
            AgentEnd.of(running);
            AgentHealth.of(running.agent());
            Quarkus.waitForExit();
        } finally {
            AgentHealth.of(null);
        }
        return 0;
    }
}
