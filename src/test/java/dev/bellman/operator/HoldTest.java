package dev.bellman.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.document.Manifest;
import dev.bellman.testing.Manifests;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What a guardrail holds back, and what it does not.
class HoldTest {
    @Test
    void aChangeThatWouldWithdrawMostOfAClassIsHeldBackUntilItIsApproved() {
        List<Manifest> cluster = cluster(10, "matchAll: true");
        List<Manifest> plans = Plans.of(cluster);

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
        List<Manifest> plans = Plans.of(cluster);
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
        List<Manifest> plans = Plans.of(cluster(6, "matchAll: true"));

        assertThat(Hold.of(Judgement.of(cluster(6, "names: [s0]")), PresentPlans.of(plans))
                        .classes())
                .isEmpty();
    }

    @Test
    void aServiceThatIsDeletedTakesItsAddressAlong() {
        List<Manifest> plans = Plans.of(cluster(10, "matchAll: true"));

        assertThat(Hold.of(Judgement.of(cluster(2, "matchAll: true")), PresentPlans.of(plans))
                        .classes())
                .isEmpty();
    }

    @Test
    void whatSomebodyDeletedIsDeliberate() {
        List<Manifest> cluster = cluster(10, "matchAll: true");
        List<Manifest> without = cluster.stream()
                .filter(manifest -> !manifest.kind().equals("ServiceAdvertisementPolicy"))
                .toList();

        assertThat(Hold.of(Judgement.of(without), PresentPlans.of(Plans.of(cluster)))
                        .classes())
                .isEmpty();
    }

    /// Three nodes announce; somebody has the class choose one.
    @Test
    void aClassThatWouldBeLeftWithTooFewNodesIsHeldBackUntilItIsApproved() {
        List<Manifest> plans = Plans.of(onNodes("matchAll: true", 3, ""));

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
        List<Manifest> plans = Plans.of(cluster(10, "matchAll: true"));
        List<Manifest> narrowed = Plans.with(cluster(10, "names: [s0]"), Manifests.observed("""
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
                Plans.of(Plans.with(cluster(10, "names: [s0, s1, s2, s3, s4, s5, s6, s7]"), Manifests.observed(other)));
        List<Manifest> narrowed =
                Plans.with(cluster(10, "names: [s0]"), Manifests.observed(other.substring(other.indexOf("---") + 4)));
        Hold hold = Hold.of(Judgement.of(narrowed), PresentPlans.of(plans));
        assertThat(hold.classes()).containsOnlyKeys("datacenter");

        assertThat(changes(narrowed, hold, plans))
                .singleElement()
                .isInstanceOfSatisfying(
                        Change.ApplyNodePlan.class,
                        plan -> assertThat((List<?>) plan.spec().get("services"))
                                .hasSize(8));
    }

    /// Twelve files of one commit are applied one after the other.
    @Test
    void oneAccidentInManySmallChangesIsHeldBackAsWell() {
        Withdrawals withdrawals = new Withdrawals();
        List<Manifest> present = Plans.of(cluster(12, names(12)));
        Hold hold = new Hold(Map.of(), Set.of());
        int left = 12;
        while (hold.classes().isEmpty() && left > 0) {
            left--;
            List<Manifest> cluster = cluster(12, names(left));
            hold = Hold.of(Judgement.of(cluster), PresentPlans.of(present), Map.of(), withdrawals, 12 - left);
            present = hold.classes().isEmpty() ? Plans.of(cluster) : present;
        }

        assertThat(left).isEqualTo(6);
        assertThat(hold.classes().get("datacenter"))
                .extracting(Hold.Waiting::withdrawn, Hold.Waiting::of, Hold.Waiting::lately)
                .containsExactly(6, 12, 5);
        long much = TimeUnit.SECONDS.toNanos(59);
        assertThat(Hold.of(Judgement.of(cluster(12, names(6))), PresentPlans.of(present), Map.of(), withdrawals, much)
                        .classes())
                .as("waiting alone does not help")
                .isNotEmpty();
        assertThat(Hold.of(
                                Judgement.of(cluster(12, names(6))),
                                PresentPlans.of(present),
                                Map.of(),
                                withdrawals,
                                2 * much)
                        .classes())
                .isNotEmpty();
        assertThat(Hold.of(
                                Judgement.of(cluster(12, names(7))),
                                PresentPlans.of(present),
                                Map.of(),
                                withdrawals,
                                2 * much)
                        .classes())
                .as("mended")
                .isEmpty();
    }

    /// What was to be a minute's worth of small changes would else go through once the minute is over.
    @Test
    void aClassThatIsHeldStaysSoThoughLittleIsLeftOfIt() {
        List<Manifest> plans = Plans.of(cluster(5, names(5)));
        List<Manifest> emptied = cluster(5, names(1));
        Map<String, Manifest> held =
                Map.of("AdvertisementClass datacenter", Manifests.observed("""
                apiVersion: bellman.dev/v1alpha1
                kind: AdvertisementClass
                metadata: {name: datacenter}
                status: {conditions: [{type: Programmed, status: "False", reason: GuardrailHolds}]}
                """).getFirst());

        assertThat(Hold.of(Judgement.of(emptied), PresentPlans.of(plans)).classes())
                .isEmpty();
        Hold hold = Hold.of(Judgement.of(emptied), PresentPlans.of(plans), held, new Withdrawals(), 0);
        assertThat(hold.classes()).containsOnlyKeys("datacenter");
        String approval = hold.classes().get("datacenter").hash();
        assertThat(Hold.of(
                                Judgement.of(cluster(5, names(1), approval)),
                                PresentPlans.of(plans),
                                held,
                                new Withdrawals(),
                                0)
                        .approved())
                .containsExactly("datacenter");
        assertThat(Hold.of(Judgement.of(cluster(5, names(5))), PresentPlans.of(plans), held, new Withdrawals(), 0)
                        .classes())
                .as("mended")
                .isEmpty();
    }

    /// As where the cause is the label of a namespace: nothing of Bellman's is edited.
    @Test
    void anApprovalIsSpentOnceItWasMadeUseOf() {
        List<Manifest> plans = Plans.of(cluster(10, "matchAll: true"));
        Judgement narrowed = Judgement.of(cluster(10, "names: [s0]"));
        String approval = Hold.of(narrowed, PresentPlans.of(plans))
                .classes()
                .get("datacenter")
                .hash();
        Map<String, Manifest> spent = Map.of(
                "AdvertisementClass datacenter",
                Manifests.observed("""
                apiVersion: bellman.dev/v1alpha1
                kind: AdvertisementClass
                metadata: {name: datacenter}
                status: {spentApproval: %s}
                """.formatted(approval)).getFirst());

        Hold again = Hold.of(
                Judgement.of(cluster(10, "names: [s0]", approval)),
                PresentPlans.of(plans),
                spent,
                new Withdrawals(),
                0);

        assertThat(again.classes()).containsOnlyKeys("datacenter");
        assertThat(again.classes().get("datacenter").hash()).isNotEqualTo(approval);
    }

    @Test
    void aMinuteLaterIsAnotherChange() {
        Withdrawals withdrawals = new Withdrawals();
        List<Manifest> present = Plans.of(cluster(12, names(12)));
        assertThat(Hold.of(Judgement.of(cluster(12, names(8))), PresentPlans.of(present), Map.of(), withdrawals, 0)
                        .classes())
                .isEmpty();
        present = Plans.of(cluster(12, names(8)));

        long later = TimeUnit.SECONDS.toNanos(60);
        assertThat(Hold.of(Judgement.of(cluster(12, names(4))), PresentPlans.of(present), Map.of(), withdrawals, later)
                        .classes())
                .isEmpty();
    }

    private static String names(int services) {
        return "names: [" + IntStream.range(0, services).mapToObj(i -> "s" + i).collect(Collectors.joining(", ")) + "]";
    }

    /// A service with two pods on one of three nodes becomes Local, or its class leaves just that node out.
    @Test
    void aServiceThatWouldBeLeftWithoutANextHopIsHeldBack() {
        List<Manifest> plans = Plans.of(onNodes("matchAll: true", 3, ""));
        // All pods are on node1.
        List<Manifest> elsewhere = onNodes("names: [node2, node3]", 3, "");
        assertThat(Hold.of(Judgement.of(elsewhere), PresentPlans.of(plans)).classes())
                .as("Cluster: any node will do")
                .isEmpty();

        List<Manifest> localPlans = Plans.of(local(onNodes("matchAll: true", 3, "")));
        List<Manifest> local = local(elsewhere);
        Hold hold = Hold.of(Judgement.of(local), PresentPlans.of(localPlans));

        assertThat(hold.classes().get("datacenter").starved())
                .containsExactly(new NextHops.Starved("shop/s0", 1, 0), new NextHops.Starved("shop/s1", 1, 0));
        assertThat(changes(local, hold, localPlans)).isEmpty();
        String approval = hold.classes().get("datacenter").hash();
        assertThat(Hold.of(
                                Judgement.of(local(onNodes("names: [node2, node3]", 3, approval))),
                                PresentPlans.of(localPlans))
                        .classes())
                .isEmpty();
    }

    private static List<Manifest> local(List<Manifest> cluster) {
        return cluster.stream()
                .map(manifest -> switch (manifest.kind()) {
                    case "Service" ->
                        Manifests.observed("""
                                apiVersion: v1
                                kind: Service
                                metadata: {name: %1$s, namespace: shop, uid: u%1$s}
                                spec: {type: NodePort, externalTrafficPolicy: Cluster, clusterIP: %2$s, clusterIPs: [%2$s], ports: [{port: 80}]}
                                """.formatted(
                                                manifest.name(), manifest.root().text("spec", "clusterIP")))
                                .getFirst();
                    case "ServiceAdvertisementPolicy" -> Manifests.observed("""
                                apiVersion: bellman.dev/v1alpha1
                                kind: ServiceAdvertisementPolicy
                                metadata: {name: all, namespace: shop, uid: p, generation: 1}
                                spec: {className: datacenter, services: {matchAll: true}, trafficPolicy: Local}
                                """).getFirst();
                    default -> manifest;
                })
                .toList();
    }

    /// An approval is for one change at one time.
    @Test
    void anApprovalDoesNotLetTheSameChangePassAnotherTime() {
        List<Manifest> plans = Plans.of(cluster(10, "matchAll: true"));
        String approval = Hold.of(Judgement.of(cluster(10, "names: [s0]")), PresentPlans.of(plans))
                .classes()
                .get("datacenter")
                .hash();

        // The policy was edited back, and then again.
        List<Manifest> again = cluster(10, "names: [s0]", approval).stream()
                .map(manifest -> manifest.kind().equals("ServiceAdvertisementPolicy")
                        ? Manifests.observed("""
                                apiVersion: bellman.dev/v1alpha1
                                kind: ServiceAdvertisementPolicy
                                metadata: {name: all, namespace: shop, uid: p, generation: 3}
                                spec: {className: datacenter, services: {names: [s0]}, routes: PerService}
                                """).getFirst()
                        : manifest)
                .toList();

        assertThat(Hold.of(Judgement.of(again), PresentPlans.of(plans)).classes())
                .containsOnlyKeys("datacenter");
    }

    @Test
    void nodesThatGoAreNotHeldBackNorIsWhatNobodyAsksForAnyMore() {
        List<Manifest> cluster = onNodes("matchAll: true", 3, "");
        List<Manifest> plans = Plans.of(cluster);

        assertThat(Hold.of(Judgement.of(onNodes("matchAll: true", 1, "")), PresentPlans.of(plans))
                        .classes())
                .isEmpty();
        List<Manifest> without = cluster.stream()
                .filter(manifest -> !manifest.kind().equals("ServiceAdvertisementPolicy"))
                .toList();
        assertThat(Hold.of(Judgement.of(without), PresentPlans.of(plans)).classes())
                .isEmpty();
    }

    /// Somebody mistypes a number of the prefix that all of them are reached through.
    @Test
    void aPrefixThatManyServicesAreReachedThroughIsHeldBack() {
        List<Manifest> plans = Plans.of(covered("10.49.0.0/16"));
        List<Manifest> mistyped = covered("10.94.0.0/16");

        Hold hold = Hold.of(Judgement.of(mistyped), PresentPlans.of(plans));

        assertThat(hold.classes().get("datacenter"))
                .extracting(Hold.Waiting::withdrawn, Hold.Waiting::of)
                .containsExactly(10, 10);
        assertThat(changes(mistyped, hold, plans)).isEmpty();
        assertThat(Hold.of(Judgement.of(covered("10.49.0.0/23")), PresentPlans.of(plans))
                        .classes())
                .as("one that still holds all of them")
                .isEmpty();
        String approval = hold.classes().get("datacenter").hash();
        assertThat(Hold.of(Judgement.of(covered("10.94.0.0/16", approval)), PresentPlans.of(plans))
                        .classes())
                .isEmpty();
    }

    @Test
    void aSpeakerThatNoLongerChoosesTheNodesOfAClassIsHeldBack() {
        List<Manifest> plans = Plans.of(cluster(2, "matchAll: true"));
        // It is an edit, and not a speaker that never was good.
        List<Manifest> edited = Plans.with(speaking("nodes: {names: [node2]}"), Manifests.observed("""
                apiVersion: v1
                kind: Node
                metadata: {name: node2, uid: n2, labels: {node.kubernetes.io/exclude-from-external-load-balancers: ""}}
                status: {addresses: [{type: InternalIP, address: 10.0.1.2}]}
                """));

        Hold hold = Hold.of(Judgement.of(edited), PresentPlans.of(plans));

        assertThat(hold.classes().get("datacenter"))
                .extracting(Hold.Waiting::nextHops, Hold.Waiting::ofNextHops)
                .containsExactly(0, 1);
        assertThat(changes(edited, hold, plans))
                .extracting(Change::object)
                .doesNotContain("NodePlan node1")
                .noneMatch(object -> object.startsWith("Service "));
    }

    @Test
    void aSpeakerThatSomebodyDeletedIsDeliberate() {
        List<Manifest> plans = Plans.of(cluster(2, "matchAll: true"));
        List<Manifest> without = cluster(2, "matchAll: true").stream()
                .filter(manifest -> !manifest.kind().equals("BGPSpeaker"))
                .toList();

        assertThat(Hold.of(Judgement.of(without), PresentPlans.of(plans)).classes())
                .isEmpty();
    }

    @Test
    void aHeldClassKeepsItsSessionsAndGetsNewOnes() {
        List<Manifest> plans = Plans.of(cluster(10, "matchAll: true"));
        List<Manifest> narrowed =
                speaking("nodes: {matchAll: true}", "peers: [{name: new, address: 10.0.1.11, asn: 64512}]").stream()
                        .filter(manifest -> !manifest.kind().equals("ServiceAdvertisementPolicy"))
                        .toList();
        narrowed = Plans.with(
                narrowed,
                cluster(10, "names: [s0]").stream()
                        .filter(manifest -> manifest.kind().equals("ServiceAdvertisementPolicy")
                                || manifest.kind().equals("Service"))
                        .toList());
        Hold hold = Hold.of(Judgement.of(narrowed), PresentPlans.of(plans));
        assertThat(hold.classes()).containsOnlyKeys("datacenter");

        assertThat(changes(narrowed, hold, plans))
                .singleElement()
                .isInstanceOfSatisfying(
                        Change.ApplyNodePlan.class,
                        plan -> assertThat(plan.spec().get("peers").toString()).contains("10.0.1.10", "10.0.1.11"));
    }

    /// The cluster of ten, no service or two, with another speaker.
    private static List<Manifest> speaking(String nodes) {
        return speaking(nodes, "peers: [{name: tor, address: 10.0.1.10, asn: 64512}]");
    }

    private static List<Manifest> speaking(String nodes, String peers) {
        return Plans.with(
                cluster(2, "matchAll: true").stream()
                        .filter(manifest -> !manifest.kind().equals("BGPSpeaker"))
                        .toList(),
                Manifests.observed("""
                        apiVersion: bellman.dev/v1alpha1
                        kind: BGPSpeaker
                        metadata: {name: tor, uid: b, generation: 2}
                        spec:
                          %s
                          localASN: 64512
                          %s
                        """.formatted(nodes, peers)));
    }

    /// Ten services that are reached through their prefix.
    private static List<Manifest> covered(String prefix) {
        return covered(prefix, "none");
    }

    private static List<Manifest> covered(String prefix, String approval) {
        return Plans.with(
                cluster(10, "matchAll: true").stream()
                        .filter(manifest -> !manifest.kind().equals("AdvertisementClass")
                                && !manifest.kind().equals("ServiceAdvertisementPolicy"))
                        .toList(),
                Manifests.observed("""
                        apiVersion: bellman.dev/v1alpha1
                        kind: AdvertisementClass
                        metadata: {name: datacenter, uid: c, annotations: {bellman.dev/approved-plan: "%s"}}
                        spec:
                          backend: Bird
                          prefixes: [{cidr: %s, addresses: ClusterIP, advertise: Always, namespaces: {matchAll: true}}]
                          nodes: {matchAll: true}
                        ---
                        apiVersion: bellman.dev/v1alpha1
                        kind: ServiceAdvertisementPolicy
                        metadata: {name: all, namespace: shop, uid: p, generation: 1}
                        spec: {className: datacenter, services: {matchAll: true}}
                        status: {acceptedSpec: {className: datacenter, services: {matchAll: true}}}
                        """.formatted(approval, prefix)));
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
        List<Manifest> cluster = Plans.with(
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
        return more.isEmpty() ? cluster : Plans.with(cluster, Manifests.observed(more));
    }

    private static List<Change> changes(List<Manifest> cluster, Hold hold, List<Manifest> plans) {
        return Plans.changes(cluster, hold.classes().keySet(), Set.of(), plans).list();
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
