package dev.bellman.plan;

import dev.bellman.model.Dataplane;
import java.util.List;

/// What one node's agent is told. It changes when policy changes, not when pods come and go.
public record NodePlan(
        String node,
        Dataplane dataplane,
        List<PlannedPrefix> prefixes,
        List<PlannedService> services,
        List<PlannedPeer> peers) {
    public NodePlan {
        prefixes = List.copyOf(prefixes);
        services = List.copyOf(services);
        peers = List.copyOf(peers);
    }

    /// The same for another node.
    public NodePlan of(String other) {
        return new NodePlan(other, dataplane, prefixes, services, peers);
    }
}
