package dev.bellman.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.compile.Engine;
import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.document.Manifest;
import dev.bellman.document.Plain;
import dev.bellman.testing.Manifests;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Which version of each object is in force.
class JudgementTest {
    private static final String POLICY = "ServiceAdvertisementPolicy shop/web";

    @Test
    void aGoodPolicyIsAcceptedAndInForce() {
        Judgement judgement = judge(policy("web", "web", "Local", ""));

        assertThat(judgement.accepted()).contains(POLICY, "AdvertisementClass datacenter");
        assertThat(patches(judgement)).containsExactly("shop/web Local");
    }

    @Test
    void aBadVersionLeavesTheLastGoodOneInForce() {
        Judgement judgement = judge(policy("web", "web, db", "Local", lastGood("web", "Local")));

        assertThat(judgement.accepted()).doesNotContain(POLICY);
        assertThat(judgement.replaced()).containsExactly(POLICY);
        assertThat(judgement.errors(POLICY)).isNotEmpty();
        assertThat(patches(judgement)).containsExactly("shop/web Local");
    }

    /// The status is written after the plan; a bad version may come between them.
    @Test
    void aVersionThatWasGoodJustNowIsTheLastGoodOneThoughNoStatusSaysSoYet() {
        Judgement now = judge(policy("web", "web", "Local", ""));
        Map<String, Judgement.Good> known = Map.of("p", now.good(POLICY));

        Judgement next = Judgement.of(
                cluster(policy("web", "web, db", "Local", lastGood("web", "Cluster"))), known, new Engine.Memory());

        assertThat(next.replaced()).containsExactly(POLICY);
        assertThat(patches(next)).containsExactly("shop/web Local");
        assertThat(Plain.of(next.lastGood().get(POLICY)))
                .isEqualTo(Plain.of(known.get("p").spec()));
    }

    @Test
    void aBadPolicyThatNeverWasGoodHasNoEffectAtAll() {
        Judgement judgement = judge(policy("web", "web, db", "Local", ""));

        assertThat(judgement.passedOver()).containsExactly(POLICY);
        assertThat(patches(judgement)).isEmpty();
    }

    @Test
    void ofTwoInConflictTheOneThatWasGoodStays() {
        Judgement judgement =
                judge(policy("web", "web", "Local", lastGood("web", "Local")) + policy("other", "web", "Cluster", ""));

        assertThat(judgement.errors(POLICY)).isNotEmpty();
        assertThat(judgement.errors("ServiceAdvertisementPolicy shop/other")).isNotEmpty();
        assertThat(patches(judgement)).containsExactly("shop/web Local");
    }

    @Test
    void whatIsThereIsCarriedOutThoughSomethingElseIsMissing() {
        String both = policy("web", "web, gone", "Local", "");

        assertThat(patches(judge(both))).containsExactly("shop/web Local");
        assertThat(judge(both).passedOver()).isEmpty();
        // Whichever came first.
        assertThat(patches(judge(policy("web", "web, gone", "Local", lastGood("web, gone", "Local")))))
                .containsExactly("shop/web Local");
    }

    @Test
    void whatIsInForceInPartsStaysSoWhateverBecomesWrongWithIt() {
        Judgement inParts = judge(policy("web", "web, gone", "Local", ""));
        assertThat(inParts.accepted()).doesNotContain(POLICY);
        Map<String, Judgement.Good> known = Map.of("p", inParts.good(POLICY));
        String other = policy("other", "web", "Cluster", "").replace("uid: p", "uid: o");

        Judgement stranger =
                Judgement.of(cluster(policy("web", "web, gone", "Local", "") + other), known, new Engine.Memory());
        assertThat(patches(stranger)).containsExactly("shop/web Local");
        assertThat(stranger.passedOver()).containsExactly("ServiceAdvertisementPolicy shop/other");

        // The same from what its status says, as after a restart.
        String told = lastGood("web, gone", "Local").replace("status: {", "status: {acceptedInParts: true, ");
        assertThat(patches(judge(policy("web", "web, gone", "Local", told) + other)))
                .containsExactly("shop/web Local");
        // What was missing is there, and is wrong with it: it never was good as a whole.
        assertThat(judge(policy("web", "web, db", "Local", told.replace("gone", "db")))
                        .passedOver())
                .containsExactly(POLICY);

        Judgement edited =
                Judgement.of(cluster(policy("web", "web, gone, db", "Local", "")), known, new Engine.Memory());
        assertThat(edited.replaced()).containsExactly(POLICY);
        assertThat(patches(edited)).containsExactly("shop/web Local");
    }

    /// By the alphabet the new one is the first.
    @Test
    void aNewClassThatTakesAPrefixOfAnotherHasNoEffect() {
        String good =
                "status: {acceptedSpec: {backend: Calico, prefixes: [{cidr: 10.49.0.0/16, addresses: ClusterIP, namespaces: {matchAll: true}}], nodes: {matchAll: true}}}";
        Judgement judgement = judge("""
                ---
                apiVersion: bellman.dev/v1alpha1
                kind: AdvertisementClass
                metadata: {name: aaa, uid: a}
                spec:
                  backend: Calico
                  prefixes: [{cidr: 10.49.80.0/24, addresses: ClusterIP, namespaces: {matchAll: true}}]
                  nodes: {matchAll: true}
                """, good);

        assertThat(judgement.passedOver()).containsExactly("AdvertisementClass aaa");
        assertThat(judgement.errors("AdvertisementClass aaa")).isNotEmpty();
        assertThat(judgement.errors("AdvertisementClass datacenter")).isNotEmpty();
        assertThat(judgement.result().model().classes())
                .extracting(one -> one.name())
                .containsExactly("datacenter");
    }

    /// A rolling restart leaves one node ready for a moment.
    @Test
    void howManyPodsAreReadyJustNowMakesNoPolicyWrong() {
        Judgement judgement =
                judge(policy("web", "web", "Local", lastGood("web", "Local")), "  guardrails: {minNextHops: 2}");

        assertThat(judgement.findings().get(POLICY))
                .extracting(finding -> finding.rule())
                .contains("too-few-next-hops");
        assertThat(judgement.accepted()).contains(POLICY);
    }

    @Test
    void aMistypedNameTakesNothingFromWhatWasGood() {
        String good = lastGood("web", "Local");

        Judgement service = judge(policy("web", "wbe", "Local", good));
        assertThat(service.replaced()).containsExactly(POLICY);
        assertThat(patches(service)).containsExactly("shop/web Local");

        Judgement noClass = judge(policy("web", "web", "Local", good)
                .replace(
                        "{className: datacenter, services: {names: [web]}, tr",
                        "{className: datacentre, services: {names: [web]}, tr")
                .replace("acceptedSpec: {className: datacentre", "acceptedSpec: {className: datacenter"));
        assertThat(noClass.errors(POLICY)).isNotEmpty();
        assertThat(noClass.replaced()).containsExactly(POLICY);
        assertThat(patches(noClass)).containsExactly("shop/web Local");
    }

    /// A class is renamed, policies with it, and the old one is still there: the new one is not in force yet.
    @Test
    void aPolicyStaysWhereItWasWhileTheClassThatItMovesToIsNotInForce() {
        Judgement judgement = judge(
                policy("web", "web", "Local", lastGood("web", "Local"))
                                .replace("spec: {className: datacenter", "spec: {className: edge")
                        + """
                        ---
                        apiVersion: bellman.dev/v1alpha1
                        kind: AdvertisementClass
                        metadata: {name: edge, uid: e}
                        spec:
                          backend: Calico
                          prefixes: [{cidr: 10.49.0.0/16, addresses: ClusterIP, namespaces: {matchAll: true}}]
                          nodes: {matchAll: true}
                        """,
                "status: {acceptedSpec: {backend: Calico, prefixes: [{cidr: 10.49.0.0/16, addresses: ClusterIP, namespaces: {matchAll: true}}], nodes: {matchAll: true}}}");

        assertThat(judgement.passedOver()).containsExactly("AdvertisementClass edge");
        assertThat(judgement.replaced()).containsExactly(POLICY);
        assertThat(judgement.accepted()).doesNotContain(POLICY);
        assertThat(judgement.errors(POLICY))
                .singleElement()
                .satisfies(error -> assertThat(error.message()).contains("not in force"));
        assertThat(Plain.of(judgement.lastGood().get(POLICY)).toString()).contains("datacenter");
        assertThat(patches(judgement)).containsExactly("shop/web Local");
    }

    /// What the first policy stays at and what the second one moves to are in conflict.
    @Test
    void anEditThatContradictsWhatStaysInForceIsNotCarriedOut() {
        String other = "ServiceAdvertisementPolicy shop/other";
        Judgement judgement = judge(policy("web", "nowhere", "Local", lastGood("web", "Local"))
                + policy("other", "web", "Cluster", lastGood("api", "Cluster")).replace("uid: p", "uid: o"));

        assertThat(judgement.replaced()).containsExactly(other, POLICY);
        assertThat(judgement.errors(other)).isNotEmpty();
        assertThat(patches(judgement)).contains("shop/web Local");
    }

    @Test
    void whatIsBeingDeletedHasNoEffect() {
        Judgement judgement = judge(policy("web", "web", "Local", "")
                .replace("uid: p", "deletionTimestamp: \"2026-01-01T00:00:00Z\", uid: p"));

        assertThat(judgement.leaving()).containsExactly(POLICY);
        assertThat(patches(judgement)).isEmpty();
    }

    /// Else one Service would keep every plan from being written.
    @Test
    void aServiceThatGetsMoreAddressesThanAPlanMayHaveLeavesItsPolicyInForceWithAsMany() {
        String addresses =
                IntStream.rangeClosed(1, 65).mapToObj(i -> "10.49.2." + i).collect(Collectors.joining(", "));
        Judgement judgement =
                Judgement.of(Manifests.observed(Manifests.birdClass("", "").replace("ClusterIP", "ExternalIP")
                        + """
                        ---
                        apiVersion: v1
                        kind: Service
                        metadata: {name: web, namespace: shop, uid: s1}
                        spec: {type: ClusterIP, clusterIP: 10.96.0.1, clusterIPs: [10.96.0.1], externalIPs: [%s], ports: [{port: 80}]}
                        """.formatted(addresses)
                        + policy(
                                "web",
                                "web",
                                "Unchanged, routes: PerService",
                                lastGood("web", "Unchanged, routes: PerService"))));

        assertThat(judgement.errors(POLICY)).extracting(Diagnostic::rule).containsExactly("beyond-limits");
        assertThat(judgement.replaced()).isEmpty();
        assertThat(judgement.passedOver()).isEmpty();
        assertThat(judgement.result().plan().decisions())
                .singleElement()
                .satisfies(decision -> assertThat(decision.addresses()).hasSize(64));
    }

    private static List<String> patches(Judgement judgement) {
        return judgement.result().plan().patches().stream()
                .map(patch -> patch.service() + " " + patch.value().word())
                .toList();
    }

    private static String lastGood(String services, String trafficPolicy) {
        return "status: {acceptedSpec: {className: datacenter, services: {names: [%s]}, trafficPolicy: %s}}"
                .formatted(services, trafficPolicy);
    }

    private static String policy(String name, String services, String trafficPolicy, String status) {
        return """
                ---
                apiVersion: bellman.dev/v1alpha1
                kind: ServiceAdvertisementPolicy
                metadata: {name: %s, namespace: shop, uid: p, generation: 2}
                spec: {className: datacenter, services: {names: [%s]}, trafficPolicy: %s}
                %s
                """.formatted(name, services, trafficPolicy, status);
    }

    private static Judgement judge(String policies) {
        return judge(policies, "");
    }

    private static Judgement judge(String policies, String statusOfClass) {
        return Judgement.of(cluster(policies, statusOfClass));
    }

    private static List<Manifest> cluster(String policies) {
        return cluster(policies, "");
    }

    private static List<Manifest> cluster(String policies, String statusOfClass) {
        String text = """
                apiVersion: bellman.dev/v1alpha1
                kind: AdvertisementClass
                metadata: {name: datacenter, uid: c}
                spec:
                  backend: Calico
                  prefixes: [{cidr: 10.49.0.0/16, addresses: ClusterIP, namespaces: {matchAll: true}}]
                  nodes: {matchAll: true}
                STATUS
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: shop, uid: s1}
                spec: {type: NodePort, clusterIP: 10.49.0.1, clusterIPs: [10.49.0.1], externalTrafficPolicy: Cluster, ports: [{port: 80}]}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: db, namespace: shop, uid: s2}
                spec: {type: ClusterIP, clusterIP: 10.49.0.2, clusterIPs: [10.49.0.2], ports: [{port: 80}]}
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: web-1, namespace: shop, uid: e, labels: {kubernetes.io/service-name: web}}
                addressType: IPv4
                endpoints: [{addresses: [10.48.0.1], nodeName: node1}]
                ports: [{port: 80, protocol: TCP}]
                """.replace("STATUS", statusOfClass) + policies;
        return Manifests.observed(Manifests.all(Manifests.SHOP, text));
    }
}
