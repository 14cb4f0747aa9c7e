package dev.bellman.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.cluster.Conditions;
import dev.bellman.document.Manifest;
import dev.bellman.document.Plain;
import dev.bellman.report.YamlText;
import dev.bellman.testing.Manifests;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Whether a policy is carried out is what the agents say of it, and not of whatever else is in their plans.
class VerdictTest {
    private static final String POLICY = "ServiceAdvertisementPolicy shop/";
    private static final String CLUSTER = Manifests.all(
            Manifests.birdClass(
                    "", "status: {conditions: [{type: Programmed, status: \"True\", observedGeneration: 1}]}\n"),
            Manifests.SPEAKER,
            """
            apiVersion: bellman.dev/v1alpha1
            kind: ServiceAdvertisementPolicy
            metadata: {name: web, namespace: shop, uid: p1, generation: 1}
            spec: {className: datacenter, services: {names: [web]}, routes: PerService}
            ---
            apiVersion: bellman.dev/v1alpha1
            kind: ServiceAdvertisementPolicy
            metadata: {name: cart, namespace: shop, uid: p2, generation: GENERATION}
            spec: {className: datacenter, services: {names: [cart]}, routes: PerService, attributes: {med: MED}}
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: node1, uid: n1}
            status: {addresses: [{type: InternalIP, address: 10.0.1.1}]}
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: node2, uid: n2}
            status: {addresses: [{type: InternalIP, address: 10.0.1.2}]}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop, uid: ns}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop, uid: u1}
            spec: {type: ClusterIP, clusterIP: 10.49.1.1, clusterIPs: [10.49.1.1], ports: [{port: 80}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: cart, namespace: shop, uid: u2}
            spec: {type: ClusterIP, clusterIP: 10.49.1.2, clusterIPs: [10.49.1.2], ports: [{port: 80}]}
            """);

    private final List<Manifest> first = cluster(1, 10);
    private final List<Manifest> second = cluster(2, 20);

    @Test
    void aPolicyIsProgrammedOnceAllAgentsHaveTakenThePlan() {
        List<Manifest> plans = plans(first);

        assertThat(programmed(first, with(plans, "node1"), "web", null)).isEqualTo("Unknown AgentsPending");
        assertThat(programmed(first, with(plans, "node1", "node2"), "web", null))
                .isEqualTo("True Programmed");
    }

    @Test
    void aPolicyThatStaysAsItIsStaysProgrammedWhileAgentsTakeWhatAnotherOneAsks() {
        List<Manifest> before = with(plans(first), "node1", "node2");
        Map<String, Object> web = status(first, before, POLICY + "web", null);
        Map<String, Object> cart = status(first, before, POLICY + "cart", null);
        List<Manifest> behind = behind(plans(second), before);

        assertThat(programmed(second, behind, "web", web)).isEqualTo("True Programmed");
        assertThat(programmed(second, behind, "cart", cart)).isEqualTo("Unknown AgentsPending");
        assertThat(programmed(second, with(plans(second), "node1", "node2"), "cart", cart))
                .isEqualTo("True Programmed");
    }

    @Test
    void whatAnAgentFailsAtConcernsAllPolicies() {
        List<Manifest> before = with(plans(first), "node1", "node2");
        Map<String, Object> web = status(first, before, POLICY + "web", null);
        List<Manifest> failing = before.stream()
                .map(plan -> reported(
                        plan,
                        hash(plan),
                        List.of(Map.of("type", "Programmed", "status", "False", "message", "BIRD does not answer"))))
                .toList();

        assertThat(programmed(first, failing, "web", web)).isEqualTo("Unknown AgentsPending");
    }

    @Test
    void aRuleSaysHowManyObjectsBreakIt() {
        List<Manifest> cluster = new ArrayList<>(first);
        cluster.addAll(Manifests.observed("""
                apiVersion: bellman.dev/v1alpha1
                kind: AdvertisementRule
                metadata: {name: team-label, uid: r1, generation: 1}
                spec:
                  match: {kinds: [Service]}
                  expression: has(object.metadata.labels) && 'team' in object.metadata.labels
                  message: a Service needs a team
                  help: add the label team
                ---
                apiVersion: bellman.dev/v1alpha1
                kind: AdvertisementRule
                metadata: {name: any, uid: r2, generation: 1}
                spec: {match: {kinds: [Service]}, expression: has(object.spec), message: a Service needs a spec}
                """));

        assertThat(accepted(cluster, "team-label"))
                .isEqualTo("True ObjectsBreakIt: 2 objects, such as Service shop/cart: a Service needs a team;"
                        + " add the label team");
        assertThat(accepted(cluster, "any")).isEqualTo("True Accepted: ");
    }

    @Test
    void aRuleThatIsNeverCheckedOnAKindSaysSo() {
        List<Manifest> cluster = new ArrayList<>(first);
        cluster.addAll(Manifests.observed("""
                apiVersion: bellman.dev/v1alpha1
                kind: AdvertisementRule
                metadata: {name: slip, uid: r1, generation: 1}
                spec: {match: {kinds: [Servce]}, expression: has(object.spec), message: a Service needs a spec}
                """));

        assertThat(accepted(cluster, "slip"))
                .isEqualTo("True RuleKindUnknown: Bellman reads no objects of kind `Servce`, so the rule is never"
                        + " checked on them; did you mean `Service`?");
    }

    private static String accepted(List<Manifest> cluster, String rule) {
        Map<?, ?> condition = Objects.requireNonNull(Conditions.find(
                status(cluster, List.of(), "AdvertisementRule " + rule, null).get("conditions"), "Accepted"));
        return condition.get("status") + " " + condition.get("reason") + ": " + condition.get("message");
    }

    private static List<Manifest> cluster(int generation, int med) {
        return Manifests.observed(
                CLUSTER.replace("GENERATION", String.valueOf(generation)).replace("MED", String.valueOf(med)));
    }

    private static String programmed(
            List<Manifest> cluster, List<Manifest> plans, String policy, @Nullable Map<String, Object> present) {
        Map<?, ?> condition = Objects.requireNonNull(
                Conditions.find(status(cluster, plans, POLICY + policy, present).get("conditions"), "Programmed"));
        return condition.get("status") + " " + condition.get("reason");
    }

    private static Map<String, Object> status(
            List<Manifest> cluster, List<Manifest> plans, String object, @Nullable Map<String, Object> present) {
        List<Manifest> all = new ArrayList<>(cluster);
        all.addAll(plans);
        Judgement judgement = Judgement.of(cluster);
        PresentPlans there = PresentPlans.of(plans);
        Outcome outcome = Outcome.of(judgement, Hold.of(judgement, there), all, there, List.of(), Map.of());
        Manifest manifest = Objects.requireNonNull(outcome.objects().get(object));
        return Verdict.status(outcome, manifest, present, "2026-11-29T00:00:00Z");
    }

    private static List<Manifest> plans(List<Manifest> cluster) {
        return Changes.of(Judgement.of(cluster), Set.of(), Set.of(), cluster, PresentPlans.of(List.of())).stream()
                .flatMap(change -> change instanceof Change.ApplyNodePlan plan
                        ? Stream.of(Manifests.observed("NodePlan", plan.name(), plan.spec()))
                        : Stream.of())
                .toList();
    }

    /// The plans, of which these nodes have said that they carry them out.
    private static List<Manifest> with(List<Manifest> plans, String... nodes) {
        return plans.stream()
                .map(plan -> List.of(nodes).contains(plan.name()) ? reported(plan, hash(plan), List.of()) : plan)
                .toList();
    }

    /// The plans, of which the agents have said that they carry out those before.
    private static List<Manifest> behind(List<Manifest> plans, List<Manifest> before) {
        List<Manifest> behind = new ArrayList<>();
        for (int i = 0; i < plans.size(); i++) {
            behind.add(reported(plans.get(i), hash(before.get(i)), List.of()));
        }
        return behind;
    }

    private static String hash(Manifest plan) {
        return String.valueOf(plan.root().text("spec", "hash"));
    }

    private static Manifest reported(Manifest plan, String hash, List<Object> conditions) {
        Map<String, Object> object = new LinkedHashMap<>();
        ((Map<?, ?>) Objects.requireNonNull(Plain.of(plan.root())))
                .forEach((key, value) -> object.put(String.valueOf(key), value));
        object.put("status", Map.of("hashes", Map.of("plan", hash), "conditions", conditions));
        return Manifests.observed(YamlText.of(object)).getFirst();
    }
}
