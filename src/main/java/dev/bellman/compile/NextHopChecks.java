package dev.bellman.compile;

import dev.bellman.address.Cidr;
import dev.bellman.address.Family;
import dev.bellman.compile.Decide.Decided;
import dev.bellman.compile.Decide.Decision;
import dev.bellman.compile.Index.Endpoints;
import dev.bellman.diagnostic.Related;
import dev.bellman.diagnostic.Span;
import dev.bellman.model.AdvertisementClass;
import dev.bellman.model.ClusterNode;
import dev.bellman.model.Located;
import dev.bellman.model.Policy;
import dev.bellman.model.Selection;
import dev.bellman.model.Service;
import dev.bellman.model.TrafficPolicy;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Checks what the decided host routes come to with the endpoints as they are: announced by nobody, by too few, or by
/// nodes that have no endpoint for what they draw.
///
/// Who announces what is asked of the prediction, so that no finding says otherwise.
final class NextHopChecks {
    /// The node of endpoints that are outside the cluster.
    private static final String NOWHERE = "";

    private final Index index;
    private final RouteTable table;
    private final Announcers announcers;
    private final Findings findings;
    private final Map<Hops, List<ClusterNode>> eligible = new HashMap<>();

    // Many routes come from the very same list of nodes.
    private final IdentityHashMap<List<ClusterNode>, Map<Family, List<ClusterNode>>> hops = new IdentityHashMap<>();

    private record Hops(String advertisementClass, Family family) {}

    private NextHopChecks(Index index, RouteTable table, Announcers announcers, Findings findings) {
        this.index = index;
        this.table = table;
        this.announcers = announcers;
        this.findings = findings;
    }

    /// @param table who announces what
    static void check(Index index, Decided decided, RouteTable table, Announcers announcers, Findings findings) {
        if (!index.endpointsKnown()) {
            return;
        }
        NextHopChecks checks = new NextHopChecks(index, table, announcers, findings);
        decided.decisions().stream()
                .filter(Decision::hostRoutes)
                .filter(decision -> !decided.unsettled()
                        .contains(decision.advertisement().subject().id()))
                .forEach(checks::check);
    }

    private void check(Decision decision) {
        Service service = decision.advertisement().subject().service();
        if (service == null) {
            return;
        }
        List<Cidr> routes = Predict.hostRoutes(decision);
        List<Family> families = routes.stream().map(Cidr::family).distinct().toList();
        Endpoints endpoints = index.endpoints(service.id());
        List<Family> without =
                families.stream().filter(family -> !endpoints.anyReady(family)).toList();
        if (!families.isEmpty() && without.size() == families.size()) {
            reportNoEndpoint(decision, service, routes);
            return;
        }
        if (!without.isEmpty()) {
            reportOneFamily(decision, service, without.getFirst(), routes);
        }
        if (index.nodesKnown()) {
            families.stream()
                    .filter(family -> !without.contains(family))
                    .forEach(family -> check(decision, service, family, routes));
        }
    }

    private void reportNoEndpoint(Decision decision, Service service, List<Cidr> routes) {
        Endpoints endpoints = index.endpoints(service.id());
        // Endpoints there may be, of the family of an address that is not advertised.
        String kind = endpoints.readyNodes().isEmpty()
                ? ""
                : routes.getFirst().family().word() + " ";
        // For a single address Calico looks whether there is a slice at all, not what is in it.
        boolean isSingle = !decision.local() && isCalico(decision) && endpoints.anySlice();
        boolean allTheSame =
                isSingle || routes.stream().anyMatch(route -> !hops(route).isEmpty());
        for (Binding binding : asking(decision)) {
            findings.report(
                    decision.local() ? "local-without-endpoint" : "route-without-endpoint",
                    place(binding, decision),
                    binding.object(),
                    "Service `" + service.name() + "` has no ready " + kind + "endpoint, "
                            + (allTheSame
                                    ? "and Calico announces its host routes all the same"
                                    : decision.local()
                                            ? "so no node announces it"
                                            : "so its host routes are not announced"),
                    related(service));
        }
    }

    private void reportOneFamily(Decision decision, Service service, Family missing, List<Cidr> routes) {
        boolean allTheSame = isCalico(decision)
                && (!index.nodesKnown()
                        || routes.stream()
                                .anyMatch(route -> route.family() == missing
                                        && !hops(route).isEmpty()));
        for (Binding binding : decision.advertisement().bindings()) {
            findings.report(
                    "family-without-endpoint",
                    binding.asked(),
                    binding.object(),
                    "dual-stack Service `" + service.name() + "` has no ready " + missing.word() + " endpoint"
                            + (allTheSame
                                    ? ", and Calico announces its " + missing.word() + " address all the same"
                                    : ""),
                    related(service));
        }
    }

    private void check(Decision decision, Service service, Family family, List<Cidr> routes) {
        AdvertisementClass advertisementClass = decision.advertisement().advertisementClass();
        Set<String> ready = index.endpoints(service.id()).readyOn(family);
        if (decision.local() && ready.equals(Set.of(NOWHERE))) {
            report(
                    decision,
                    "local-without-endpoint",
                    "the ready endpoints of Service `" + service.name()
                            + "` are on no node of the cluster, so no node announces it",
                    related(service));
            return;
        }
        boolean counted = !decision.local() || index.nodeNames().containsAll(ready);
        if (!counted || advertisementClass.nodes() instanceof Selection.None || isSilent(advertisementClass)) {
            return;
        }
        List<ClusterNode> meant = eligible(advertisementClass, family).stream()
                .filter(node -> !decision.local() || ready.contains(node.name()))
                .toList();
        // Whether Calico can announce a service that is not Local by a route of its own is another finding.
        Cidr least = routes.stream()
                .filter(route -> route.family() == family)
                .min(Comparator.comparingInt(route -> hops(route).size()))
                .orElseThrow();
        List<ClusterNode> hops = isCalico(decision) && !decision.local() ? meant : hops(least);
        if (hops.isEmpty() && !meant.isEmpty() && isCalico(decision)) {
            reportCannot(
                    findings,
                    decision,
                    "this release of Calico does not announce " + least + " of Service `" + service.name() + "`");
            return;
        }
        List<ClusterNode> idle = hops.stream()
                .filter(node -> decision.local() && !ready.contains(node.name()))
                .toList();
        if (!idle.isEmpty()) {
            report(
                    decision,
                    "hop-without-endpoint",
                    "node `" + idle.getFirst().name() + "` announces " + least + " and has no ready " + family.word()
                            + " endpoint of Service `" + service.name() + "`"
                            + (idle.size() > 1 ? ", like " + (idle.size() - 1) + " more" : ""),
                    related(service));
        }
        checkNumber(decision, service, meant, hops.size() - idle.size(), hops);
    }

    /// @param meant the nodes that should announce it
    /// @param serving how many of those that do have an endpoint
    private void checkNumber(
            Decision decision, Service service, List<ClusterNode> meant, int serving, List<ClusterNode> hops) {
        AdvertisementClass advertisementClass = decision.advertisement().advertisementClass();
        Located<Long> minimum = advertisementClass.guardrails().minNextHops();
        for (Binding binding : asking(decision)) {
            if (serving < minimum.value()) {
                findings.reportWithHelp(
                        "too-few-next-hops",
                        place(binding, decision),
                        binding.object(),
                        (decision.local() ? "Local leaves Service `" : "Host routes leave Service `")
                                + service.name() + "` " + serving + " next hop"
                                + (serving == 1 ? "" : "s") + "; class `" + advertisementClass.name()
                                + "` wants at least " + minimum.value(),
                        helpForMore(decision, meant),
                        List.of(new Related(minimum.span(), "the guardrail is here")));
            } else if (decision.local() && hops.size() == 1) {
                findings.report(
                        "local-single-next-hop",
                        place(binding, decision),
                        binding.object(),
                        "Local leaves Service `" + service.name() + "` one next hop, node `"
                                + hops.getFirst().name() + "`",
                        related(service));
            }
        }
    }

    /// Empty for the rule's own.
    private String helpForMore(Decision decision, List<ClusterNode> meant) {
        AdvertisementClass advertisementClass = decision.advertisement().advertisementClass();
        if (!isCalico(decision)) {
            List<ClusterNode> speaking = announcers.of(advertisementClass);
            String silent = meant.stream()
                    .filter(node -> !speaking.contains(node))
                    .map(node -> "`" + node.name() + "`")
                    .findFirst()
                    .orElse(null);
            if (silent != null) {
                return "no BGPSpeaker with a peer runs on node " + silent + "; have one select it";
            }
        }
        return decision.local() ? "" : "let the class choose more nodes";
    }

    private void report(Decision decision, String rule, String message, List<Related> related) {
        for (Binding binding : asking(decision)) {
            findings.report(rule, place(binding, decision), binding.object(), message, related);
        }
    }

    /// What a newer release of Calico could do.
    static void reportCannot(Findings findings, Decision decision, String message) {
        for (Binding binding : decision.advertisement().bindings()) {
            findings.reportWithHelp(
                    "backend-cannot-express",
                    place(binding, decision),
                    binding.object(),
                    message,
                    "update Calico, or use a class with the Bird backend",
                    List.of(new Related(
                            decision.advertisement()
                                    .advertisementClass()
                                    .backend()
                                    .span(),
                            "the class has the Calico backend")));
        }
    }

    private static List<Related> related(Service service) {
        return List.of(new Related(service.manifest().nameSpan(), "the Service is here"));
    }

    private static boolean isCalico(Decision decision) {
        return LowerCalico.isCalico(decision.advertisement().advertisementClass());
    }

    /// Whether no node of a class speaks, which is a finding about the class.
    private boolean isSilent(AdvertisementClass advertisementClass) {
        return !LowerCalico.isCalico(advertisementClass)
                && announcers.of(advertisementClass).isEmpty()
                && index.nodes().stream().anyMatch(advertisementClass::announcesFrom);
    }

    /// The nodes that a router sends to for just this prefix.
    private List<ClusterNode> hops(Cidr route) {
        List<ClusterNode> from = table.from(route);
        return from.isEmpty()
                ? from
                : hops.computeIfAbsent(from, _ -> new EnumMap<>(Family.class))
                        .computeIfAbsent(
                                route.family(),
                                family -> from.stream()
                                        .filter(node -> node.internalIp(family) != null)
                                        .toList());
    }

    /// The nodes that are to be a next hop of what a class advertises: the same for all of its services.
    private List<ClusterNode> eligible(AdvertisementClass advertisementClass, Family family) {
        return eligible.computeIfAbsent(
                new Hops(advertisementClass.name(), family),
                _ -> index.nodes().stream()
                        .filter(advertisementClass::announcesFrom)
                        .filter(node -> node.internalIp(family) != null)
                        .toList());
    }

    /// The policies that ask for the host routes, or the first one where it is Git or the cluster that says Local.
    private static List<Binding> asking(Decision decision) {
        List<Binding> all = decision.advertisement().bindings();
        List<Binding> asking = all.stream()
                .filter(binding -> (decision.local()
                                ? binding.policy().trafficPolicy()
                                : binding.policy().routes())
                        != null)
                .toList();
        return asking.isEmpty() ? List.of(all.getFirst()) : asking;
    }

    /// The field that asks for host routes: the policy's trafficPolicy or routes, else the service's name or selector.
    static Span place(Binding binding, Decision decision) {
        Policy policy = binding.policy();
        Located<TrafficPolicy> trafficPolicy = policy.trafficPolicy();
        if (decision.local()) {
            return trafficPolicy == null ? binding.asked() : trafficPolicy.span();
        }
        return policy.routes() == null
                ? binding.asked()
                : Objects.requireNonNull(policy.routes()).span();
    }
}
