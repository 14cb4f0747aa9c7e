package dev.bellman.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bellman.testing.KubeApiServer;
import dev.bellman.testing.KubeObjects;
import dev.bellman.testing.Lab;
import dev.bellman.testing.Manifests;
import dev.bellman.testing.OperatorProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is deleted goes, whatever went before it, and leaves nothing behind.
class UndoIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final List<String> DEFINITIONS = List.of(
            "serviceadvertisementpolicies",
            "advertisementclasses",
            "bgpspeakers",
            "advertisementrules",
            "nodeplans",
            "nodeplanslices");

    private static KubeApiServer server;
    private static KubeObjects objects;
    private static OperatorProcess operator;

    @BeforeAll
    static void serve() {
        server = KubeApiServer.startWithKinds();
        objects = new KubeObjects(server);
        operator = OperatorProcess.start(server.kubeconfig());
    }

    @AfterAll
    static void close() {
        operator.close();
        server.close();
    }

    @BeforeEach
    void begin() {
        objects.apply(Manifests.WORKER1);
        advise("shop");
    }

    @AfterEach
    void end() {
        assertThat(operator.isAlive()).isTrue();
        for (String kind : List.of(
                "ServiceAdvertisementPolicy", "AdvertisementClass", "BGPSpeaker", "AdvertisementRule", "Service")) {
            objects.list(kind)
                    .forEach(item -> objects.delete(
                            kind,
                            item.at("/metadata/namespace").asText(),
                            item.at("/metadata/name").asText()));
            Lab.await(PATIENCE, () -> assertThat(objects.list(kind)).isEmpty());
        }
    }

    private static void advise(String namespace) {
        objects.apply(Manifests.DATACENTER);
        objects.apply("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: %1$s}
                ---
                apiVersion: bellman.dev/v1alpha1
                kind: BGPSpeaker
                metadata: {name: bastion}
                spec: {nodes: {matchAll: true}, localASN: 64512, peers: [{name: bastion, address: 10.0.1.10, asn: 64512}]}
                ---
                apiVersion: bellman.dev/v1alpha1
                kind: AdvertisementRule
                metadata: {name: owner}
                spec: {severity: warning, match: {kinds: [Service]}, expression: "true", message: "none", help: "none"}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: %1$s}
                spec: {type: NodePort, selector: {app: web}, ports: [{port: 80}]}
                ---
                apiVersion: bellman.dev/v1alpha1
                kind: ServiceAdvertisementPolicy
                metadata: {name: web, namespace: %1$s}
                spec: {className: datacenter, services: {names: [web]}, trafficPolicy: Local}
                """.formatted(namespace));
        Lab.await(
                PATIENCE,
                () -> assertThat(KubeObjects.condition(
                                objects.get("ServiceAdvertisementPolicy", namespace, "web"), "Ready"))
                        .isEqualTo("True Ready"));
    }

    @Test
    void aValueThatWasNotTheDefaultComesBackAndNothingOfItStaysBellmans() {
        objects.delete("ServiceAdvertisementPolicy", "shop", "web");
        Lab.await(PATIENCE, () -> assertThat(trafficPolicy("web")).isEqualTo("Cluster"));
        // Nobody owns it any more: whoever did has left the list of owners.
        objects.merge("Service", "shop", "web", "{\"spec\":{\"externalTrafficPolicy\":\"Local\"}}");
        objects.merge("Service", "shop", "web", """
                {"metadata": {"managedFields": [{
                  "manager": "someone", "operation": "Update", "apiVersion": "v1", "fieldsType": "FieldsV1",
                  "fieldsV1": {"f:spec": {"f:selector": {}}}}]}}
                """);
        objects.apply("""
                apiVersion: bellman.dev/v1alpha1
                kind: ServiceAdvertisementPolicy
                metadata: {name: cluster, namespace: shop}
                spec: {className: datacenter, services: {names: [web]}, trafficPolicy: Cluster}
                """);
        Lab.await(PATIENCE, () -> assertThat(trafficPolicy("web")).isEqualTo("Cluster"));

        objects.delete("ServiceAdvertisementPolicy", "shop", "cluster");

        Lab.await(PATIENCE, () -> {
            JsonNode service = objects.get("Service", "shop", "web");
            assertThat(service.at("/spec/externalTrafficPolicy").asText()).isEqualTo("Local");
            assertThat(service.at("/metadata").toString()).doesNotContain("bellman");
        });
    }

    @Test
    void aPolicyGoesThoughItsServiceOrItsClassWentFirst() {
        objects.delete("Service", "shop", "web");
        objects.delete("ServiceAdvertisementPolicy", "shop", "web");
        gone("ServiceAdvertisementPolicy");

        advise("shop");
        objects.delete("AdvertisementClass", "", "datacenter");
        gone("AdvertisementClass");
        Lab.await(PATIENCE, () -> {
            assertThat(trafficPolicy("web")).isEqualTo("Cluster");
            assertThat(KubeObjects.condition(objects.get("ServiceAdvertisementPolicy", "shop", "web"), "ResolvedRefs"))
                    .isEqualTo("False ClassMissing");
            assertThat(objects.get("BGPConfiguration", "", "default")
                            .path("spec")
                            .toString())
                    .doesNotContain("10.49");
        });
        objects.delete("ServiceAdvertisementPolicy", "shop", "web");
        gone("ServiceAdvertisementPolicy");
    }

    /// There is no controller of namespaces here, so that the test deletes what is in them, in both orders.
    @Test
    void aNamespaceThatIsDeletedGoesWithAllThatIsInIt() {
        for (List<String> order : List.of(
                List.of("Service", "ServiceAdvertisementPolicy"), List.of("ServiceAdvertisementPolicy", "Service"))) {
            String namespace = "going-" + order.getFirst().toLowerCase(java.util.Locale.ROOT);
            advise(namespace);
            objects.delete("Namespace", "", namespace);
            for (String kind : order) {
                objects.delete(kind, namespace, "web");
                Lab.await(
                        PATIENCE,
                        () -> assertThat(objects.get(kind, namespace, "web").has("metadata"))
                                .as("%s of %s", kind, namespace)
                                .isFalse());
            }
        }
    }

    @Test
    void definitionsGoInAnyOrderAndAllWorksOnceTheyAreBack() {
        long seed = Long.getLong("bellman.seed", 20261128);
        Random random = new Random(seed);
        for (int round = 0; round < 3; round++) {
            List<String> order = new ArrayList<>(DEFINITIONS);
            Collections.shuffle(order, random);
            String what = "with -Dbellman.seed=" + seed + ": " + order;
            for (String definition : order) {
                server.kubectl("delete", "crd", definition + ".bellman.dev", "--wait=false");
            }
            Lab.await(
                    PATIENCE,
                    () -> assertThat(server.kubectl("get", "crds", "-o", "name").stdout())
                            .as(what)
                            .doesNotContain("bellman.dev"));
            Lab.await(PATIENCE, () -> {
                assertThat(trafficPolicy("web")).as(what).isEqualTo("Cluster");
                assertThat(operator.status("/q/health/ready")).as(what).isEqualTo(503);
            });
            assertThat(objects.get("Service", "shop", "web")
                            .at("/metadata/annotations")
                            .toString())
                    .as(what)
                    .doesNotContain("bellman");
            assertThat(operator.status("/q/health/live")).as(what).isEqualTo(200);

            server.serve(Path.of("crds"));
            advise("shop");
            Lab.await(
                    PATIENCE,
                    () -> assertThat(operator.status("/q/health/ready"))
                            .as(what)
                            .isEqualTo(200));
        }
    }

    /// As with `helm uninstall` where the definitions are part of the release.
    @Test
    void whatWaitsForAnOperatorThatWentFirstGoesOnceThereIsOneAgain() {
        operator.close();
        for (String definition : DEFINITIONS) {
            server.kubectl("delete", "crd", definition + ".bellman.dev", "--wait=false");
        }
        Lab.await(PATIENCE, () -> assertThat(definitions()).hasSize(4));
        assertThat(trafficPolicy("web")).isEqualTo("Local");

        // Those that wait are still there, and those that went are back.
        server.apply(Path.of("crds"));
        operator = OperatorProcess.launch(server.kubeconfig());

        Lab.await(PATIENCE, () -> {
            assertThat(definitions()).containsExactlyInAnyOrder("nodeplans.bellman.dev", "nodeplanslices.bellman.dev");
            assertThat(trafficPolicy("web")).isEqualTo("Cluster");
        });
        server.serve(Path.of("crds"));
        advise("shop");
    }

    private static List<String> definitions() {
        return server.kubectl("get", "crds", "-o", "name")
                .stdout()
                .lines()
                .filter(name -> name.endsWith(".bellman.dev"))
                .map(name -> name.substring(name.indexOf('/') + 1))
                .toList();
    }

    private static void gone(String kind) {
        Lab.await(PATIENCE, () -> assertThat(objects.list(kind)).isEmpty());
    }

    private static String trafficPolicy(String service) {
        return objects.get("Service", "shop", service)
                .at("/spec/externalTrafficPolicy")
                .asText();
    }
}
