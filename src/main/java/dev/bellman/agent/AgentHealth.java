package dev.bellman.agent;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/// What `/q/health/live` and `/q/health/ready` say.
@ApplicationScoped
class AgentHealth {
    private static volatile @Nullable NodeAgent agent;

    /// @param running the agent that is meant, or null for none
    static void of(@Nullable NodeAgent running) {
        agent = running;
    }

    /// The loop turns. One that hangs is worth a restart, which changes no rule and no route.
    @Produces
    @Liveness
    HealthCheck live() {
        return () -> {
            NodeAgent running = agent;
            return HealthCheckResponse.named("loop")
                    .status(running == null || running.isAlive())
                    .build();
        };
    }

    /// The plan has been carried out once. A process that is no agent has nothing to say.
    @Produces
    @Readiness
    HealthCheck ready() {
        return () -> {
            NodeAgent running = agent;
            Status status = running == null ? null : running.status();
            return HealthCheckResponse.named("plan")
                    .status(!AgentApplication.isMeant() || (status != null && status.ready()))
                    .build();
        };
    }
}
