package dev.bellman.plan;

import dev.bellman.address.Cidr;
import dev.bellman.model.AdvertisementClass.Backend;
import dev.bellman.model.RouteMode;
import dev.bellman.model.TrafficPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was decided for one service and one class.
///
/// @param policies who asked, as `namespace/name`, sorted
/// @param trafficPolicy the one that holds once the plan is carried out; null where neither Git nor an inventory says
/// @param addresses those that are advertised, each with the class's prefix that grants it
/// @param hostRoutes whether it gets host routes of its own
public record ServiceDecision(
        String service,
        String className,
        Backend backend,
        List<String> policies,
        @Nullable TrafficPolicy trafficPolicy,
        RouteMode routes,
        boolean hostRoutes,
        List<Granted> addresses,
        RouteAttributes attributes,
        Cause cause) {
    public ServiceDecision {
        policies = List.copyOf(policies);
        addresses = List.copyOf(addresses);
    }

    /// @param prefix null where the address is unknown and several prefixes could grant it
    /// @param announcedWhole whether the prefix itself is announced, so that it covers the address
    public record Granted(
            PlannedService.Address address, @Nullable Cidr prefix, boolean announcedWhole) {}
}
