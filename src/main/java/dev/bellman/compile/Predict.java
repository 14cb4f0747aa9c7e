package dev.bellman.compile;

import dev.bellman.address.Cidr;
import dev.bellman.address.Family;
import dev.bellman.address.Ip;
import dev.bellman.compile.Authorise.Grant;
import dev.bellman.compile.Decide.Decided;
import dev.bellman.compile.Decide.Decision;
import dev.bellman.compile.Index.Endpoints;
import dev.bellman.model.AddressKind;
import dev.bellman.model.AdvertisementClass;
import dev.bellman.model.AdvertisementClass.Backend;
import dev.bellman.model.BgpConfiguration;
import dev.bellman.model.ClusterNode;
import dev.bellman.model.Located;
import dev.bellman.model.Prefix;
import dev.bellman.model.Service;
import dev.bellman.model.TrafficPolicy;
import dev.bellman.plan.BgpConfigurationPlan;
import dev.bellman.plan.BgpConfigurationPlan.Entry;
import dev.bellman.plan.Cause;
import dev.bellman.plan.PlannedService;
import dev.bellman.plan.PlannedService.Address;
import dev.bellman.plan.PlannedService.When;
import dev.bellman.plan.Prediction;
import dev.bellman.plan.Prediction.Announcement;
import dev.bellman.plan.Prediction.NodeRoutes;
import dev.bellman.plan.Prediction.UpstreamRoute;
import dev.bellman.plan.RouteAttributes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Predicts what each node announces with the endpoints as they are, and what a router that hears all nodes then
/// holds.
final class Predict {
    private final Index index;
    private final Decided decided;
    private final CalicoVersion version;
    private final Map<String, Decision> byService = new HashMap<>();
    private final Map<String, List<ClusterNode>> eligible = new HashMap<>();
    private final TreeMap<Cidr, List<Announced>> routes = new TreeMap<>();
    private final List<PlannedService> collateral = new ArrayList<>();

    private Predict(Index index, Decided decided, CalicoVersion version) {
        this.index = index;
        this.decided = decided;
        this.version = version;
        decided.decisions().stream()
                .filter(decision ->
                        LowerCalico.isCalico(decision.advertisement().advertisementClass()))
                .forEach(decision ->
                        byService.putIfAbsent(decision.advertisement().subject().id(), decision));
    }

    /// One reason to announce a prefix, and the nodes that have it.
    private record Announced(Announcement announcement, List<ClusterNode> from) {}

    /// @param collateral services that Calico announces by itself although no policy asked
    record Predicted(Prediction prediction, List<PlannedService> collateral) {}

    static Predicted predict(
            Index index, Decided decided, @Nullable BgpConfigurationPlan planned, CalicoVersion version) {
        Predict predict = new Predict(index, decided, version);
        predict.calico(planned);
        predict.bird();
        return new Predicted(predict.prediction(), List.copyOf(predict.collateral));
    }

    // Calico

    private void calico(@Nullable BgpConfigurationPlan planned) {
        Map<AddressKind, Map<Cidr, Cause>> entries = entries(planned);
        CalicoRoutes routes = new CalicoRoutes(lists(entries), version);
        List<ClusterNode> eligible =
                index.nodes().stream().filter(node -> !node.excludedByCalico()).toList();
        routes.everywhere()
                .forEach(cidr -> announce(
                        eligible, new Announcement(cidr, null, prefixAttributes(cidr), false, cause(entries, cidr))));
        for (Service service : index.model().services()) {
            calico(service, routes);
        }
    }

    private void calico(Service service, CalicoRoutes routes) {
        Decision decision = byService.get(service.id());
        TrafficPolicy policy = trafficPolicy(service);
        List<ClusterNode> announcing = routes.announcing(service, policy, index.endpoints(service.id()), index.nodes());
        boolean wouldAnnounce = !announcing.isEmpty() || (policy == TrafficPolicy.LOCAL && decision == null);
        if (!wouldAnnounce) {
            return;
        }
        List<Cidr> hostRoutes = routes.routes(service);
        List<Cidr> asked = decision == null ? List.of() : hostRoutes(decision);
        for (Cidr route : hostRoutes) {
            boolean wanted = asked.contains(route);
            Cause cause = wanted && decision != null ? decision.cause() : cause(service);
            RouteAttributes attributes =
                    wanted && decision != null ? decision.advertisement().attributes() : prefixAttributes(route);
            announce(announcing, new Announcement(route, service.id(), attributes, !wanted, cause));
        }
        addCollateral(
                service,
                policy,
                hostRoutes.stream().filter(route -> !asked.contains(route)).toList());
    }

    /// Only below a class: without one there is no plan that the routes could be beside.
    private void addCollateral(Service service, TrafficPolicy policy, List<Cidr> routes) {
        AdvertisementClass advertisementClass = index.model().classes().stream()
                .filter(LowerCalico::isCalico)
                .findFirst()
                .orElse(null);
        if (routes.isEmpty() || advertisementClass == null) {
            return;
        }
        List<Address> addresses = Stream.of(AddressKind.values())
                .flatMap(kind -> service.addresses(kind).stream()
                        .filter(ip -> routes.contains(ip.value().host()))
                        .map(ip -> new Address(kind, ip.value())))
                .toList();
        collateral.add(new PlannedService(
                service.namespace(),
                service.name(),
                classCovering(routes.getFirst(), advertisementClass).name(),
                Backend.CALICO,
                policy,
                policy == TrafficPolicy.LOCAL ? When.LOCAL_ENDPOINT : When.ANY_ENDPOINT,
                addresses,
                RouteAttributes.NONE,
                List.of(),
                true,
                cause(service)));
    }

    private AdvertisementClass classCovering(Cidr route, AdvertisementClass otherwise) {
        return index.model().classes().stream()
                .filter(LowerCalico::isCalico)
                .filter(candidate -> candidate.prefixes().stream()
                        .anyMatch(prefix -> prefix.cidr().contains(route)))
                .findFirst()
                .orElse(otherwise);
    }

    private static Cause cause(Service service) {
        return new Cause(
                service.observedTrafficPolicy() == null
                        ? service.span()
                        : service.observedTrafficPolicy().span(),
                null);
    }

    private TrafficPolicy trafficPolicy(Service service) {
        TrafficPolicy patched = decided.trafficPolicies().get(service.id());
        return patched == null ? Decide.present(service) : patched;
    }

    /// What Calico will read: Bellman's lists, and those of others where the object is not Bellman's to replace.
    private Map<AddressKind, Map<Cidr, Cause>> entries(@Nullable BgpConfigurationPlan planned) {
        Map<AddressKind, Map<Cidr, Cause>> entries = new TreeMap<>();
        BgpConfiguration present = index.model().bgpConfiguration();
        for (AddressKind kind : AddressKind.values()) {
            Map<Cidr, Cause> list = new TreeMap<>();
            if (planned != null) {
                for (Entry entry : planned.list(kind)) {
                    list.put(entry.cidr(), entry.cause());
                }
            }
            if (present != null && (planned == null || !present.observed())) {
                for (Located<Cidr> entry : present.list(kind)) {
                    list.putIfAbsent(entry.value(), new Cause(entry.span(), null));
                }
            }
            entries.put(kind, list);
        }
        return entries;
    }

    private CalicoRoutes.Lists lists(Map<AddressKind, Map<Cidr, Cause>> entries) {
        BgpConfiguration present = index.model().bgpConfiguration();
        boolean disabled = present != null
                && present.aggregation() != null
                && present.aggregation().value().equals("Disabled");
        return new CalicoRoutes.Lists(
                keys(entries, AddressKind.CLUSTER_IP),
                keys(entries, AddressKind.EXTERNAL_IP),
                keys(entries, AddressKind.LOAD_BALANCER_IP),
                !disabled);
    }

    private static List<Cidr> keys(Map<AddressKind, Map<Cidr, Cause>> entries, AddressKind kind) {
        return List.copyOf(new TreeSet<>(entries.getOrDefault(kind, Map.of()).keySet()));
    }

    private static Cause cause(Map<AddressKind, Map<Cidr, Cause>> entries, Cidr cidr) {
        return entries.values().stream()
                .filter(list -> list.containsKey(cidr))
                .map(list -> list.get(cidr))
                .findFirst()
                .orElseThrow();
    }

    private RouteAttributes prefixAttributes(Cidr route) {
        return index.model().classes().stream()
                .filter(candidate -> candidate.prefixes().stream()
                        .anyMatch(prefix -> prefix.cidr().contains(route)))
                .findFirst()
                .map(candidate -> NodePlans.attributes(candidate.attributes()))
                .orElse(RouteAttributes.NONE);
    }

    // Bellman's own speaker

    private void bird() {
        for (AdvertisementClass advertisementClass : index.model().classes()) {
            if (!LowerCalico.isCalico(advertisementClass)) {
                birdPrefixes(advertisementClass);
            }
        }
        decided.decisions().stream()
                .filter(Decision::hostRoutes)
                .filter(decision ->
                        !LowerCalico.isCalico(decision.advertisement().advertisementClass()))
                .forEach(this::bird);
    }

    private void birdPrefixes(AdvertisementClass advertisementClass) {
        List<ClusterNode> eligible = eligible(advertisementClass);
        RouteAttributes attributes = NodePlans.attributes(advertisementClass.attributes());
        for (Prefix prefix : advertisementClass.prefixes()) {
            if (prefix.advertise() == Prefix.Advertise.ALWAYS) {
                announce(
                        eligible,
                        new Announcement(prefix.cidr(), null, attributes, false, new Cause(prefix.span(), null)));
            }
        }
    }

    private void bird(Decision decision) {
        Advertisement advertisement = decision.advertisement();
        Endpoints endpoints = index.endpoints(advertisement.subject().id());
        List<ClusterNode> eligible = eligible(advertisement.advertisementClass());
        for (Cidr route : hostRoutes(decision)) {
            Set<String> ready = endpoints.readyOn(route.family());
            List<ClusterNode> announcing = decision.local()
                    ? eligible.stream()
                            .filter(node -> ready.contains(node.name()))
                            .toList()
                    : ready.isEmpty() ? List.of() : eligible;
            announce(
                    announcing,
                    new Announcement(
                            route, advertisement.subject().id(), advertisement.attributes(), false, decision.cause()));
        }
    }

    /// A node announces to its peers, so one without a speaker announces nothing.
    private List<ClusterNode> eligible(AdvertisementClass advertisementClass) {
        return eligible.computeIfAbsent(advertisementClass.name(), _ -> announcers(advertisementClass));
    }

    private List<ClusterNode> announcers(AdvertisementClass advertisementClass) {
        return index.nodes().stream()
                .filter(node -> NodePlans.eligible(advertisementClass, node))
                .filter(node -> index.model().speakers().stream()
                        .anyMatch(speaker -> speaker.nodes().selects(node.name(), node.labels())
                                && !speaker.peers().isEmpty()))
                .toList();
    }

    // Both

    static List<Cidr> hostRoutes(Decision decision) {
        if (!decision.hostRoutes()) {
            return List.of();
        }
        return decision.advertisement().grants().stream()
                .map(Grant::ip)
                .filter(ip -> ip != null)
                .map(Ip::host)
                .distinct()
                .sorted()
                .toList();
    }

    private void announce(List<ClusterNode> from, Announcement announcement) {
        if (!from.isEmpty()) {
            routes.computeIfAbsent(announcement.prefix(), _ -> new ArrayList<>(1))
                    .add(new Announced(announcement, from));
        }
    }

    /// Prefix by prefix in the order of the table, so that every node's list grows in order too: with 500 nodes and as
    /// many routes from each there is no time to sort.
    private Prediction prediction() {
        Map<String, List<Announcement>> nodes = new TreeMap<>();
        index.nodes().forEach(node -> nodes.put(node.name(), new ArrayList<>()));
        List<UpstreamRoute> table = new ArrayList<>();
        // Many routes come from the very same list of nodes.
        IdentityHashMap<List<ClusterNode>, Map<Family, List<Ip>>> known = new IdentityHashMap<>();
        routes.forEach((prefix, announced) -> {
            Announced first = announced.getFirst();
            List<Ip> hops;
            if (announced.size() == 1) {
                first.from().forEach(node -> add(nodes, node, first.announcement()));
                hops = known.computeIfAbsent(first.from(), _ -> new EnumMap<>(Family.class))
                        .computeIfAbsent(prefix.family(), _ -> nextHops(prefix, announced));
            } else {
                Map<String, Announcement> best = new TreeMap<>();
                for (Announced one : announced) {
                    one.from().forEach(node -> best.merge(node.name(), one.announcement(), Predict::first));
                }
                best.forEach((node, announcement) -> nodes.computeIfPresent(node, (_, list) -> {
                    list.add(announcement);
                    return list;
                }));
                hops = nextHops(prefix, announced);
            }
            if (!hops.isEmpty()) {
                table.add(new UpstreamRoute(prefix, hops, first.announcement().cause()));
            }
        });
        List<NodeRoutes> perNode = new ArrayList<>();
        nodes.forEach((node, announcements) -> perNode.add(new NodeRoutes(node, announcements)));
        return new Prediction(perNode, table);
    }

    private static void add(Map<String, List<Announcement>> nodes, ClusterNode node, Announcement announcement) {
        List<Announcement> list = nodes.get(node.name());
        if (list != null) {
            list.add(announcement);
        }
    }

    /// Of two reasons for one route, the one that somebody asked for explains it better.
    private static Announcement first(Announcement before, Announcement added) {
        return before.collateral() && !added.collateral() ? added : before;
    }

    private static List<Ip> nextHops(Cidr prefix, List<Announced> announced) {
        Set<Ip> hops = new TreeSet<>();
        for (Announced one : announced) {
            for (ClusterNode node : one.from()) {
                Ip hop = node.internalIp(prefix.family());
                if (hop != null) {
                    hops.add(hop);
                }
            }
        }
        return List.copyOf(hops);
    }
}
