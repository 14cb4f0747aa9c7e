package dev.bellman.compile;

import dev.bellman.address.Cidr;
import dev.bellman.address.Ip;
import dev.bellman.compile.Authorise.Grant;
import dev.bellman.compile.Decide.Decision;
import dev.bellman.compile.Limits.Wanted;
import dev.bellman.diagnostic.Related;
import dev.bellman.diagnostic.Span;
import dev.bellman.model.AddressKind;
import dev.bellman.model.AdvertisementClass;
import dev.bellman.model.AdvertisementClass.Backend;
import dev.bellman.model.BgpConfiguration;
import dev.bellman.model.ClusterNode;
import dev.bellman.model.Located;
import dev.bellman.model.Prefix;
import dev.bellman.model.Selection;
import dev.bellman.plan.BgpConfigurationPlan;
import dev.bellman.plan.BgpConfigurationPlan.Entry;
import dev.bellman.plan.Cause;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Lowers classes with the Calico backend to the one BGPConfiguration that Calico reads.
///
/// Transforms `prefix 10.49.0.0/16 ClusterIP Always` into `serviceClusterIPs: [10.49.0.0/16]`, and communities into
/// `prefixAdvertisements`. An external or load balancer address that needs a host route although its service is not
/// Local, or whose prefix is on demand, becomes a single-address entry, which Calico announces from every node. What
/// Calico cannot do is a finding, never an approximation.
final class LowerCalico {
    private final Index index;
    private final Findings findings;
    private final Map<AddressKind, TreeMap<Cidr, Entry>> lists = new EnumMap<>(AddressKind.class);
    private final TreeMap<Cidr, List<Wanted>> communities = new TreeMap<>();

    private LowerCalico(Index index, Findings findings) {
        this.index = index;
        this.findings = findings;
    }

    static @Nullable BgpConfigurationPlan lower(Index index, List<Decision> decisions, Findings findings) {
        List<AdvertisementClass> classes =
                index.model().classes().stream().filter(LowerCalico::isCalico).toList();
        if (classes.isEmpty()) {
            return null;
        }
        LowerCalico lower = new LowerCalico(index, findings);
        classes.forEach(lower::lower);
        decisions.stream()
                .filter(decision -> isCalico(decision.advertisement().advertisementClass()))
                .forEach(lower::lower);
        Map<AddressKind, List<Entry>> lists = new EnumMap<>(AddressKind.class);
        lower.lists.forEach((kind, entries) -> lists.put(kind, List.copyOf(entries.values())));
        return new BgpConfigurationPlan(
                lists, lower.aggregated(), new Limits(findings).advertisements(lower.communities));
    }

    /// Where the cluster keeps Calico from announcing ranges of load balancer addresses and a class wants one
    /// announced.
    private @Nullable Entry aggregated() {
        BgpConfiguration present = index.model().bgpConfiguration();
        return present == null || !present.disablesAggregation() || present.declaresAggregation()
                ? null
                : firstRange(lists.getOrDefault(AddressKind.LOAD_BALANCER_IP, new TreeMap<>())
                        .values());
    }

    static @Nullable Entry firstRange(Collection<Entry> entries) {
        return entries.stream()
                .filter(entry -> !entry.cidr().single())
                .findFirst()
                .orElse(null);
    }

    static boolean isCalico(AdvertisementClass advertisementClass) {
        return advertisementClass.backend().value() == Backend.CALICO;
    }

    /// Whether a class with the Calico backend grants a range.
    static boolean grants(List<AdvertisementClass> classes, AddressKind kind, Cidr range) {
        return classes.stream()
                .filter(LowerCalico::isCalico)
                .flatMap(advertisementClass -> advertisementClass.prefixes().stream())
                .anyMatch(prefix -> prefix.kind() == kind && prefix.cidr().contains(range));
    }

    private void lower(AdvertisementClass advertisementClass) {
        checkNodes(advertisementClass);
        Decide.singles(advertisementClass.attributes())
                .forEach(attribute ->
                        reportAttribute(attribute, advertisementClass.manifest().object(), advertisementClass));
        List<String> defaults = advertisementClass.attributes().communities().stream()
                .map(Located::value)
                .toList();
        for (Prefix prefix : advertisementClass.prefixes()) {
            Cause cause = new Cause(prefix.span(), null);
            if (prefix.advertise() == Prefix.Advertise.ALWAYS) {
                add(prefix.kind(), prefix.cidr(), cause);
                advertise(
                        prefix.cidr(),
                        new Wanted(
                                defaults,
                                Set.copyOf(defaults),
                                true,
                                advertisementClass.manifest().object(),
                                cause));
            } else if (prefix.kind() == AddressKind.CLUSTER_IP) {
                cannot(
                        prefix.advertiseSpan(),
                        advertisementClass.manifest().object(),
                        "Calico cannot announce host routes of cluster addresses without their whole prefix "
                                + prefix.cidr(),
                        "say `advertise: Always`, or give the class the Bird backend",
                        advertisementClass);
            }
        }
    }

    /// Calico announces service prefixes from every node that the exclude label does not take out.
    private void checkNodes(AdvertisementClass advertisementClass) {
        Selection nodes = advertisementClass.nodes();
        boolean narrows = switch (nodes) {
            case Selection.All _, Selection.None _ -> false;
            case Selection.Names _, Selection.Labelled _ ->
                !index.nodesKnown()
                        || index.nodes().stream()
                                .filter(node -> !node.excludedByCalico())
                                .anyMatch(node -> !nodes.selects(node.name(), node.labels()));
        };
        if (!narrows) {
            return;
        }
        List<Related> left = index.nodes().stream()
                .filter(node -> !node.excludedByCalico() && !nodes.selects(node.name(), node.labels()))
                .limit(3)
                .map(node -> new Related(node.span(), "Calico would announce from node " + node.name() + " too"))
                .toList();
        findings.reportWithHelp(
                "backend-cannot-express",
                nodes.span(),
                advertisementClass.manifest().object(),
                "Calico announces service prefixes from every node and cannot be narrowed to some",
                "say `matchAll: true` and keep nodes out with the label " + ClusterNode.EXCLUDE_LABEL
                        + "=true, or give the class the Bird backend",
                left);
    }

    private void lower(Decision decision) {
        Advertisement advertisement = decision.advertisement();
        for (Binding binding : advertisement.bindings()) {
            Decide.singles(binding.policy().attributes())
                    .forEach(attribute ->
                            reportAttribute(attribute, binding.object(), advertisement.advertisementClass()));
        }
        if (!decision.hostRoutes()) {
            return;
        }
        for (Grant grant : advertisement.grants()) {
            lower(decision, grant);
        }
    }

    private void lower(Decision decision, Grant grant) {
        Advertisement advertisement = decision.advertisement();
        boolean wholePrefix = grant.prefix() != null && grant.prefix().advertise() == Prefix.Advertise.ALWAYS;
        // Inside an announced prefix Calico adds the host route of a Local service by itself.
        boolean byItself = decision.local() && wholePrefix;
        Ip ip = grant.ip();
        if (grant.kind() == AddressKind.CLUSTER_IP) {
            if (!decision.local()) {
                advertisement.bindings().forEach(binding -> cannotPerService(binding, advertisement));
                return;
            }
        } else if (!byItself && ip != null) {
            add(grant.kind(), ip.host(), decision.cause());
        }
        if (ip != null) {
            advertise(
                    ip.host(),
                    new Wanted(
                            advertisement.attributes().communities(),
                            Limits.communities(
                                    advertisement.advertisementClass().attributes()),
                            false,
                            "ServiceAdvertisementPolicy " + decision.cause().policy(),
                            decision.cause()));
        }
    }

    private void cannotPerService(Binding binding, Advertisement advertisement) {
        Located<?> routes = binding.policy().routes();
        if (routes != null) {
            cannot(
                    routes.span(),
                    binding.object(),
                    "Calico cannot give the cluster address of Service `"
                            + binding.subject().name()
                            + "` a host route of its own while its traffic policy is Cluster",
                    "ask for `trafficPolicy: Local`, leave `routes` out, or use a class with the Bird backend",
                    advertisement.advertisementClass());
        }
    }

    private void reportAttribute(Located<String> attribute, String object, AdvertisementClass advertisementClass) {
        cannot(
                attribute.span(),
                object,
                "Calico's service advertisement cannot set " + attribute.value(),
                "use communities, which Calico can add per prefix, or a class with the Bird backend",
                advertisementClass);
    }

    private void cannot(Span span, String object, String message, String help, AdvertisementClass advertisementClass) {
        findings.reportWithHelp(
                "backend-cannot-express",
                span,
                object,
                message,
                help,
                List.of(new Related(advertisementClass.backend().span(), "the class has the Calico backend")));
    }

    private void add(AddressKind kind, Cidr cidr, Cause cause) {
        lists.computeIfAbsent(kind, _ -> new TreeMap<>()).putIfAbsent(cidr, new Entry(cidr, cause));
    }

    private void advertise(Cidr cidr, Wanted wanted) {
        if (!wanted.communities().isEmpty()) {
            communities.computeIfAbsent(cidr, _ -> new ArrayList<>()).add(wanted);
        }
    }
}
