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
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Decides what a node announces with the endpoints as they are: what the compiler predicts for it, computed on the
/// node itself.
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

    /// The routes of the Bird backend, in the order of a routing table, each prefix once. A node that has nobody to
    /// speak to announces nothing.
    ///
    /// Where several want the same prefix, the first keeps it: prefixes before services, then by the name of the class
    /// or of the service.
    public static List<Route> of(NodeState state) {
        NodePlan plan = state.plan();
        if (plan.peers().isEmpty()) {
            return List.of();
        }
        List<PlannedService> services = services(plan);
        Announced announced = new Announced(
                state, new HashSet<>(services.stream().map(PlannedService::service).toList()));
        Map<Cidr, Route> routes = new TreeMap<>();
        prefixes(plan)
                .forEach(prefix -> routes.putIfAbsent(
                        prefix.cidr(),
                        new Route(prefix.cidr(), prefix.attributes(), "prefix of class " + prefix.className())));
        for (PlannedService service : services) {
            for (Cidr route : routes(service)) {
                if (announced.wants(service, route.family())) {
                    routes.putIfAbsent(route, new Route(route, service.attributes(), origin(service)));
                }
            }
        }
        return List.copyOf(routes.values());
    }

    /// All that the Bird backend may announce as long as the plan holds, whatever the endpoints do.
    public static List<Cidr> possible(NodePlan plan) {
        Set<Cidr> possible = new TreeSet<>();
        prefixes(plan).forEach(prefix -> possible.add(prefix.cidr()));
        services(plan).forEach(service -> possible.addAll(routes(service)));
        return List.copyOf(possible);
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
