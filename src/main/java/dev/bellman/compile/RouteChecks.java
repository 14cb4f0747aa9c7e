package dev.bellman.compile;

import dev.bellman.address.Cidr;
import dev.bellman.address.Ip;
import dev.bellman.compile.Authorise.Grant;
import dev.bellman.compile.Decide.Decided;
import dev.bellman.compile.Decide.Decision;
import dev.bellman.diagnostic.Related;
import dev.bellman.diagnostic.Severity;
import dev.bellman.model.AddressKind;
import dev.bellman.model.AdvertisementClass;
import dev.bellman.model.BgpConfiguration;
import dev.bellman.model.Located;
import dev.bellman.plan.BgpConfigurationPlan;
import dev.bellman.plan.BgpConfigurationPlan.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Checks what the decided routes mean beside each other, and beside what is there: too many, one address twice, lists
/// that
/// somebody else writes.
final class RouteChecks {
    private final Index index;
    private final Findings findings;

    private RouteChecks(Index index, Findings findings) {
        this.index = index;
        this.findings = findings;
    }

    static void check(
            Index index, Decided decided, @Nullable BgpConfigurationPlan bgpConfiguration, Findings findings) {
        RouteChecks checks = new RouteChecks(index, findings);
        checks.checkHostRoutes(decided.decisions());
        checks.checkSharedAddresses(decided.decisions());
        if (bgpConfiguration != null) {
            checks.checkBgpConfiguration(bgpConfiguration);
        }
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
