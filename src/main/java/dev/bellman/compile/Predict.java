package dev.bellman.compile;

import dev.bellman.address.Cidr;
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
import dev.bellman.plan.BgpConfigurationPlan.PrefixAdvertisement;
import dev.bellman.plan.Cause;
import dev.bellman.plan.PlannedService;
import dev.bellman.plan.PlannedService.Address;
import dev.bellman.plan.PlannedService.When;
import dev.bellman.plan.Prediction;
import dev.bellman.plan.Prediction.Announcement;
import dev.bellman.plan.RouteAttributes;
import dev.bellman.plan.Undecided;
import java.util.ArrayList;
import java.util.HashMap;
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
    // Without a class nothing is collateral: Calico does what it was told.
    private final boolean planned;
    private final List<PrefixAdvertisement> communities;
    private final Findings findings;
    private final Map<String, List<Decision>> byService = new HashMap<>();
    private final Map<String, Cause> patches = new HashMap<>();
    private final Announcers announcers;
    private final List<Undecided> undecided;
    private final RouteTable table = new RouteTable();
    private final List<PlannedService> collateral = new ArrayList<>();

    private Predict(
            Index index,
            Decided decided,
            @Nullable BgpConfigurationPlan planned,
            CalicoVersion version,
            Announcers announcers,
            Findings findings,
            List<Undecided> undecided) {
        this.index = index;
        this.decided = decided;
        this.announcers = announcers;
        this.undecided = undecided;
        this.version = version;
        this.planned = !index.model().classes().isEmpty();
        this.communities = planned == null ? List.of() : planned.prefixAdvertisements();
        this.findings = findings;
        decided.patches().forEach(patch -> patches.put(patch.service(), patch.cause()));
        decided.decisions().stream()
                .filter(decision ->
                        LowerCalico.isCalico(decision.advertisement().advertisementClass()))
                .forEach(decision -> byService
                        .computeIfAbsent(decision.advertisement().subject().id(), _ -> new ArrayList<>())
                        .add(decision));
    }

    /// @param collateral services that Calico announces by itself although no policy asked
    /// @param table what the prediction was made of
    record Predicted(Prediction prediction, List<PlannedService> collateral, RouteTable table) {}

    static Predicted predict(
            Index index,
            Decided decided,
            @Nullable BgpConfigurationPlan planned,
            CalicoVersion version,
            Announcers announcers,
            Findings findings,
            List<Undecided> undecided) {
        Predict predict = new Predict(index, decided, planned, version, announcers, findings, undecided);
        predict.calico(planned);
        predict.bird();
        return new Predicted(predict.table.prediction(index.nodes()), List.copyOf(predict.collateral), predict.table);
    }

    // Calico

    private void calico(@Nullable BgpConfigurationPlan planned) {
        Map<AddressKind, Map<Cidr, Cause>> entries = entries(planned);
        CalicoRoutes routes = new CalicoRoutes(lists(entries, planned), version);
        List<ClusterNode> eligible =
                index.nodes().stream().filter(node -> !node.excludedByCalico()).toList();
        routes.everywhere()
                .forEach(cidr -> table.announce(
                        eligible, new Announcement(cidr, null, prefixAttributes(cidr), false, cause(entries, cidr))));
        for (Service service : index.model().services()) {
            calico(service, routes);
        }
    }

    private void calico(Service service, CalicoRoutes routes) {
        List<Decision> decisions = byService.getOrDefault(service.id(), List.of());
        TrafficPolicy policy = trafficPolicy(service);
        checkRelease(service, policy, decisions, routes);
        if (!routes.possible(service, policy)) {
            return;
        }
        List<Cidr> all = routes.routes(service);
        if (all.isEmpty()) {
            return;
        }
        if (!index.endpointsKnown() && decisions.isEmpty()) {
            undecided.add(new Undecided(
                    "which nodes have endpoints of " + service.id(),
                    "add an inventory that has the EndpointSlices",
                    service.id(),
                    cause(service)));
        }
        List<ClusterNode> announcing = routes.announcing(service, policy, index.endpoints(service.id()), index.nodes());
        List<Cidr> unasked = new ArrayList<>();
        for (Cidr route : all) {
            Decision asking = asking(decisions, route);
            if (asking == null) {
                unasked.add(route);
            }
            table.announce(
                    announcing,
                    asking == null
                            ? new Announcement(route, service.id(), prefixAttributes(route), planned, cause(service))
                            : new Announcement(
                                    route, service.id(), asking.advertisement().attributes(), false, asking.cause()));
        }
        addCollateral(service, policy, unasked);
    }

    private static @Nullable Decision asking(List<Decision> decisions, Cidr route) {
        return decisions.stream()
                .filter(decision -> hostRoutes(decision).contains(route) || isPrefix(decision, route))
                .findFirst()
                .orElse(null);
    }

    /// Whether a prefix that the class announces for the policy is just this address.
    private static boolean isPrefix(Decision decision, Cidr route) {
        return decision.advertisement().grants().stream()
                .map(Grant::prefix)
                .anyMatch(prefix -> prefix != null
                        && prefix.advertise() == Prefix.Advertise.ALWAYS
                        && prefix.cidr().equals(route));
    }

    /// Older releases of Calico announce single addresses by other rules.
    private void checkRelease(Service service, TrafficPolicy policy, List<Decision> decisions, CalicoRoutes routes) {
        for (Decision decision : decisions) {
            for (Cidr route : hostRoutes(decision)) {
                if (policy == TrafficPolicy.LOCAL && routes.everywhere(route)) {
                    cannot(
                            decision,
                            "this release of Calico announces " + route + " from every node, endpoints or not");
                } else if (isLowered(decision, route)
                        && !routes.everywhere(route)
                        && !routes.possible(service, policy)) {
                    cannot(
                            decision,
                            "this release of Calico does not announce " + route + " of Service `" + service.name()
                                    + "` while its traffic policy is Cluster");
                }
            }
        }
    }

    /// Whether a route became an entry of its own in BGPConfiguration; another finding says why cluster addresses
    /// cannot.
    private static boolean isLowered(Decision decision, Cidr route) {
        return !decision.local()
                && decision.advertisement().grants().stream()
                        .anyMatch(grant -> grant.kind() != AddressKind.CLUSTER_IP
                                && grant.ip() != null
                                && grant.ip().host().equals(route));
    }

    private void cannot(Decision decision, String message) {
        NextHopChecks.reportCannot(findings, decision, message);
    }

    /// Only below a class: without one there is no plan that the routes could be beside. Endpoints have no say in it,
    /// so that pods come and go without changing a plan.
    private void addCollateral(Service service, TrafficPolicy policy, List<Cidr> routes) {
        List<AdvertisementClass> classes =
                index.model().classes().stream().filter(LowerCalico::isCalico).toList();
        if (classes.isEmpty()) {
            return;
        }
        Map<String, List<Cidr>> byClass = new TreeMap<>();
        for (Cidr route : routes) {
            byClass.computeIfAbsent(covering(route, classes).name(), _ -> new ArrayList<>())
                    .add(route);
        }
        Limits limits = new Limits(findings);
        byClass.forEach((className, mine) -> collateral.add(new PlannedService(
                service.namespace(),
                service.name(),
                className,
                Backend.CALICO,
                policy,
                policy == TrafficPolicy.LOCAL ? When.LOCAL_ENDPOINT : When.ANY_ENDPOINT,
                limits.collateral(addresses(service, mine), service, cause(service)),
                prefixAttributes(mine.getFirst()),
                List.of(),
                true,
                cause(service))));
    }

    private static List<Address> addresses(Service service, List<Cidr> routes) {
        return Stream.of(AddressKind.values())
                .flatMap(kind -> service.addresses(kind).stream()
                        .filter(ip -> routes.contains(ip.value().host()))
                        .map(ip -> new Address(kind, ip.value())))
                .distinct()
                .toList();
    }

    private static AdvertisementClass covering(Cidr route, List<AdvertisementClass> classes) {
        return classes.stream()
                .filter(candidate -> candidate.prefixes().stream()
                        .anyMatch(prefix -> prefix.cidr().contains(route)))
                .findFirst()
                .orElse(classes.getFirst());
    }

    /// What makes Calico announce a service that nobody asked it to: the line that says Local, or the service.
    private Cause cause(Service service) {
        Cause patched = patches.get(service.id());
        if (patched != null) {
            return patched;
        }
        Located<TrafficPolicy> said = service.statedTrafficPolicy();
        return new Cause(said == null ? service.manifest().nameSpan() : said.span(), null);
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
            if (present != null) {
                present.list(kind).stream()
                        .filter(entry -> planned == null || stays(kind, entry.value(), planned, present))
                        .forEach(entry -> list.putIfAbsent(entry.value(), new Cause(entry.span(), null)));
            }
            entries.put(kind, list);
        }
        return entries;
    }

    /// Whether an entry outlives what Bellman writes: one that Git states too, or one of a list that Bellman has
    /// nothing
    /// to put into, unless a class grants it, since then it is from an earlier plan.
    private boolean stays(AddressKind kind, Cidr entry, BgpConfigurationPlan planned, BgpConfiguration present) {
        return present.declares(kind)
                || (planned.list(kind).isEmpty()
                        && !LowerCalico.grants(index.model().classes(), kind, entry));
    }

    private CalicoRoutes.Lists lists(
            Map<AddressKind, Map<Cidr, Cause>> entries, @Nullable BgpConfigurationPlan planned) {
        BgpConfiguration present = index.model().bgpConfiguration();
        boolean disabled =
                present != null && present.disablesAggregation() && (planned == null || planned.aggregated() == null);
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

    /// Calico adds the communities of every prefix that holds a route.
    private RouteAttributes prefixAttributes(Cidr route) {
        return new RouteAttributes(
                communities.stream()
                        .filter(advertisement -> advertisement.cidr().contains(route))
                        .flatMap(advertisement -> advertisement.communities().stream())
                        .toList(),
                null,
                null,
                null);
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
        RouteAttributes attributes = NodePlans.attributes(advertisementClass.attributes());
        for (Prefix prefix : advertisementClass.prefixes()) {
            if (prefix.advertise() == Prefix.Advertise.ALWAYS) {
                table.announce(
                        announcers.of(advertisementClass, prefix),
                        new Announcement(prefix.cidr(), null, attributes, false, new Cause(prefix.span(), null)));
            }
        }
    }

    private void bird(Decision decision) {
        Advertisement advertisement = decision.advertisement();
        Endpoints endpoints = index.endpoints(advertisement.subject().id());
        List<ClusterNode> eligible = announcers.of(advertisement.advertisementClass());
        for (Cidr route : hostRoutes(decision)) {
            Set<String> ready = endpoints.readyOn(route.family());
            List<ClusterNode> announcing = decision.local()
                    ? eligible.stream()
                            .filter(node -> ready.contains(node.name()))
                            .toList()
                    : ready.isEmpty() ? List.of() : eligible;
            table.announce(
                    announcing,
                    new Announcement(
                            route, advertisement.subject().id(), advertisement.attributes(), false, decision.cause()));
        }
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
}
