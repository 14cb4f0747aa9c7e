package dev.bellman.bird;

import dev.bellman.address.Cidr;
import dev.bellman.address.Family;
import dev.bellman.model.AdvertisementClass.Backend;
import dev.bellman.model.EndpointSlice;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.NodeState;
import dev.bellman.plan.PlannedPrefix;
import dev.bellman.plan.PlannedService;
import dev.bellman.plan.PlannedService.Address;
import dev.bellman.plan.RouteAttributes;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/// Decides what a node announces with the endpoints as they are: what the compiler predicts for it, computed on
/// the node itself.
public final class Announced {
    private final String node;
    private final Map<Key, Ready> ready = new HashMap<>();

    private record Key(String service, Family family) {}

    private enum Ready {
        ELSEWHERE,
        HERE
    }

    private Announced(NodeState state, Set<String> services) {
        node = state.node().name();
        for (EndpointSlice slice : state.slices()) {
            if (services.contains(slice.serviceId())) {
                add(slice);
            }
        }
    }

    private void add(EndpointSlice slice) {
        Key key = new Key(slice.serviceId(), slice.family());
        for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
            if (endpoint.ready()) {
                // Not everything that is an endpoint is on a node of the cluster.
                ready.merge(
                        key,
                        node.equals(endpoint.nodeName()) ? Ready.HERE : Ready.ELSEWHERE,
                        (one, other) -> one.compareTo(other) > 0 ? one : other);
            }
        }
    }

    /// The prefixes of the Bird backend and what travels with each. A node that has nobody to speak to announces
    /// nothing, and neither does one that its label excludes, even by a plan from before it was.
    ///
    /// Where several want the same prefix, the first gives it its attributes: prefixes before services, then by
    /// the name of the class or of the service.
    public static NavigableMap<Cidr, RouteAttributes> of(NodeState state) {
        NavigableMap<Cidr, RouteAttributes> routes = new TreeMap<>();
        NodePlan plan = state.plan();
        if (plan.peers().isEmpty() || state.node().excluded()) {
            return routes;
        }
        List<PlannedService> services = services(plan);
        Announced announced = new Announced(
                state,
                new HashSet<>(services.stream().map(PlannedService::service).toList()));
        prefixes(plan).forEach(prefix -> routes.putIfAbsent(prefix.cidr(), prefix.attributes()));
        for (PlannedService service : services) {
            for (Cidr route : routes(service)) {
                if (announced.wants(service, route.family())) {
                    routes.putIfAbsent(route, service.attributes());
                }
            }
        }
        return routes;
    }

    /// What travels with each prefix that the Bird backend may announce as long as the plan holds.
    public static NavigableMap<Cidr, RouteAttributes> attributes(NodePlan plan) {
        NavigableMap<Cidr, RouteAttributes> attributes = new TreeMap<>();
        prefixes(plan).forEach(prefix -> attributes.putIfAbsent(prefix.cidr(), prefix.attributes()));
        services(plan)
                .forEach(service ->
                        routes(service).forEach(route -> attributes.putIfAbsent(route, service.attributes())));
        return attributes;
    }

    /// All that the Bird backend may announce as long as the plan holds, whatever the endpoints do, and for
    /// whom, in words.
    static NavigableMap<Cidr, String> possible(NodePlan plan) {
        NavigableMap<Cidr, String> possible = new TreeMap<>();
        prefixes(plan).forEach(prefix -> add(possible, prefix.cidr(), "prefix of class " + prefix.className()));
        for (PlannedService service : services(plan)) {
            routes(service).forEach(route -> add(possible, route, origin(service)));
        }
        return possible;
    }

    private static void add(NavigableMap<Cidr, String> possible, Cidr cidr, String origin) {
        possible.merge(cidr, origin, (one, other) -> one.equals(other) ? one : one + "; " + other);
    }

    private boolean wants(PlannedService service, Family family) {
        Ready found = ready.get(new Key(service.service(), family));
        return switch (service.announceWhen()) {
            case LOCAL_ENDPOINT -> found == Ready.HERE;
            case ANY_ENDPOINT -> found != null;
        };
    }

    private static List<PlannedPrefix> prefixes(NodePlan plan) {
        return plan.prefixes().stream()
                .filter(prefix -> prefix.backend() == Backend.BIRD)
                .sorted(Comparator.comparing(PlannedPrefix::className))
                .toList();
    }

    private static List<PlannedService> services(NodePlan plan) {
        return plan.services().stream()
                .filter(service -> service.backend() == Backend.BIRD)
                .sorted(Comparator.comparing(PlannedService::service).thenComparing(PlannedService::className))
                .toList();
    }

    private static List<Cidr> routes(PlannedService service) {
        return service.addresses().stream()
                .map(Address::ip)
                .filter(ip -> ip != null)
                .map(ip -> ip.host())
                .distinct()
                .toList();
    }

    private static String origin(PlannedService service) {
        String policies = String.join(", ", service.policies());
        return "service " + service.service() + (policies.isEmpty() ? "" : ", policy " + policies);
    }
}
