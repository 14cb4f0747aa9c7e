package dev.bellman.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.document.Manifest;
import dev.bellman.schema.Defaults;
import dev.bellman.schema.Kinds;
import dev.bellman.testing.Manifests;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a guardrail holds back, and what it does not.
class HoldTest {
    @Test
    void aChangeThatWouldWithdrawMostOfAClassIsHeldBackUntilItIsApproved() {
        List<Manifest> cluster = cluster(10, "matchAll: true");
        List<Manifest> plans = plans(cluster);

        // Somebody meant one service, and named it.
        List<Manifest> narrowed = cluster(10, "names: [s0]");
        Hold hold = Hold.of(Judgement.of(narrowed), PresentPlans.of(plans));

        assertThat(hold.classes()).containsOnlyKeys("datacenter");
        Hold.Waiting waiting = hold.classes().get("datacenter");
        assertThat(waiting.withdrawn()).isEqualTo(9);
        assertThat(waiting.of()).isEqualTo(10);
        assertThat(changes(narrowed, hold, plans)).isEmpty();

        List<Manifest> approved = cluster(10, "names: [s0]", waiting.hash());
        assertThat(Hold.of(Judgement.of(approved), PresentPlans.of(plans)).classes())
                .isEmpty();
    }

    @Test
    void aClassInSlicesIsHeldBackAsAnyOther() {
        List<Manifest> cluster = cluster(250, "matchAll: true");
        List<Manifest> plans = plans(cluster);
        assertThat(plans).extracting(Manifest::kind).contains("NodePlanSlice");
        List<Manifest> narrowed = cluster(250, "names: [s0]");

        Hold hold = Hold.of(Judgement.of(narrowed), PresentPlans.of(plans));

        assertThat(hold.classes().get("datacenter"))
                .extracting(Hold.Waiting::withdrawn, Hold.Waiting::of)
                .containsExactly(249, 250);
        assertThat(changes(narrowed, hold, plans)).isEmpty();
    }

    @Test
    void workIsNotHeldBack() {
        List<Manifest> plans = plans(cluster(6, "matchAll: true"));

        assertThat(Hold.of(Judgement.of(cluster(6, "names: [s0]")), PresentPlans.of(plans))
                        .classes())
                .isEmpty();
    }

    @Test
    void whatSomebodyDeletedIsDeliberate() {
        List<Manifest> cluster = cluster(10, "matchAll: true");
        List<Manifest> without = cluster.stream()
                .filter(manifest -> !manifest.kind().equals("ServiceAdvertisementPolicy"))
                .toList();

        assertThat(Hold.of(Judgement.of(without), PresentPlans.of(plans(cluster)))
                        .classes())
                .isEmpty();
    }

    /// Three nodes announce; somebody has the class choose one.
    @Test
    void aClassThatWouldBeLeftWithTooFewNodesIsHeldBackUntilItIsApproved() {
        List<Manifest> plans = plans(onNodes("matchAll: true", 3, ""));

        List<Manifest> narrowed = onNodes("names: [node1]", 3, "");
        Hold hold = Hold.of(Judgement.of(narrowed), PresentPlans.of(plans));

        Hold.Waiting waiting = hold.classes().get("datacenter");
        assertThat(waiting.withdrawsTooMuch()).isFalse();
        assertThat(waiting.leavesTooFew()).isTrue();
        assertThat(waiting.ofNextHops()).isEqualTo(3);
        assertThat(changes(narrowed, hold, plans)).isEmpty();
        assertThat(Hold.of(Judgement.of(onNodes("names: [node1]", 3, waiting.hash())), PresentPlans.of(plans))
                        .classes())
                .isEmpty();
        assertThat(Hold.of(Judgement.of(onNodes("names: [node1, node2]", 3, "")), PresentPlans.of(plans))
                        .classes())
                .isEmpty();
    }

    /// Nodes are replaced while a class is held: the new one announces what the old ones do.
    @Test
    void whatIsHeldIsToldToNewNodesToo() {
        List<Manifest> plans = plans(cluster(10, "matchAll: true"));
        List<Manifest> narrowed = with(cluster(10, "names: [s0]"), Manifests.observed("""
                apiVersion: v1
                kind: Node
                metadata: {name: node2, uid: n2}
                status: {addresses: [{type: InternalIP, address: 10.0.1.2}]}
                """));
        Hold hold = Hold.of(Judgement.of(narrowed), PresentPlans.of(plans));

        assertThat(changes(narrowed, hold, plans))
                .singleElement()
                .isInstanceOfSatisfying(Change.ApplyNodePlan.class, plan -> {
                    assertThat(plan.name()).isEqualTo("node2");
                    assertThat((List<?>) plan.spec().get("services")).hasSize(10);
                });
    }

    /// However much of the class is held, what is deleted goes.
    @Test
    void aPolicyThatIsDeletedIsUndoneWhileItsClassIsHeld() {
        String other = """
                apiVersion: bellman.dev/v1alpha1
                kind: ServiceAdvertisementPolicy
                metadata: {name: other, namespace: shop, uid: o}
                spec: {className: datacenter, services: {names: [x]}, routes: PerService}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: x, namespace: shop, uid: ux}
                spec: {type: ClusterIP, clusterIP: 10.49.2.1, clusterIPs: [10.49.2.1], ports: [{port: 80}]}
                """;
        List<Manifest> plans =
                plans(with(cluster(10, "names: [s0, s1, s2, s3, s4, s5, s6, s7]"), Manifests.observed(other)));
        List<Manifest> narrowed =
                with(cluster(10, "names: [s0]"), Manifests.observed(other.substring(other.indexOf("---") + 4)));
        Hold hold = Hold.of(Judgement.of(narrowed), PresentPlans.of(plans));
        assertThat(hold.classes()).containsOnlyKeys("datacenter");

        assertThat(changes(narrowed, hold, plans))
                .singleElement()
                .isInstanceOfSatisfying(
                        Change.ApplyNodePlan.class,
                        plan -> assertThat((List<?>) plan.spec().get("services"))
                                .hasSize(8));
    }

    @Test
    void nodesThatGoAreNotHeldBackNorIsWhatNobodyAsksForAnyMore() {
        List<Manifest> cluster = onNodes("matchAll: true", 3, "");
        List<Manifest> plans = plans(cluster);

        assertThat(Hold.of(Judgement.of(onNodes("matchAll: true", 1, "")), PresentPlans.of(plans))
                        .classes())
                .isEmpty();
        List<Manifest> without = cluster.stream()
                .filter(manifest -> !manifest.kind().equals("ServiceAdvertisementPolicy"))
                .toList();
        assertThat(Hold.of(Judgement.of(without), PresentPlans.of(plans)).classes())
                .isEmpty();
    }

    /// Two services, of a class that wants two next hops.
    ///
    /// @param nodes how many there are
    private static List<Manifest> onNodes(String selection, int nodes, String approval) {
        String more = IntStream.rangeClosed(2, nodes).mapToObj("""
                apiVersion: v1
                kind: Node
                metadata: {name: node%1$d, uid: n%1$d}
                status: {addresses: [{type: InternalIP, address: 10.0.1.%1$d}]}
                ---
                """::formatted).collect(Collectors.joining());
        List<Manifest> cluster = with(
                cluster(2, "matchAll: true").stream()
                        .filter(manifest -> !manifest.kind().equals("AdvertisementClass"))
                        .toList(),
                Manifests.observed("""
                        apiVersion: bellman.dev/v1alpha1
                        kind: AdvertisementClass
                        metadata: {name: datacenter, uid: c, annotations: {bellman.dev/approved-plan: "%s"}}
                        spec:
                          backend: Bird
                          prefixes: [{cidr: 10.49.0.0/16, addresses: ClusterIP, advertise: OnDemand, namespaces: {matchAll: true}}]
                          nodes: {%s}
                          guardrails: {minNextHops: 2}
                        """.formatted(approval, selection)));
        return more.isEmpty() ? cluster : with(cluster, Manifests.observed(more));
    }

    private static List<Manifest> with(List<Manifest> some, List<Manifest> more) {
        List<Manifest> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    /// With what the API server fills in.
    private static Manifest stored(Manifest sent) {
        return sent.with(Defaults.apply(
                sent.root(), Objects.requireNonNull(Kinds.builtIn().find(sent.apiVersion(), sent.kind()))));
    }

    /// The NodePlans that the operator would have written, and their slices.
    private static List<Manifest> plans(List<Manifest> cluster) {
        return Changes.of(Judgement.of(cluster), Set.of(), Set.of(), cluster, PresentPlans.of(List.of())).stream()
                .flatMap(change -> switch (change) {
                    case Change.ApplyNodePlan plan ->
                        Stream.of(stored(Manifests.observed("NodePlan", plan.name(), plan.spec())));
                    case Change.ApplyNodePlanSlice slice ->
                        Stream.of(stored(Manifests.observed("NodePlanSlice", slice.name(), slice.spec())));
                    default -> Stream.<Manifest>of();
                })
                .toList();
    }

    private static List<Change> changes(List<Manifest> cluster, Hold hold, List<Manifest> plans) {
        return Changes.of(
                Judgement.of(cluster), hold.classes().keySet(), Set.of(), with(cluster, plans), PresentPlans.of(plans));
    }

    private static List<Manifest> cluster(int services, String selection) {
        return cluster(services, selection, "none");
    }

    private static List<Manifest> cluster(int services, String selection, String approval) {
        String text = Manifests.all(
                        Manifests.birdClass(
                                ", annotations: {bellman.dev/approved-plan: \"%s\"}".formatted(approval), ""),
                        Manifests.SPEAKER,
                        """
                apiVersion: bellman.dev/v1alpha1
                kind: ServiceAdvertisementPolicy
                metadata: {name: all, namespace: shop, uid: p, generation: 1}
                spec: {className: datacenter, services: {%1$s}, routes: PerService}
                status: {acceptedSpec: {className: datacenter, services: {%1$s}, routes: PerService}}
                ---
                apiVersion: v1
                kind: Node
                metadata: {name: node1, uid: n}
                status: {addresses: [{type: InternalIP, address: 10.0.1.1}]}
                ---
                apiVersion: v1
                kind: Namespace
                metadata: {name: shop, uid: ns}
                """.formatted(selection))
                + IntStream.range(0, services).mapToObj("""
                        ---
                        apiVersion: v1
                        kind: Service
                        metadata: {name: s%1$d, namespace: shop, uid: u%1$d}
                        spec: {type: ClusterIP, clusterIP: 10.49.1.%1$d, clusterIPs: [10.49.1.%1$d], ports: [{port: 80}]}
                        ---
                        apiVersion: discovery.k8s.io/v1
                        kind: EndpointSlice
                        metadata: {name: s%1$d-x, namespace: shop, uid: e%1$d, labels: {kubernetes.io/service-name: s%1$d}}
                        addressType: IPv4
                        endpoints: [{addresses: [10.48.1.%1$d], nodeName: node1}]
                        ports: [{port: 80, protocol: TCP}]
                        """::formatted).collect(Collectors.joining());
        return Manifests.observed(text);
    }
}
