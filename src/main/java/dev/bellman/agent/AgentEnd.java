package dev.bellman.agent;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jspecify.annotations.Nullable;

/// Has a process that is asked to end wait until its agent has ended. Quarkus waits for what hears of its end, but not
/// for the thread that runs the application.
@ApplicationScoped
class AgentEnd {
    private static volatile AgentApplication.@Nullable Running running;

    /// @param agent which is to end first
    static void of(AgentApplication.Running agent) {
        running = agent;
    }

    void end(@Observes ShutdownEvent event) {
        AgentApplication.Running agent = running;
        if (agent != null) {
            agent.close();
        }
    }
}
