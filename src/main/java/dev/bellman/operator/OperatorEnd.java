package dev.bellman.operator;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/// Has a process that is asked to end wait until its operator has ended.
@ApplicationScoped
class OperatorEnd {
    void end(@Observes ShutdownEvent event) {
        OperatorApplication.end();
    }
}
