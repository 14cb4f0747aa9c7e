package dev.bellman.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bellman.testing.KubeApiServer;
import dev.bellman.testing.KubeObjects;
import dev.bellman.testing.Lab;
import dev.bellman.testing.Manifests;
import dev.bellman.testing.OperatorProcess;
import dev.bellman.testing.Shell;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Replicas that agree by a Lease on the one that writes.
class ElectionIT {
    private static final String LEASE = "bellman-election";
    private static final int LEASE_SECONDS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static KubeApiServer server;
    private static KubeObjects objects;

    @BeforeAll
    static void serve() {
        server = KubeApiServer.startWithKinds();
        objects = new KubeObjects(server);
        objects.apply("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}");
        objects.apply(Manifests.all(Manifests.DATACENTER, Manifests.WORKER1));
    }

    @AfterAll
    static void close() {
        server.close();
    }

    /// One after the other, since each story begins where the one before it ends.
    @Test
    void whenTheLeaderEndsOrDiesOrLosesTheApiServerAReplicaGoesOnAndNothingIsWrittenTwice() {
        OperatorProcess first = replica();
        Lab.await(PATIENCE, () -> assertThat(leads(first)).isTrue());
        try (OperatorProcess second = replica()) {
            ask("one");
            Lab.await(PATIENCE, () -> assertThat(isReady("one")).isTrue());
            assertThat(leads(second)).isFalse();
            Map<String, String> before = versions();

            assertThat(first.terminate()).isEqualTo(143);

            // It is given back: one that is still in its name runs out after a second, not after what was agreed.
            JsonNode lease = objects.get("Lease", "default", LEASE).path("spec");
            assertThat(!lease.path("holderIdentity").asText().endsWith("-" + first.pid())
                            || lease.path("leaseDurationSeconds").asInt() == 1)
                    .as(lease.toString())
                    .isTrue();
            Lab.await(PATIENCE, () -> assertThat(leads(second)).isTrue());
            ask("two");
            Lab.await(PATIENCE, () -> assertThat(isReady("two")).isTrue());
            assertThat(versions()).containsAllEntriesOf(before);

            try (OperatorProcess third = replica()) {
                Map<String, String> beforeDeath = versions();
                assertThat(leads(third)).isFalse();
                second.kill();
                ask("three");
                Lab.await(PATIENCE, () -> assertThat(isReady("three")).isTrue());
                assertThat(leads(third)).isTrue();
                assertThat(versions()).containsAllEntriesOf(beforeDeath);

                withoutTheApiServer(third);
            }
        }
    }

    /// Longer than the Lease holds. No process ends for that, and none goes on as if it led.
    private static void withoutTheApiServer(OperatorProcess leader) {
        Map<String, String> before = versions();
        server.interrupt();
        Lab.await(PATIENCE, () -> assertThat(leads(leader)).isFalse());
        assertThat(leader.status("/q/health/live")).isEqualTo(200);
        server.resume();
        Lab.await(PATIENCE, () -> assertThat(leads(leader)).isTrue());
        ask("four");
        Lab.await(PATIENCE, () -> assertThat(isReady("four")).isTrue());
        assertThat(versions()).containsAllEntriesOf(before);
        assertThat(leader.isAlive()).isTrue();
    }

    /// It sleeps for so long that another replica leads, and the last good state is another one when it is back.
    @Test
    void aReplicaThatLeadsAgainGoesByWhatWasAcceptedMeanwhile() {
        try (OperatorProcess first = replica()) {
            Lab.await(PATIENCE, () -> assertThat(leads(first)).isTrue());
            ask("again");
            Lab.await(PATIENCE, () -> assertThat(isReady("again")).isTrue());
            try (OperatorProcess second = replica()) {
                signal(first, "STOP");
                Lab.await(PATIENCE, () -> assertThat(leads(second)).isTrue());
                policy("again", "names: [again]}, trafficPolicy: Cluster");
                Lab.await(PATIENCE, () -> assertThat(trafficPolicy("again")).isEqualTo("Cluster"));
                policy("again", "names: [agian]}, trafficPolicy: Cluster");
                Lab.await(
                        PATIENCE,
                        () -> assertThat(KubeObjects.condition(
                                        objects.get("ServiceAdvertisementPolicy", "shop", "again"), "ResolvedRefs"))
                                .startsWith("False"));
                signal(first, "CONT");
                Lab.await(PATIENCE, () -> assertThat(leads(first)).isFalse());
                second.kill();
            }
            Lab.await(PATIENCE, () -> assertThat(leads(first)).isTrue());
            // A pass that has seen this one has judged the other, too.
            ask("beside");
            Lab.await(PATIENCE, () -> assertThat(isReady("beside")).isTrue());

            assertThat(trafficPolicy("again")).isEqualTo("Cluster");
            assertThat(objects.get("ServiceAdvertisementPolicy", "shop", "again")
                            .at("/status/acceptedSpec/trafficPolicy")
                            .asText())
                    .isEqualTo("Cluster");
        }
    }

    private static void signal(OperatorProcess replica, String signal) {
        Shell.run(Map.of(), List.of("kill", "-" + signal, String.valueOf(replica.pid())))
                .output();
    }

    private static String trafficPolicy(String service) {
        return objects.get("Service", "shop", service)
                .at("/spec/externalTrafficPolicy")
                .asText();
    }

    private static OperatorProcess replica() {
        return OperatorProcess.start(
                server.kubeconfig(), "--lease", LEASE, "--lease-duration", String.valueOf(LEASE_SECONDS));
    }

    private static boolean leads(OperatorProcess replica) {
        return replica.metric("bellman_operator_leading") == 1;
    }

    private static void ask(String name) {
        objects.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: %1$s, namespace: shop}
                spec: {type: NodePort, selector: {app: %1$s}, ports: [{port: 80}]}
                """.formatted(name));
        policy(name, "names: [" + name + "]}, trafficPolicy: Local");
    }

    private static void policy(String name, String asked) {
        objects.apply("""
                apiVersion: bellman.dev/v1alpha1
                kind: ServiceAdvertisementPolicy
                metadata: {name: %s, namespace: shop}
                spec: {className: datacenter, services: {%s}
                """.formatted(name, asked));
    }

    private static boolean isReady(String name) {
        JsonNode policy = objects.get("ServiceAdvertisementPolicy", "shop", name);
        return KubeObjects.condition(policy, "Ready").equals("True Ready")
                && trafficPolicy(name).equals("Local");
    }

    /// Of what is done with: another replica that writes it again would change it.
    private static Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        for (String kind :
                new String[] {"ServiceAdvertisementPolicy", "AdvertisementClass", "Service", "BGPConfiguration", "Event"
                }) {
            for (JsonNode item : objects.list(kind)) {
                versions.put(
                        kind + " " + item.at("/metadata/name").asText(),
                        item.at("/metadata/resourceVersion").asText());
            }
        }
        return versions;
    }
}
