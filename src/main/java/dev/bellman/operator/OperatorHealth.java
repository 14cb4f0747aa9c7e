package dev.bellman.operator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/// What `/q/health/live` and `/q/health/ready` say of the operator; where none runs, it has nothing to say.
@ApplicationScoped
class OperatorHealth {
    /// Passes are made. An API server that is away is no reason for a restart, which would not bring it back.
    @Produces
    @Liveness
    HealthCheck live() {
        return () -> HealthCheckResponse.named("passes")
                .status(OperatorApplication.isAlive())
                .build();
    }

    @Produces
    @Readiness
    HealthCheck ready() {
        return () -> HealthCheckResponse.named("cluster")
                .status(OperatorApplication.isReady())
                .build();
    }
}
