package dev.bellman.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.document.Manifest;
import dev.bellman.testing.Manifests;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What does not change since a class is held, or a Service cannot be patched, and who is told.
class WithheldTest {
    private static final Set<String> NOBODY = Set.of();

    /// Calico would announce a Service that could not become Local from every node.
    @Test
    void aServiceThatCannotBePatchedKeepsItsRoutesInCalicosConfigurationToo() {
        List<Manifest> cluster = calico("", "names: [s0, s1]}, trafficPolicy: Local");

        assertThat(blocks(Plans.changes(cluster, Set.of(), Set.of("shop/s0"), List.of())))
                .containsExactly(Map.of("cidr", "172.16.1.1/32"));
        List<Manifest> there = Plans.with(cluster, Manifests.observed("""
                apiVersion: projectcalico.org/v3
                kind: BGPConfiguration
                metadata: {name: default}
                spec: {serviceLoadBalancerIPs: [{cidr: 172.16.1.0/32}]}
                """));
        assertThat(blocks(Plans.changes(there, Set.of(), Set.of("shop/s0"), List.of())))
                .as("those that are there stay")
                .containsExactly(Map.of("cidr", "172.16.1.1/32"), Map.of("cidr", "172.16.1.0/32"));
    }

    @Test
    void aClassThatWaitsForAnotherSinceCalicosConfigurationIsOneSaysSo() {
        List<Manifest> plans = Plans.of(calico("", "matchAll: true}, routes: PerService"));
        List<Manifest> next = calico(
                "  - {cidr: 10.50.0.0/16, addresses: ExternalIP, advertise: Always, namespaces: {matchAll: true}}\n",
                "names: [s0]}, routes: PerService");

        Outcome outcome = Plans.outcome(next, plans, Map.of());

        assertThat(outcome.hold().classes()).containsOnlyKeys("a");
        assertThat(Plans.condition(outcome, "AdvertisementClass b", "Programmed"))
                .isEqualTo("False ClassHeld: Calico's BGPConfiguration changes as a whole, and waits for class a,"
                        + " of which nothing changes for now: see its conditions");
    }

    @Test
    void aPolicyWhoseServiceIsHeldWithAnotherClassSaysSo() {
        List<Manifest> plans = Plans.of(bird(10)).stream().map(Plans::reported).toList();
        Hold hold = new Hold(
                Map.of("datacenter", new Hold.Waiting(9, 10, 0, false, 20, 1, 1, List.of(), 1, "x")), Set.of());
        String second = "ServiceAdvertisementPolicy shop/second";

        assertThat(Plans.condition(Plans.outcome(bird(10), plans, hold, Map.of()), second, "Programmed"))
                .startsWith("True");
        assertThat(Plans.changes(bird(20), hold.classes().keySet(), NOBODY, plans)
                        .list())
                .isEmpty();
        assertThat(Plans.condition(Plans.outcome(bird(20), plans, hold, Map.of()), second, "Programmed"))
                .isEqualTo("False ClassHeld: service shop/web is advertised by class datacenter, too,"
                        + " of which nothing changes for now: see its conditions");
    }

    private static List<Object> blocks(Changes changes) {
        return changes.list().stream()
                .<Object>flatMap(change -> change instanceof Change.ApplyBgpConfiguration apply
                        ? Changes.items(apply.spec(), "serviceLoadBalancerIPs").stream()
                        : Stream.of())
                .toList();
    }

    /// A service in two classes.
    private static List<Manifest> bird(int med) {
        return Manifests.observed(Manifests.all(
                Manifests.SHOP,
                Manifests.birdClass("", ""),
                Manifests.secondClass("OnDemand"),
                Manifests.SPEAKER,
                """
                apiVersion: bellman.dev/v1alpha1
                kind: ServiceAdvertisementPolicy
                metadata: {name: first, namespace: shop, uid: p1, generation: 1}
                spec: {className: datacenter, services: {names: [web]}, routes: PerService}
                ---
                apiVersion: bellman.dev/v1alpha1
                kind: ServiceAdvertisementPolicy
                metadata: {name: second, namespace: shop, uid: p2, generation: 1}
                spec: {className: second, services: {names: [web]}, routes: PerService, attributes: {med: %d}}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: shop, uid: u}
                spec: {type: ClusterIP, clusterIP: 10.49.1.1, clusterIPs: [10.49.1.1], externalIPs: [192.168.1.1], ports: [{port: 80}]}
                """.formatted(med)));
    }

    /// Two classes of Calico's, and ten services of the first.
    ///
    /// @param more prefixes of the second
    /// @param asked the rest of what a policy asks of the first
    private static List<Manifest> calico(String more, String asked) {
        String classes = """
                apiVersion: bellman.dev/v1alpha1
                kind: AdvertisementClass
                metadata: {name: a, uid: ca, generation: 1}
                spec:
                  backend: Calico
                  prefixes:
                  - {cidr: 172.16.0.0/16, addresses: LoadBalancerIP, advertise: OnDemand, namespaces: {matchAll: true}}
                  nodes: {matchAll: true}
                ---
                apiVersion: bellman.dev/v1alpha1
                kind: AdvertisementClass
                metadata: {name: b, uid: cb, generation: 1}
                spec:
                  backend: Calico
                  prefixes:
                  - {cidr: 10.49.0.0/16, addresses: ClusterIP, advertise: Always, namespaces: {matchAll: true}}
                %s  nodes: {matchAll: true}
                ---
                apiVersion: bellman.dev/v1alpha1
                kind: ServiceAdvertisementPolicy
                metadata: {name: all, namespace: shop, uid: p1, generation: 1}
                spec: {className: a, services: {%s}
                """.formatted(more, asked);
        return Manifests.observed(Manifests.all(Manifests.SHOP, classes)
                + IntStream.range(0, 10).mapToObj("""
                        ---
                        apiVersion: v1
                        kind: Service
                        metadata: {name: s%1$d, namespace: shop, uid: u%1$d}
                        spec: {type: LoadBalancer, clusterIP: 10.96.1.%1$d, clusterIPs: [10.96.1.%1$d], externalTrafficPolicy: Cluster, ports: [{port: 80}]}
                        status: {loadBalancer: {ingress: [{ip: 172.16.1.%1$d}]}}
                        """::formatted).collect(Collectors.joining()));
    }
}
