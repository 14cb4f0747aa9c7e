package dev.bellman.agent;

import dev.bellman.daemon.Daemon;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The agent as a Quarkus application, which gives it metrics and health over HTTP, and signals.
public class AgentApplication implements QuarkusApplication {
    /// Quarkus makes this object itself, so what it is to run waits here.
    private static @Nullable Function<Surroundings, Running> waiting;

    private final Surroundings surroundings;

    @Inject
    public AgentApplication(MeterRegistry registry, Instance<KubernetesClient> client) {
        this.surroundings = new Surroundings(new Meters(registry), client::get);
    }

    /// What Quarkus has for an agent.
    ///
    /// @param client of the API server, made when it is asked for
    public record Surroundings(Meters meters, Supplier<KubernetesClient> client) {}

    /// Whether this process is an agent.
    static boolean isMeant() {
        return waiting != null;
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
    /// @throws dev.bellman.daemon.StartException if it cannot be started
    public static int run(Function<Surroundings, Running> begin) {
        waiting = begin;
        return Daemon.run(AgentApplication.class);
    }

    @Override
    public int run(String... args) {
        Function<Surroundings, Running> begin = Objects.requireNonNull(waiting);
        try (Running running = begin.apply(surroundings)) {
            AgentEnd.of(running);
            AgentHealth.of(running.agent());
            Quarkus.waitForExit();
        } finally {
            AgentHealth.of(null);
        }
        return 0;
    }
}
