package dev.bellman.compile;

import dev.bellman.address.Cidr;
import dev.bellman.address.Family;
import dev.bellman.address.Ip;
import dev.bellman.compile.Authorise.Grant;
import dev.bellman.compile.Decide.Decided;
import dev.bellman.compile.Decide.Decision;
import dev.bellman.compile.Index.Endpoints;
import dev.bellman.diagnostic.Related;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.Span;
import dev.bellman.model.AddressKind;
import dev.bellman.model.AdvertisementClass;
import dev.bellman.model.BgpConfiguration;
import dev.bellman.model.ClusterNode;
import dev.bellman.model.Located;
import dev.bellman.model.Policy;
import dev.bellman.model.Selection;
import dev.bellman.model.Service;
import dev.bellman.model.TrafficPolicy;
import dev.bellman.plan.BgpConfigurationPlan;
import dev.bellman.plan.BgpConfigurationPlan.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Checks what the decided routes mean with the endpoints as they are: no next hop, too few, too many routes.
final class RouteChecks {
    private final Index index;
    private final Findings findings;
    private final Map<Hops, List<ClusterNode>> eligible = new HashMap<>();

    private record Hops(String advertisementClass, Family family) {}

    private RouteChecks(Index index, Findings findings) {
        this.index = index;
        this.findings = findings;
    }

    static void check(
            Index index, Decided decided, @Nullable BgpConfigurationPlan bgpConfiguration, Findings findings) {
        RouteChecks checks = new RouteChecks(index, findings);
        if (index.endpointsKnown()) {
            decided.decisions().stream()
                    .filter(Decision::hostRoutes)
                    .filter(decision -> !decided.unsettled()
                            .contains(decision.advertisement().subject().id()))
                    .forEach(checks::checkNextHops);
        }
        checks.checkHostRoutes(decided.decisions());
        checks.checkSharedAddresses(decided.decisions());
        if (bgpConfiguration != null) {
            checks.checkBgpConfiguration(bgpConfiguration);
        }
    }

    private void checkNextHops(Decision decision) {
        Service service = decision.advertisement().subject().service();
        if (service == null) {
            return;
        }
        List<Family> families = Predict.hostRoutes(decision).stream()
                .map(Cidr::family)
                .distinct()
                .toList();
        Endpoints endpoints = index.endpoints(service.id());
        List<Family> without =
                families.stream().filter(family -> !endpoints.anyReady(family)).toList();
        if (!families.isEmpty() && without.size() == families.size()) {
            reportNoEndpoint(decision, service);
            return;
        }
        if (!without.isEmpty()) {
            reportOneFamily(decision, service, without.getFirst());
        }
        if (index.nodesKnown()) {
            families.stream()
                    .filter(family -> !without.contains(family))
                    .forEach(family -> checkNextHops(decision, service, family));
        }
    }

    private void reportNoEndpoint(Decision decision, Service service) {
        // For a single address Calico looks whether there is a slice at all, not what is in it.
        Endpoints endpoints = index.endpoints(service.id());
        // Endpoints there may be, of the family of an address that is not advertised.
        String kind = endpoints.readyNodes().isEmpty()
                ? ""
                : Predict.hostRoutes(decision).getFirst().family().word() + " ";
        boolean allTheSame = !decision.local()
                && LowerCalico.isCalico(decision.advertisement().advertisementClass())
                && endpoints.anySlice();
        for (Binding binding : asking(decision)) {
            findings.report(
                    decision.local() ? "local-without-endpoint" : "route-without-endpoint",
                    place(binding, decision),
                    binding.object(),
                    "Service `" + service.name() + "` has no ready " + kind + "endpoint, "
                            + (decision.local()
                                    ? "so no node announces it"
                                    : allTheSame
                                            ? "and Calico announces its host routes all the same"
                                            : "so its host routes are not announced"),
                    List.of(new Related(service.manifest().nameSpan(), "the Service is here")));
        }
    }

    private void reportOneFamily(Decision decision, Service service, Family missing) {
        for (Binding binding : decision.advertisement().bindings()) {
            findings.report(
                    "family-without-endpoint",
                    binding.asked(),
                    binding.object(),
                    "dual-stack Service `" + service.name() + "` has no ready " + missing.word() + " endpoint"
                            + (LowerCalico.isCalico(decision.advertisement().advertisementClass())
                                    ? ", and Calico announces its " + missing.word() + " address all the same"
                                    : ""),
                    List.of(new Related(service.manifest().nameSpan(), "the Service is here")));
        }
    }

    private void checkNextHops(Decision decision, Service service, Family family) {
        AdvertisementClass advertisementClass = decision.advertisement().advertisementClass();
        Set<String> ready = index.endpoints(service.id()).readyOn(family);
        boolean counted = !decision.local() || index.nodeNames().containsAll(ready);
        if (!counted || advertisementClass.nodes() instanceof Selection.None) {
            return;
        }
        List<ClusterNode> hops = eligible(advertisementClass, family).stream()
                .filter(node -> !decision.local() || ready.contains(node.name()))
                .toList();
        Located<Long> minimum = advertisementClass.guardrails().minNextHops();
        for (Binding binding : asking(decision)) {
            if (hops.size() < minimum.value()) {
                findings.reportWithHelp(
                        "too-few-next-hops",
                        place(binding, decision),
                        binding.object(),
                        (decision.local() ? "Local leaves Service `" : "Host routes leave Service `")
                                + service.name() + "` " + hops.size() + " next hop"
                                + (hops.size() == 1 ? "" : "s") + "; class `" + advertisementClass.name()
                                + "` wants at least " + minimum.value(),
                        decision.local() ? "" : "let the class choose more nodes",
                        List.of(new Related(minimum.span(), "the guardrail is here")));
            } else if (decision.local() && hops.size() == 1) {
                findings.report(
                        "local-single-next-hop",
                        place(binding, decision),
                        binding.object(),
                        "Local leaves Service `" + service.name() + "` one next hop, node `"
                                + hops.getFirst().name() + "`",
                        List.of(new Related(service.manifest().nameSpan(), "the Service is here")));
            }
        }
    }

    /// The nodes that can be a next hop of what a class advertises: the same for all of its services.
    private List<ClusterNode> eligible(AdvertisementClass advertisementClass, Family family) {
        return eligible.computeIfAbsent(
                new Hops(advertisementClass.name(), family),
                _ -> index.nodes().stream()
                        .filter(node -> NodePlans.eligible(advertisementClass, node))
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

    private void checkHostRoutes(List<Decision> decisions) {
        Map<String, Map<String, Long>> counts = new TreeMap<>();
        Map<String, Binding> bindings = new HashMap<>();
        Map<String, AdvertisementClass> classes = new HashMap<>();
        for (Decision decision : decisions) {
            if (!decision.hostRoutes()) {
                continue;
            }
            Advertisement advertisement = decision.advertisement();
            Binding first = advertisement.bindings().getFirst();
            bindings.putIfAbsent(first.policy().id(), first);
            classes.put(advertisement.advertisementClass().name(), advertisement.advertisementClass());
            counts.computeIfAbsent(advertisement.advertisementClass().name(), _ -> new TreeMap<>())
                    .merge(first.policy().id(), (long) advertisement.grants().size(), Long::sum);
        }
        counts.forEach((name, perPolicy) -> {
            Located<Long> limit =
                    Objects.requireNonNull(classes.get(name)).guardrails().maxHostRoutes();
            long total = perPolicy.values().stream().mapToLong(Long::longValue).sum();
            if (total > limit.value()) {
                reportTooMany(name, total, limit, perPolicy, bindings);
            }
        });
    }

    /// On the policy with the largest share, since its author can do most about it.
    private void reportTooMany(
            String className,
            long total,
            Located<Long> limit,
            Map<String, Long> counts,
            Map<String, Binding> bindings) {
        List<Map.Entry<String, Long>> largest = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(4)
                .toList();
        Binding binding = Objects.requireNonNull(bindings.get(largest.getFirst().getKey()));
        List<Related> related = new ArrayList<>();
        related.add(new Related(limit.span(), "the guardrail is here"));
        largest.stream()
                .skip(1)
                .forEach(other -> related.add(new Related(
                        Objects.requireNonNull(bindings.get(other.getKey())).asked(),
                        other.getKey() + " adds " + other.getValue())));
        findings.report(
                "too-many-host-routes",
                binding.asked(),
                binding.object(),
                "class `" + className + "` would get " + total + " host routes, "
                        + largest.getFirst().getValue() + " of them from here; its limit is " + limit.value(),
                related);
    }

    /// One address on two services is legal, and reference-counted by Calico; it is rarely what was meant.
    private void checkSharedAddresses(List<Decision> decisions) {
        Map<Ip, Decision> owners = new TreeMap<>();
        for (Decision decision : decisions) {
            for (Grant grant : decision.advertisement().grants()) {
                if (grant.ip() == null || grant.kind() == AddressKind.CLUSTER_IP) {
                    continue;
                }
                Decision owner = owners.putIfAbsent(grant.ip(), decision);
                boolean shared = owner != null
                        && !owner.advertisement()
                                .subject()
                                .id()
                                .equals(decision.advertisement().subject().id());
                if (shared) {
                    reportShared(grant.ip(), decision, owner);
                    reportShared(grant.ip(), owner, decision);
                }
            }
        }
    }

    private void reportShared(Ip ip, Decision decision, Decision other) {
        Binding binding = decision.advertisement().bindings().getFirst();
        findings.report(
                "shared-address",
                binding.asked(),
                binding.object(),
                ip + " of Service `" + binding.subject().id() + "` is also an address of Service `"
                        + other.advertisement().subject().id() + "`",
                List.of(new Related(
                        other.advertisement().bindings().getFirst().asked(), "the other one is advertised here")));
    }

    /// BGPConfiguration's service lists are atomic: whoever owns one owns all of it.
    private void checkBgpConfiguration(BgpConfigurationPlan planned) {
        BgpConfiguration present = index.model().bgpConfiguration();
        if (present == null) {
            return;
        }
        checkAggregation(planned, present);
        checkAdvertisements(planned, present);
        for (AddressKind kind : AddressKind.values()) {
            for (Located<Cidr> entry : present.list(kind)) {
                boolean ours = LowerCalico.grants(index.model().classes(), kind, entry.value());
                if (present.declares(kind) && !planned.list(kind).isEmpty()) {
                    findings.report(
                            "git-sets-bgp-configuration",
                            entry.span(),
                            present.manifest().object(),
                            "Git sets a list of BGPConfiguration `default` that classes with the Calico backend set too",
                            List.of(new Related(
                                    planned.list(kind).getFirst().cause().span(), "the class's prefix is here")));
                } else if (!present.declares(kind) && !ours) {
                    findings.report(
                            "unclaimed-prefix",
                            Severity.WARNING,
                            entry.span(),
                            present.manifest().object(),
                            "BGPConfiguration `default` advertises " + entry.value() + ", which no class grants",
                            List.of());
                }
            }
        }
    }

    /// The communities are in one atomic list too.
    private void checkAdvertisements(BgpConfigurationPlan planned, BgpConfiguration present) {
        if (planned.prefixAdvertisements().isEmpty()) {
            return;
        }
        for (Located<Cidr> entry : present.declaredAdvertisements()) {
            findings.reportWithHelp(
                    "git-sets-bgp-configuration",
                    entry.span(),
                    present.manifest().object(),
                    "Git sets prefixAdvertisements of BGPConfiguration `default`, which classes and policies with"
                            + " communities set too",
                    "let one of the two add communities: remove the list from the BGPConfiguration in Git, or the"
                            + " communities from classes and policies",
                    List.of(new Related(
                            planned.prefixAdvertisements().getFirst().cause().span(),
                            "communities are asked for here")));
        }
    }

    /// Without aggregation Calico announces no range of load balancer addresses; Git's own word is not overruled.
    private void checkAggregation(BgpConfigurationPlan planned, BgpConfiguration present) {
        Located<String> aggregation = present.aggregation();
        Entry range = LowerCalico.firstRange(planned.list(AddressKind.LOAD_BALANCER_IP));
        if (aggregation != null && present.disablesAggregation() && present.declaresAggregation() && range != null) {
            findings.reportWithHelp(
                    "git-sets-bgp-configuration",
                    aggregation.span(),
                    present.manifest().object(),
                    "Git sets serviceLoadBalancerAggregation of BGPConfiguration `default` to Disabled, so Calico does not"
                            + " announce " + range.cidr(),
                    "remove the field from the BGPConfiguration in Git",
                    List.of(new Related(range.cause().span(), "the class's prefix is here")));
        }
    }
}
