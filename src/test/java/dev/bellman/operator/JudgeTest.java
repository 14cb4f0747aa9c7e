package dev.bellman.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.document.Manifest;
import dev.bellman.testing.Manifests;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What is judged anew, and what need not be.
class JudgeTest {
    private final Judge judge = new Judge();

    @Test
    void whatAgentsAndTheOperatorSayIsNoReasonToJudgeAnew() {
        Judgement before = judge(cluster("datacenter", "{}", "1"));

        List<Manifest> told = cluster("datacenter", "{observedGeneration: 1}", "2");
        told.addAll(Manifests.observed("""
                apiVersion: bellman.dev/v1alpha1
                kind: NodePlan
                metadata: {name: worker1, uid: p}
                spec: {}
                """));

        assertThat(judge(told)).isSameAs(before);
    }

    @Test
    void whatSomebodyAsksForIs() {
        Judgement before = judge(cluster("datacenter", "{}", "1"));

        Judgement after = judge(cluster("other", "{}", "2"));

        assertThat(after).isNotSameAs(before);
        assertThat(after.result().model().policies())
                .extracting(policy -> Objects.requireNonNull(policy.className()).value())
                .containsExactly("other");
    }

    @Test
    void soIsAnObjectThatIsDeletedAndOneThatIsNew() {
        List<Manifest> cluster = cluster("datacenter", "{}", "1");
        Judgement before = judge(cluster);

        assertThat(judge(cluster.subList(0, 1))).isNotSameAs(before);
    }

    @Test
    void soIsTheStatusOfAnObjectOfOthers() {
        List<Manifest> cluster = cluster("datacenter", "{}", "1");
        cluster.addAll(service("10.0.0.1"));
        Judgement before = judge(cluster);

        List<Manifest> moved = cluster("datacenter", "{}", "1");
        moved.addAll(service("10.0.0.2"));

        assertThat(judge(moved)).isNotSameAs(before);
    }

    /// Kubelets write to their Nodes all the time.
    @Test
    void anotherVersionThatSaysTheSameIsNot() {
        List<Manifest> cluster = cluster("datacenter", "{}", "1");
        cluster.addAll(node("1", "10.0.1.1"));
        Judgement before = judge(cluster);

        List<Manifest> alive = cluster("datacenter", "{}", "1");
        alive.addAll(node("2", "10.0.1.1"));
        assertThat(judge(alive)).isSameAs(before);

        List<Manifest> moved = cluster("datacenter", "{}", "1");
        moved.addAll(node("3", "10.0.1.2"));
        assertThat(judge(moved)).isNotSameAs(before);
    }

    private static List<Manifest> node(String version, String address) {
        return Manifests.observed("""
                apiVersion: v1
                kind: Node
                metadata: {name: worker1, uid: n, resourceVersion: "%s"}
                status: {addresses: [{type: InternalIP, address: %s}]}
                """.formatted(version, address));
    }

    private Judgement judge(List<Manifest> cluster) {
        return judge.of(cluster, Map.of());
    }

    private static List<Manifest> service(String address) {
        return Manifests.observed("""
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: shop, uid: s}
                spec: {type: LoadBalancer, ports: [{port: 80}]}
                status: {loadBalancer: {ingress: [{ip: %s}]}}
                """.formatted(address));
    }

    private static List<Manifest> cluster(String className, String status, String version) {
        return new ArrayList<>(Manifests.observed("""
                apiVersion: bellman.dev/v1alpha1
                kind: AdvertisementClass
                metadata: {name: datacenter, uid: c, generation: 1}
                spec:
                  backend: Bird
                  prefixes:
                  - {cidr: 10.49.0.0/16, addresses: ClusterIP, namespaces: {matchAll: true}}
                  nodes: {matchAll: true}
                ---
                apiVersion: bellman.dev/v1alpha1
                kind: ServiceAdvertisementPolicy
                metadata: {name: all, namespace: shop, uid: p, generation: 1, resourceVersion: "%3$s"}
                spec: {className: %1$s, services: {matchAll: true}}
                status: %2$s
                """.formatted(className, status, version)));
    }
}
