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
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// What keeps the operator from its work is one line of its log that says what to do, and it goes on by itself as soon
/// as that is over. Each test leaves one thing more in order for the next one.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TroubleIT {
    private static final String CALICOS = "10.50.0.0/16";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static KubeApiServer server;
    private static KubeObjects objects;

    @BeforeAll
    static void serve() {
        server = KubeApiServer.start();
        objects = new KubeObjects(server);
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    @Order(1)
    void noApiServer() {
        server.interrupt();
        try (OperatorProcess operator = OperatorProcess.launch(server.kubeconfig())) {
            Lab.await(
                    PATIENCE,
                    () -> assertThat(warnings(operator))
                            .singleElement()
                            .asString()
                            .contains("no answer from", "refused"));
            assertThat(operator.status("/q/health/ready")).isEqualTo(503);
            assertThat(operator.status("/q/health/live")).isEqualTo(200);

            server.resume();
            server.serve(Path.of("crds"));

            awaitReadiness(operator, 200);
        }
        for (String name : List.of(
                "serviceadvertisementpolicies",
                "advertisementclasses",
                "bgpspeakers",
                "advertisementrules",
                "nodeplans",
                "nodeplanslices")) {
            server.kubectl("delete", "crd", name + ".bellman.dev");
        }
    }

    @Test
    @Order(2)
    void noDefinitions() {
        try (OperatorProcess operator = OperatorProcess.launch(server.kubeconfig())) {
            Lab.await(
                    PATIENCE,
                    () -> assertThat(warnings(operator))
                            .singleElement()
                            .asString()
                            .contains(
                                    "apply Bellman's custom resource definitions",
                                    "advertisementclasses",
                                    "nodeplans"));
            assertThat(operator.status("/q/health/ready")).isEqualTo(503);

            server.serve(Path.of("crds"));

            awaitReadiness(operator, 200);
        }
    }

    @Test
    @Order(3)
    void noRights() {
        advise("Bird");
        try (OperatorProcess operator = OperatorProcess.launch(server.kubeconfigOfGuest())) {
            Lab.await(
                    PATIENCE,
                    () -> assertThat(warnings(operator))
                            .anySatisfy(line -> assertThat(line)
                                    .contains(
                                            "rights are missing",
                                            "get,list,watch,patch services",
                                            "get,create,patch events"))
                            .anySatisfy(line -> assertThat(line).contains("not allowed; grant list and watch"))
                            .hasSize(2));
            assertThat(operator.status("/q/health/ready")).isEqualTo(503);

            // All but the one that a patch of a Service takes.
            server.kubectl("create", "clusterrole", "reads", "--verb=get,list,watch", "--resource=*.*");
            server.kubectl("create", "clusterrolebinding", "reads", "--clusterrole=reads", "--user=guest");
            Lab.await(
                    PATIENCE,
                    () -> assertThat(warnings(operator))
                            .last()
                            .asString()
                            .contains("rights")
                            .doesNotContain("list"));
            assertThat(operator.status("/q/health/ready")).isEqualTo(503);

            server.kubectl("create", "clusterrolebinding", "all", "--clusterrole=cluster-admin", "--user=guest");

            Lab.await(PATIENCE, () -> {
                assertThat(operator.status("/q/health/ready")).isEqualTo(200);
                assertThat(trafficPolicy()).isEqualTo("Local");
                assertThat(ready()).isEqualTo("Unknown AgentsPending");
            });

            // Rights may go later, too.
            server.kubectl("delete", "clusterrolebinding", "all");
            objects.apply(policy("Cluster"));
            Lab.await(PATIENCE, () -> {
                assertThat(warnings(operator))
                        .filteredOn(line -> line.contains("rights are missing"))
                        .last()
                        .asString()
                        .contains("patch services");
                assertThat(operator.status("/q/health/ready")).isEqualTo(503);
            });
            assertThat(trafficPolicy()).isEqualTo("Local");
            server.kubectl("create", "clusterrolebinding", "all", "--clusterrole=cluster-admin", "--user=guest");
            Lab.await(PATIENCE, () -> {
                assertThat(operator.status("/q/health/ready")).isEqualTo(200);
                assertThat(trafficPolicy()).isEqualTo("Cluster");
            });
            assertThat(ready()).isEqualTo("Unknown AgentsPending");

            // What is deleted and cannot be undone says so.
            objects.apply(policy("Local"));
            Lab.await(PATIENCE, () -> assertThat(trafficPolicy()).isEqualTo("Local"));
            server.kubectl("create", "clusterrole", "own", "--verb=*", "--resource=*.bellman.dev,events");
            server.kubectl("create", "clusterrolebinding", "own", "--clusterrole=own", "--user=guest");
            server.kubectl("delete", "clusterrolebinding", "all");
            objects.delete("ServiceAdvertisementPolicy", "shop", "web");
            Lab.await(PATIENCE, () -> {
                JsonNode deleted = objects.get("ServiceAdvertisementPolicy", "shop", "web");
                assertThat(KubeObjects.condition(deleted, "Ready")).isEqualTo("False Forbidden");
                assertThat(deleted.at("/status/conditions").toString())
                        .contains("it is being deleted, and what it did cannot be undone yet");
                assertThat(objects.list("Event").toString()).contains("it is being deleted");
            });
            server.kubectl("create", "clusterrolebinding", "all", "--clusterrole=cluster-admin", "--user=guest");
            Lab.await(PATIENCE, () -> {
                assertThat(objects.list("ServiceAdvertisementPolicy")).isEmpty();
                assertThat(trafficPolicy()).isEqualTo("Cluster");
            });

            // Nor is one that cannot be written to a reason for a trace, and it is made up for.
            server.kubectl("delete", "clusterrolebinding", "all", "own");
            objects.apply(policy("Local"));
            Lab.await(
                    PATIENCE,
                    () -> assertThat(operator.log()).contains("a status or a finalizer could not be written"));
            Lab.await(
                    PATIENCE,
                    () -> assertThat(operator.status("/q/health/ready")).isEqualTo(503));
            server.kubectl("create", "clusterrolebinding", "all", "--clusterrole=cluster-admin", "--user=guest");
            Lab.await(PATIENCE, () -> {
                assertThat(ready()).isEqualTo("Unknown AgentsPending");
                assertThat(objects.get("ServiceAdvertisementPolicy", "shop", "web")
                                .at("/metadata/finalizers")
                                .toString())
                        .contains("bellman.dev/undo");
            });
            assertThat(operator.log()).doesNotContain("ExecutionScope", "\tat ");
        }
    }

    /// A Service that became Local would be reached by fewer nodes' ports, and by no route.
    @Test
    @Order(4)
    void noCalico() {
        objects.apply("""
                apiVersion: bellman.dev/v1alpha1
                kind: AdvertisementClass
                metadata: {name: far}
                spec:
                  backend: Calico
                  prefixes:
                  - {cidr: 10.51.0.0/16, addresses: ExternalIP, advertise: OnDemand, namespaces: {matchAll: true}}
                  nodes: {matchAll: true}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: far, namespace: shop}
                spec: {type: NodePort, externalIPs: [10.51.0.1], selector: {app: far}, ports: [{port: 80}]}
                ---
                apiVersion: bellman.dev/v1alpha1
                kind: ServiceAdvertisementPolicy
                metadata: {name: far, namespace: shop}
                spec: {className: far, services: {names: [far]}, trafficPolicy: Local}
                """);
        try (OperatorProcess operator = OperatorProcess.start(server.kubeconfig())) {
            Lab.await(PATIENCE, () -> {
                JsonNode policy = objects.get("ServiceAdvertisementPolicy", "shop", "far");
                assertThat(KubeObjects.condition(policy, "Programmed")).isEqualTo("False CalicoAbsent");
                assertThat(policy.at("/status/services/0/reason").asText()).isEqualTo("left as it is: CalicoAbsent");
                assertThat(KubeObjects.condition(objects.get("AdvertisementClass", "", "far"), "Programmed"))
                        .isEqualTo("False CalicoAbsent");
            });
            assertThat(objects.get("Service", "shop", "far")
                            .at("/spec/externalTrafficPolicy")
                            .asText())
                    .isEqualTo("Cluster");

            objects.delete("ServiceAdvertisementPolicy", "shop", "far");
            objects.delete("AdvertisementClass", "", "far");
            Lab.await(PATIENCE, () -> {
                assertThat(objects.list("ServiceAdvertisementPolicy").toString())
                        .doesNotContain("far");
                assertThat(objects.list("AdvertisementClass").toString()).doesNotContain("far");
            });
            assertThat(operator.status("/q/health/ready")).isEqualTo(200);
        }
    }

    @Test
    @Order(5)
    void noAnswerFromTheApiServerOfCalico() {
        server.kubectl("create", "namespace", "calico-apiserver");
        apply("""
                apiVersion: apiregistration.k8s.io/v1
                kind: APIService
                metadata: {name: v3.projectcalico.org}
                spec:
                  group: projectcalico.org
                  version: v3
                  groupPriorityMinimum: 1500
                  versionPriority: 200
                  insecureSkipTLSVerify: true
                  service: {name: calico-api, namespace: calico-apiserver}
                """);
        // There is nothing behind it.
        Lab.await(
                PATIENCE,
                () -> assertThat(server.send("GET", "/apis/projectcalico.org/v3", "application/json", "")
                                .statusCode())
                        .isEqualTo(503));
        try (OperatorProcess operator = OperatorProcess.launch(server.kubeconfig())) {
            Lab.await(
                    PATIENCE,
                    () -> assertThat(warnings(operator))
                            .anySatisfy(
                                    line -> assertThat(line).contains("bgpconfigurations", "kubectl get apiservices")));
            // All else goes on.
            advise("Calico");
            objects.apply(policy("Cluster"));
            Lab.await(PATIENCE, () -> {
                assertThat(trafficPolicy()).isEqualTo("Cluster");
                assertThat(KubeObjects.condition(objects.get("AdvertisementClass", "", "datacenter"), "Programmed"))
                        .isEqualTo("False CalicoUnknown");
            });
            assertThat(operator.status("/q/health/ready")).isEqualTo(200);

            server.kubectl("delete", "apiservice", "v3.projectcalico.org");
            server.serve(KubeApiServer.CALICO);

            Lab.await(
                    PATIENCE,
                    () -> assertThat(KubeObjects.condition(
                                    objects.get("AdvertisementClass", "", "datacenter"), "Programmed"))
                            .isEqualTo("True Programmed"));
            assertThat(objects.get("BGPConfiguration", "", "default")
                            .at("/spec/serviceClusterIPs")
                            .toString())
                    .isEqualTo("[{\"cidr\":\"" + CALICOS + "\"}]");
        }
    }

    /// As long as it takes for every watch to break; how long the API server is away makes no other difference.
    @Test
    @Order(6)
    void anApiServerThatGoesAndComesBack() {
        try (OperatorProcess operator = OperatorProcess.start(server.kubeconfig())) {
            server.interrupt();
            awaitReadiness(operator, 503);
            assertThat(operator.status("/q/health/live")).isEqualTo(200);

            server.resume();
            objects.apply(policy("Local"));

            Lab.await(PATIENCE, () -> {
                assertThat(operator.status("/q/health/ready")).isEqualTo(200);
                assertThat(trafficPolicy()).isEqualTo("Local");
            });
            assertThat(operator.isAlive()).isTrue();
        }
    }

    private static List<String> warnings(OperatorProcess operator) {
        return operator.log()
                .lines()
                .filter(line -> !line.contains("level=INFO"))
                .toList();
    }

    private static void awaitReadiness(OperatorProcess operator, int status) {
        Lab.await(PATIENCE, () -> assertThat(operator.status("/q/health/ready")).isEqualTo(status));
    }

    private static String policy(String trafficPolicy) {
        return """
                apiVersion: bellman.dev/v1alpha1
                kind: ServiceAdvertisementPolicy
                metadata: {name: web, namespace: shop}
                spec: {className: edge, services: {names: [web]}, trafficPolicy: %s}
                """.formatted(trafficPolicy);
    }

    private static String trafficPolicy() {
        return objects.get("Service", "shop", "web")
                .at("/spec/externalTrafficPolicy")
                .asText();
    }

    private static String ready() {
        return KubeObjects.condition(objects.get("ServiceAdvertisementPolicy", "shop", "web"), "Ready");
    }

    private static void advise(String backend) {
        objects.apply("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}");
        objects.apply(Manifests.WORKER1);
        objects.apply("""
                apiVersion: bellman.dev/v1alpha1
                kind: AdvertisementClass
                metadata: {name: %2$s}
                spec:
                  backend: %1$s
                  prefixes:
                  - {cidr: %3$s, addresses: ClusterIP, advertise: Always, namespaces: {matchAll: true}}
                  nodes: {matchAll: true}
                """.formatted(
                        backend,
                        backend.equals("Bird") ? "edge" : "datacenter",
                        backend.equals("Bird") ? "10.49.0.0/16" : CALICOS));
        if (backend.equals("Bird")) {
            objects.apply("""
                    apiVersion: bellman.dev/v1alpha1
                    kind: BGPSpeaker
                    metadata: {name: bastion}
                    spec: {nodes: {matchAll: true}, localASN: 64512, peers: [{name: b, address: 10.0.1.10, asn: 64512}]}
                    ---
                    apiVersion: v1
                    kind: Service
                    metadata: {name: web, namespace: shop}
                    spec: {type: NodePort, selector: {app: web}, ports: [{port: 80}]}
                    """);
            objects.apply(policy("Local"));
        }
    }

    private static void apply(String manifest) {
        server.send(
                "PATCH",
                "/apis/apiregistration.k8s.io/v1/apiservices/v3.projectcalico.org?fieldManager=tester",
                "application/apply-patch+yaml",
                manifest);
    }
}
