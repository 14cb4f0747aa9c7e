package dev.bellman.plan;

import dev.bellman.address.Cidr;
import dev.bellman.address.Ip;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The routes that follow from the plan and the endpoints as they are now.
///
/// @param nodes every known node, sorted by name, also those that announce nothing
/// @param upstream the table of a router that all nodes peer with, in table order; prefixes without next hop are
///     absent
public record Prediction(List<NodeRoutes> nodes, List<UpstreamRoute> upstream) {
    public Prediction {
        nodes = List.copyOf(nodes);
        upstream = List.copyOf(upstream);
    }

    /// What one node announces.
    public record NodeRoutes(String node, List<Announcement> announcements) {
        public NodeRoutes {
            announcements = List.copyOf(announcements);
        }
    }

    /// One route and why it is announced.
    ///
    /// @param service `namespace/name` of the service that owns a host route, or null for a prefix announced whole
    /// @param collateral whether the backend announces it by itself although no policy asked
    public record Announcement(
            Cidr prefix, @Nullable String service, RouteAttributes attributes, boolean collateral, Cause cause) {}

    /// @param nextHops sorted; equal cost
    public record UpstreamRoute(Cidr prefix, List<Ip> nextHops, Cause cause) {
        public UpstreamRoute {
            nextHops = List.copyOf(nextHops);
        }
    }
}
