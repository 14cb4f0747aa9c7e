package dev.bellman.compile;

import dev.bellman.compile.Authorise.Grant;
import dev.bellman.compile.Decide.Decision;
import dev.bellman.model.AdvertisementClass;
import dev.bellman.model.AdvertisementClass.Backend;
import dev.bellman.model.Attributes;
import dev.bellman.model.ClusterNode;
import dev.bellman.model.Dataplane;
import dev.bellman.model.Located;
import dev.bellman.model.Speaker;
import dev.bellman.model.TrafficPolicy;
import dev.bellman.plan.Cause;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.PlannedPeer;
import dev.bellman.plan.PlannedService;
import dev.bellman.plan.PlannedService.Address;
import dev.bellman.plan.PlannedService.When;
import dev.bellman.plan.RouteAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes one plan per node out of what was decided per class.
final class NodePlans {
    private static final Comparator<PlannedService> BY_SERVICE = Comparator.comparing(PlannedService::namespace)
            .thenComparing(PlannedService::name)
            .thenComparing(PlannedService::className)
            .thenComparing(PlannedService::collateral);

    private final Index index;
    private final NodePrefixes prefixes;
    private final Limits limits;
    private final Set<String> speakersTold = new HashSet<>();
    private final Map<String, ClassPart> parts = new LinkedHashMap<>();
    // Nodes that belong to the same classes share their lists: five hundred nodes need not hold five hundred copies.
    private final Map<List<String>, Shared> shared = new LinkedHashMap<>();

    private NodePlans(Index index, NodePrefixes prefixes, Findings findings) {
        this.index = index;
        this.prefixes = prefixes;
        this.limits = new Limits(findings);
    }

    private record ClassPart(AdvertisementClass advertisementClass, List<PlannedService> services) {}

    private record Shared(List<PlannedService> services, boolean bird) {
        // A list that takes no nulls is one that a plan need not copy.
        Shared {
            services = List.copyOf(services);
        }
    }

    static List<NodePlan> plan(
            Index index,
            NodePrefixes prefixes,
            List<Decision> decisions,
            List<PlannedService> collateral,
            Findings findings) {
        NodePlans plans = new NodePlans(index, prefixes, findings);
        for (AdvertisementClass advertisementClass : index.model().classes()) {
            plans.parts.put(advertisementClass.name(), new ClassPart(advertisementClass, new ArrayList<>()));
        }
        for (Decision decision : decisions) {
            PlannedService service = service(decision);
            if (service != null) {
                plans.part(service.className()).services().add(service);
            }
        }
        collateral.forEach(service -> plans.part(service.className()).services().add(service));
        return index.nodes().stream().map(plans::plan).toList();
    }

    private ClassPart part(String className) {
        ClassPart part = parts.get(className);
        if (part == null) {
            throw new IllegalStateException("no class " + className);
        }
        return part;
    }

    private NodePlan plan(ClusterNode node) {
        Shared lists = shared.computeIfAbsent(prefixes.classes(node), this::share);
        return new NodePlan(
                node.name(),
                dataplane(node),
                prefixes.of(node),
                lists.services(),
                lists.bird() ? peers(node) : List.of());
    }

    /// A node that is kept from announcing still has Service rules.
    private Dataplane dataplane(ClusterNode node) {
        return index.model().classes().stream()
                .filter(advertisementClass -> advertisementClass.nodes().selects(node.name(), node.labels()))
                .findFirst()
                .map(AdvertisementClass::dataplane)
                .orElse(Dataplane.DEFAULT);
    }

    private Shared share(List<String> classes) {
        List<ClassPart> mine = classes.stream().map(this::part).toList();
        return new Shared(
                mine.stream()
                        .flatMap(part -> part.services().stream())
                        .sorted(BY_SERVICE)
                        .toList(),
                mine.stream()
                        .anyMatch(part -> part.advertisementClass().backend().value() == Backend.BIRD));
    }

    static RouteAttributes attributes(Attributes attributes) {
        return new RouteAttributes(
                attributes.communities().stream().map(Located::value).toList(),
                value(attributes.localPreference()),
                value(attributes.med()),
                value(attributes.prepend()));
    }

    private static @Nullable Long value(@Nullable Located<Long> located) {
        return located == null ? null : located.value();
    }

    /// A service with host routes, or null for one that its class's prefixes cover.
    private static @Nullable PlannedService service(Decision decision) {
        Advertisement advertisement = decision.advertisement();
        if (!decision.hostRoutes() || advertisement.grants().isEmpty()) {
            return null;
        }
        return new PlannedService(
                advertisement.subject().namespace(),
                advertisement.subject().name(),
                advertisement.advertisementClass().name(),
                advertisement.advertisementClass().backend().value(),
                decision.local() ? TrafficPolicy.LOCAL : TrafficPolicy.CLUSTER,
                decision.local() ? When.LOCAL_ENDPOINT : When.ANY_ENDPOINT,
                addresses(advertisement.grants()),
                advertisement.attributes(),
                advertisement.policies(),
                false,
                decision.cause());
    }

    static List<Address> addresses(List<Grant> grants) {
        return grants.stream()
                .map(grant -> new Address(grant.kind(), grant.ip()))
                .distinct()
                .sorted(Comparator.comparing(Address::kind)
                        .thenComparing(Address::ip, Comparator.nullsLast(Comparator.naturalOrder())))
                .toList();
    }

    private List<PlannedPeer> peers(ClusterNode node) {
        List<PlannedPeer> peers = new ArrayList<>();
        for (Speaker speaker : index.model().speakers()) {
            if (speaker.nodes().selects(node.name(), node.labels())) {
                speaker.peers()
                        .forEach(peer -> peers.add(new PlannedPeer(
                                speaker.name(),
                                speaker.localAsn().value(),
                                peer,
                                new Cause(speaker.manifest().nameSpan(), null))));
            }
        }
        return limits.peers(node.name(), peers, speakersTold);
    }
}
