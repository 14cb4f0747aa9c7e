package dev.bellman.operator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// What `/q/health/ready` says of the operator; where none runs, it has nothing to say.
@ApplicationScoped
class OperatorHealth {
    @Produces
    @Readiness
    HealthCheck ready() {
        return () -> HealthCheckResponse.named("cluster")
                .status(OperatorApplication.isReady())
                .build();
    }
}
