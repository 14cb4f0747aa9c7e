package dev.bellman.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.cluster.Conditions;
import dev.bellman.document.Manifest;
import dev.bellman.testing.Manifests;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
        List<Manifest> plans = Plans.of(first);

        assertThat(programmed(first, with(plans, "node1"), "web", null)).isEqualTo("Unknown AgentsPending");
        assertThat(programmed(first, with(plans, "node1", "node2"), "web", null))
                .isEqualTo("True Programmed");
    }

    /// Else each change would write the class twice where a node has no agent.
    @Test
    void whatIsSaidOfAgentsThatNeverReportedIsTheSameWhileTheirPlansAreWritten() {
        List<Manifest> plans = Plans.of(first);
        List<Change> changes = Plans.changes(second, Set.of(), Set.of(), plans).list();
        assertThat(changes).isNotEmpty();
        Judgement judgement = Judgement.of(second);
        PresentPlans there = PresentPlans.of(plans);
        Outcome writing = Outcome.of(
                judgement,
                Hold.of(judgement, there),
                Plans.with(second, plans),
                there,
                changes,
                new Changes.Withheld(Map.of(), Map.of(), null),
                Map.of());

        String afterwards = Plans.condition(
                Plans.outcome(second, Plans.of(second), Map.of()), "AdvertisementClass datacenter", "Programmed");

        assertThat(Plans.condition(writing, "AdvertisementClass datacenter", "Programmed"))
                .isEqualTo(afterwards)
                .contains("no agent has reported");
    }

    @Test
    void aPolicyThatStaysAsItIsStaysProgrammedWhileAgentsTakeWhatAnotherOneAsks() {
        List<Manifest> before = with(Plans.of(first), "node1", "node2");
        Map<String, Object> web = status(first, before, POLICY + "web", null);
        Map<String, Object> cart = status(first, before, POLICY + "cart", null);
        List<Manifest> behind = behind(Plans.of(second), before);

        assertThat(programmed(second, behind, "web", web)).isEqualTo("True Programmed");
        assertThat(programmed(second, behind, "cart", cart)).isEqualTo("Unknown AgentsPending");
        assertThat(programmed(second, with(Plans.of(second), "node1", "node2"), "cart", cart))
                .isEqualTo("True Programmed");
    }

    @Test
    void whatAnAgentFailsAtConcernsAllPolicies() {
        List<Manifest> before = with(Plans.of(first), "node1", "node2");
        Map<String, Object> web = status(first, before, POLICY + "web", null);
        List<Manifest> failing = before.stream()
                .map(plan -> Plans.reported(
                        plan, Map.of("type", "Programmed", "status", "False", "message", "BIRD does not answer")))
                .toList();

        assertThat(programmed(first, failing, "web", web)).isEqualTo("Unknown AgentsPending");
    }

    @Test
    void whatNoNodeAnnouncesIsNotCarriedOut() {
        Map<String, Object> down =
                Map.of("type", "Advertised", "status", "False", "reason", "SessionsDown", "message", "tor is Active");
        List<Manifest> plans = Plans.of(first);
        List<Manifest> silent =
                plans.stream().map(plan -> Plans.reported(plan, down)).toList();

        Outcome outcome = Plans.outcome(first, silent, Map.of());

        assertThat(Plans.condition(outcome, "AdvertisementClass datacenter", "Ready"))
                .isEqualTo("Unknown NotAdvertised: no node announces it; node node1: tor is Active");
        assertThat(Plans.condition(outcome, POLICY + "web", "Ready"))
                .isEqualTo("Unknown NotAdvertised: no node of class datacenter announces it");

        List<Manifest> one = List.of(silent.getFirst(), Plans.reported(plans.getLast()));
        Outcome half = Plans.outcome(first, one, Map.of());
        assertThat(Plans.condition(half, "AdvertisementClass datacenter", "Ready"))
                .isEqualTo("True Ready: 2 nodes carry it out, of which 1 announces not all of it;"
                        + " node node1: tor is Active");
        assertThat(Plans.condition(half, POLICY + "web", "Ready")).startsWith("True");
    }

    @Test
    void aSliceThatIsRefusedIsNoMatterOfOtherClasses() {
        List<Manifest> cluster = new ArrayList<>(first);
        cluster.addAll(Manifests.observed(
                IntStream.range(0, 210).mapToObj("""
                        apiVersion: v1
                        kind: Service
                        metadata: {name: s%1$d, namespace: shop, uid: s%1$d}
                        spec: {type: ClusterIP, clusterIP: 10.49.2.%1$d, clusterIPs: [10.49.2.%1$d], ports: [{port: 80}]}
                        ---
                        """::formatted).collect(Collectors.joining())
                        + """
                apiVersion: bellman.dev/v1alpha1
                kind: ServiceAdvertisementPolicy
                metadata: {name: many, namespace: shop, uid: p3, generation: 1}
                spec:
                  className: datacenter
                  services: {names: [%s]}
                  routes: PerService
                """.formatted(
                                IntStream.range(0, 210).mapToObj(i -> "s" + i).collect(Collectors.joining(", ")))));
        cluster.addAll(Manifests.observed(Manifests.secondClass("Always")));
        List<Manifest> plans = Plans.of(cluster);
        PresentPlans there = PresentPlans.of(plans);
        List<Manifest> told = plans.stream()
                .map(plan -> plan.kind().equals("NodePlan")
                        ? Plans.reported(plan, Plans.hash(there.whole().getFirst()), List.of())
                        : plan)
                .toList();
        String slice = there.slices().keySet().iterator().next();

        Outcome outcome = Plans.outcome(
                cluster, told, Map.of("NodePlanSlice " + slice, new Problem("Refused", "no such slice", false)));

        assertThat(Plans.condition(outcome, "AdvertisementClass second", "Programmed"))
                .startsWith("True");
        assertThat(Plans.condition(outcome, "AdvertisementClass datacenter", "Programmed"))
                .isEqualTo("Unknown AgentsPending: 0 of 2 nodes carry it out; node node1: no such slice");
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
        return Plans.status(Plans.outcome(cluster, plans, Map.of()), object, present);
    }

    /// The plans, of which these nodes have said that they carry them out.
    private static List<Manifest> with(List<Manifest> plans, String... nodes) {
        return plans.stream()
                .map(plan -> List.of(nodes).contains(plan.name()) ? Plans.reported(plan) : plan)
                .toList();
    }

    /// The plans, of which the agents have said that they carry out those before.
    private static List<Manifest> behind(List<Manifest> plans, List<Manifest> before) {
        List<Manifest> behind = new ArrayList<>();
        for (int i = 0; i < plans.size(); i++) {
            behind.add(Plans.reported(plans.get(i), Plans.hash(before.get(i)), List.of()));
        }
        return behind;
    }
}
