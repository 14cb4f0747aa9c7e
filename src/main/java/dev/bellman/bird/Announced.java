package dev.bellman.bird;

import dev.bellman.address.Cidr;
import dev.bellman.address.Family;
import dev.bellman.address.Ip;
import dev.bellman.model.AdvertisementClass.Backend;
import dev.bellman.model.EndpointSlice;
import dev.bellman.model.EndpointSlice.Endpoint;
import dev.bellman.plan.NodeState;
import dev.bellman.plan.PlannedPrefix;
import dev.bellman.plan.PlannedService;
import dev.bellman.plan.RouteAttributes;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What a node's own speaker announces with the endpoints as they are. Calico's share of a plan is not its
/// business.
public final class Announced {
    private Announced() {}

    /// The prefixes and what travels with each. Nothing without a peer.
    public static NavigableMap<Cidr, RouteAttributes> of(NodeState state) {
        NavigableMap<Cidr, RouteAttributes> routes = new TreeMap<>();
        if (state.plan().peers().isEmpty()) {
            return routes;
        }
        Map<String, List<EndpointSlice>> slices =
                state.slices().stream().collect(Collectors.groupingBy(EndpointSlice::serviceId));
        for (PlannedService service : services(state)) {
            List<EndpointSlice> mine = slices.getOrDefault(service.service(), List.of());
            for (PlannedService.Address address : service.addresses()) {
                Ip ip = address.ip();
                if (ip != null && isDue(service, mine, ip.family(), state.node().name())) {
                    routes.putIfAbsent(ip.host(), service.attributes());
                }
            }
        }
        for (PlannedPrefix prefix : state.plan().prefixes()) {
            if (prefix.backend() == Backend.BIRD) {
                routes.putIfAbsent(prefix.cidr(), prefix.attributes());
            }
        }
        return routes;
    }

    /// Every prefix that the plan may ever have the node announce.
    public static NavigableMap<Cidr, RouteAttributes> allowed(NodeState state) {
        NavigableMap<Cidr, RouteAttributes> allowed = new TreeMap<>();
        for (PlannedService service : services(state)) {
            for (PlannedService.Address address : service.addresses()) {
                if (address.ip() != null) {
                    allowed.putIfAbsent(address.ip().host(), service.attributes());
                }
            }
        }
        for (PlannedPrefix prefix : state.plan().prefixes()) {
            if (prefix.backend() == Backend.BIRD) {
                allowed.putIfAbsent(prefix.cidr(), prefix.attributes());
            }
        }
        return allowed;
    }

    private static List<PlannedService> services(NodeState state) {
        return state.plan().services().stream()
                .filter(service -> service.backend() == Backend.BIRD)
                .toList();
    }

    private static boolean isDue(PlannedService service, List<EndpointSlice> slices, Family family, String node) {
        return slices.stream()
                .filter(slice -> slice.family() == family)
                .flatMap(slice -> slice.endpoints().stream())
                .filter(Endpoint::ready)
                .anyMatch(endpoint -> switch (service.announceWhen()) {
                    case ANY_ENDPOINT -> true;
                    case LOCAL_ENDPOINT -> node.equals(endpoint.nodeName());
                });
    }
}
