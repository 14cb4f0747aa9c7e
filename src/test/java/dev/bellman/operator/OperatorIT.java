package dev.bellman.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bellman.testing.Json;
import dev.bellman.testing.KubeApiServer;
import dev.bellman.testing.KubeObjects;
import dev.bellman.testing.Kubectl;
import dev.bellman.testing.Lab;
import dev.bellman.testing.Manifests;
import dev.bellman.testing.OperatorProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The packaged operator at a real API server, asked with kubectl.
class OperatorIT {
    private static final Path EXAMPLE = Path.of("gitops-examples/yaobank");
    private static final Path CLASS = EXAMPLE.resolve("step1-advertise-the-range");
    private static final Path POLICY = EXAMPLE.resolve("step2-keep-one-service-local");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration IDLE = Duration.ofSeconds(20);

    private static final String POLICIES = "/apis/bellman.dev/v1alpha1/namespaces/yaobank/serviceadvertisementpolicies";

    private static final String ANNOTATION = "bellman.dev/original-external-traffic-policy";

    private static final String CROWD = """
            apiVersion: bellman.dev/v1alpha1
            kind: AdvertisementClass
            metadata: {name: crowd}
            spec:
              backend: Bird
              prefixes:
              - {cidr: 10.49.0.0/16, addresses: ClusterIP, advertise: OnDemand, namespaces: {matchAll: true}}
              nodes: {matchAll: true}
            ---
            """;

    private static KubeApiServer server;
    private static KubeObjects objects;

    @TempDir
    private Path folder;

    private static OperatorProcess operator;

    @BeforeAll
    static void serve() {
        server = KubeApiServer.startWithKinds();
        objects = new KubeObjects(server);
        kubectl("create", "namespace", "yaobank");
        operator = OperatorProcess.start(server.kubeconfig());
    }

    @AfterAll
    static void close() {
        operator.close();
        server.close();
    }

    @BeforeEach
    void begin() throws IOException {
        for (String node : List.of("control1:20", "worker1:30", "worker2:31")) {
            int colon = node.indexOf(':');
            objects.apply("""
                    apiVersion: v1
                    kind: Node
                    metadata: {name: %s}
                    status: {addresses: [{type: InternalIP, address: 10.0.1.%s}]}
                    """.formatted(node.substring(0, colon), node.substring(colon + 1)));
        }
        apply(Manifests.yaobank("worker2"));
    }

    @AfterEach
    void end() {
        if (!operator.isAlive()) {
            operator = OperatorProcess.start(server.kubeconfig());
        }
        deleteAll(POLICIES, "ServiceAdvertisementPolicy");
        deleteAll("/apis/bellman.dev/v1alpha1/advertisementclasses", "AdvertisementClass");
        deleteAll("/apis/projectcalico.org/v3/bgpconfigurations", "BGPConfiguration");
        deleteAll("/apis/discovery.k8s.io/v1/namespaces/yaobank/endpointslices", "EndpointSlice");
        deleteAll("/api/v1/namespaces/yaobank/services", "Service");
        deleteAll("/api/v1/namespaces/yaobank/events", "Event");
    }

    private static void deleteAll(String path, String kind) {
        server.send("DELETE", path, "application/json", "");
        Lab.await(
                PATIENCE,
                () -> assertThat(objects.list(kind))
                        .filteredOn(
                                item -> !item.at("/metadata/namespace").asText().equals("default"))
                        .isEmpty());
    }

    // ------------------------------------------------------------------------------------------------------------ the
    // seed

    @Test
    void aClassAndAPolicyAreCarriedOutAndUndone() throws IOException {
        server.apply(CLASS);

        Lab.await(
                PATIENCE,
                () -> assertThat(get("bgpconfiguration", "default")
                                .at("/spec/serviceClusterIPs")
                                .toString())
                        .isEqualTo("[{\"cidr\":\"10.49.0.0/16\"}]"));
        assertThat(names("nodeplans")).containsExactly("control1", "worker1", "worker2");
        awaitCondition("True Ready", "advertisementclass", "datacenter", "Ready");

        server.apply(POLICY);

        Lab.await(PATIENCE, () -> assertThat(trafficPolicy("customer")).isEqualTo("Local"));
        JsonNode service = get("service", "customer", "-n", "yaobank", "--show-managed-fields");
        assertThat(service.at("/metadata/annotations").toString())
                .contains("\"bellman.dev/original-external-traffic-policy\":\"Cluster\"");
        assertThat(ownedByBellman(service))
                .isEqualTo(
                        "{\"f:metadata\":{\"f:annotations\":{\"f:bellman.dev/original-external-traffic-policy\":{}}},"
                                + "\"f:spec\":{\"f:externalTrafficPolicy\":{}}}");
        Lab.await(
                PATIENCE,
                () -> assertThat(get("nodeplan", "worker2")
                                .at("/spec/services/0/name")
                                .asText())
                        .isEqualTo("customer"));
        awaitCondition("True Ready", "sap", "customer", "Ready", "-n", "yaobank");
        assertThat(get("sap", "customer", "-n", "yaobank")
                        .at("/status/services/0/addresses")
                        .toString())
                .isEqualTo("[\"10.49.60.52\"]");

        kubectl("delete", "sap", "customer", "-n", "yaobank", "--timeout=20s");

        Lab.await(PATIENCE, () -> assertThat(trafficPolicy("customer")).isEqualTo("Cluster"));
        JsonNode restored = get("service", "customer", "-n", "yaobank", "--show-managed-fields");
        assertThat(restored.at("/metadata/annotations").toString()).doesNotContain("bellman.dev/");
        assertThat(get("nodeplan", "worker2").at("/spec").has("services")).isFalse();

        kubectl("delete", "advertisementclass", "datacenter", "--timeout=20s");

        Lab.await(
                PATIENCE,
                () -> assertThat(get("bgpconfiguration", "default").at("/spec").has("serviceClusterIPs"))
                        .isFalse());
    }

    @Test
    void aPolicyThatBecomesLocalIsFollowedThoughWhoMadeTheServiceOwnsItsDefault() throws IOException {
        server.apply(CLASS);
        apply(policy("customer", "customer", "Cluster"));
        Lab.await(
                PATIENCE,
                () -> assertThat(get("service", "customer", "-n", "yaobank")
                                .at("/metadata/annotations")
                                .toString())
                        .contains("bellman.dev/original-external-traffic-policy"));

        apply(policy("customer", "customer", "Local"));
        Lab.await(PATIENCE, () -> assertThat(trafficPolicy("customer")).isEqualTo("Local"));

        // Who sets it back means it.
        objects.merge("Service", "yaobank", "customer", "{\"spec\":{\"externalTrafficPolicy\":\"Cluster\"}}");
        awaitCondition("False Conflict", "sap", "customer", "Programmed", "-n", "yaobank");
        assertThat(trafficPolicy("customer")).isEqualTo("Cluster");

        // What is Bellman's is given up before the policy goes, however long the patch was to wait.
        kubectl("delete", "sap", "customer", "-n", "yaobank", "--timeout=20s");
        JsonNode service = get("service", "customer", "-n", "yaobank", "--show-managed-fields");
        assertThat(service.at("/metadata/annotations").toString()).doesNotContain("bellman.dev/");
        assertThat(ownedByBellman(service)).isEmpty();
    }

    /// kubectl still owns what its manifest stated once.
    @Test
    void aFieldThatAManifestStatesNoMoreIsFollowedAgain() throws IOException {
        server.apply(CLASS);
        apply(policy("customer", "customer", "Local"));
        Lab.await(PATIENCE, () -> assertThat(trafficPolicy("customer")).isEqualTo("Local"));

        apply(Manifests.yaobank("worker2")
                .replace("type: NodePort", "type: NodePort\n  externalTrafficPolicy: Cluster"));
        awaitCondition("False Conflict", "sap", "customer", "Programmed", "-n", "yaobank");
        assertThat(trafficPolicy("customer")).isEqualTo("Cluster");

        apply(Manifests.yaobank("worker2"));
        Lab.await(PATIENCE, () -> assertThat(trafficPolicy("customer")).isEqualTo("Local"));
        awaitCondition("True Ready", "sap", "customer", "Ready", "-n", "yaobank");

        kubectl("delete", "sap", "customer", "-n", "yaobank", "--timeout=20s");
        assertThat(trafficPolicy("customer")).isEqualTo("Cluster");
    }

    @Test
    void whatWasLocalBeforeIsLocalAfterwards() throws IOException {
        kubectl(
                "patch",
                "service",
                "customer",
                "-n",
                "yaobank",
                "-p",
                "{\"spec\":{\"externalTrafficPolicy\":\"Local\"}}");
        server.apply(CLASS);
        apply(policy("customer", "customer", "Local").replace("trafficPolicy: Local", "trafficPolicy: Cluster"));
        // Somebody stated it: it is theirs, and the policy says so.
        awaitCondition("False Conflict", "sap", "customer", "Programmed", "-n", "yaobank");

        assertThat(trafficPolicy("customer")).isEqualTo("Local");
    }

    // ------------------------------------------------------------------------------------------------------- nothing
    // to do

    @Test
    void nothingIsWrittenWhileNothingChangesNorWhenPodsComeAndGo() throws Exception {
        server.apply(CLASS);
        server.apply(POLICY);
        awaitCondition("True Ready", "sap", "customer", "Ready", "-n", "yaobank");
        Map<String, String> before = versions();
        long began = System.nanoTime();

        for (int i = 0; i < 50; i++) {
            objects.merge(
                    "EndpointSlice",
                    "yaobank",
                    "customer-1",
                    "{\"endpoints\":[{\"addresses\":[\"10.48.0.%d\"],\"nodeName\":\"worker%d\",\"conditions\":{\"ready\":%s}}]}"
                            .formatted(50 + i, 1 + i % 2, i % 3 != 0));
        }
        // A Service that no policy is about makes a pass, after which the patches above have been seen too.
        awaitPass();
        assertThat(versions()).isEqualTo(before);

        // Nothing is written because of the time either.
        Lab.await(IDLE.multipliedBy(2), () -> {
            if (!versions().equals(before)) {
                throw new IllegalArgumentException("something was written: " + before + " became " + versions());
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(IDLE);
        });
    }

    // ------------------------------------------------------------------------------------------------- many services

    @Test
    void aClassThatHasNothingToAnnounceYetIsReady() {
        objects.apply(CROWD);

        awaitCondition("True NothingToAnnounce", "advertisementclass", "crowd", "Programmed");
    }

    @Test
    void whatAllNodesAreToldOfManyServicesIsToldOnceInSlices() {
        objects.apply(CROWD + Manifests.crowd("yaobank", 201, "crowd"));
        Lab.await(
                PATIENCE,
                () -> assertThat(objects.list("NodePlanSlice").stream()
                                .mapToInt(slice -> slice.at("/spec/services").size())
                                .sum())
                        .isEqualTo(201));
        Lab.await(
                PATIENCE,
                () -> assertThat(objects.list("NodePlan")).hasSize(3).allSatisfy(plan -> {
                    assertThat(plan.at("/spec/services")).isEmpty();
                    assertThat(plan.at("/spec/slices"))
                            .hasSameSizeAs(objects.list("NodePlanSlice"))
                            .allSatisfy(slice -> assertThat(objects.get(
                                                    "NodePlanSlice",
                                                    "",
                                                    slice.path("name").asText())
                                            .at("/spec/base"))
                                    .isEqualTo(plan.at("/spec/base")));
                }));
        awaitCondition("Unknown AgentsPending", "sap", "one", "Programmed", "-n", "yaobank");

        // A change of one service is one slice, however many nodes are told.
        Map<String, String> before = versions();
        objects.merge("ServiceAdvertisementPolicy", "yaobank", "one", "{\"spec\":{\"attributes\":{\"med\":10}}}");
        Lab.await(
                PATIENCE,
                () -> assertThat(changed(before, versions()))
                        .filteredOn(object -> object.startsWith("NodePlanSlice "))
                        .hasSize(1));
        awaitPass();
        assertThat(changed(before, versions()))
                .filteredOn(object -> object.startsWith("NodePlan"))
                .hasSize(1);
        Map<String, String> after = versions();
        awaitPass();
        assertThat(versions()).isEqualTo(after);

        // Few services are told in NodePlans again.
        objects.delete("ServiceAdvertisementPolicy", "yaobank", "most");
        Lab.await(PATIENCE, () -> {
            assertThat(objects.list("NodePlanSlice")).isEmpty();
            assertThat(objects.list("NodePlan")).hasSize(3).allSatisfy(plan -> {
                assertThat(plan.at("/spec/services")).hasSize(51);
                assertThat(plan.at("/spec").has("slices")).isFalse();
            });
        });

        // A class that goes leaves no slice.
        objects.apply(CROWD + Manifests.crowd("yaobank", 201, "crowd"));
        Lab.await(PATIENCE, () -> assertThat(objects.list("NodePlanSlice")).isNotEmpty());
        objects.delete("AdvertisementClass", "", "crowd");
        Lab.await(PATIENCE, () -> {
            assertThat(objects.list("AdvertisementClass")).isEmpty();
            assertThat(objects.list("NodePlanSlice")).isEmpty();
            assertThat(objects.list("NodePlan"))
                    .allSatisfy(plan -> assertThat(plan.at("/spec").has("services")
                                    || plan.at("/spec").has("slices"))
                            .isFalse());
        });
    }

    private static List<String> changed(Map<String, String> before, Map<String, String> after) {
        return after.keySet().stream()
                .filter(object -> !after.get(object).equals(before.get(object)))
                .toList();
    }

    /// Has the operator look at everything once more.
    private static void awaitPass() {
        double passes = operator.metric("bellman_operator_pass_seconds_count");
        kubectl("label", "service", "summary", "-n", "yaobank", "--overwrite", "seen=" + (long) passes);
        Lab.await(
                PATIENCE,
                () -> assertThat(operator.metric("bellman_operator_pass_seconds_count"))
                        .isGreaterThan(passes));
    }

    // ------------------------------------------------------------------------------------------------------ what is
    // wrong

    @Test
    void aBadPolicySaysWhyAndChangesNothing() throws IOException {
        server.apply(CLASS);
        server.apply(POLICY);
        awaitCondition("True Ready", "sap", "customer", "Ready", "-n", "yaobank");
        Map<String, String> before = outputs();

        // summary is a ClusterIP service, which cannot be Local.
        apply(policy("customer", "customer, summary", "Local"));

        Lab.await(
                PATIENCE,
                () -> assertThat(get("sap", "customer", "-n", "yaobank")
                                .at("/status/conditions")
                                .toString())
                        .contains("LocalNeedsExternalService", "summary"));
        assertThat(condition("sap", "customer", "Ready", "-n", "yaobank")).startsWith("False");
        assertThat(outputs()).isEqualTo(before);
        Lab.await(
                PATIENCE,
                () -> assertThat(kubectl("get", "events", "-n", "yaobank").stdout())
                        .contains("LocalNeedsExternalService"));

        server.apply(POLICY);

        awaitCondition("True Ready", "sap", "customer", "Ready", "-n", "yaobank");
        assertThat(outputs()).isEqualTo(before);
        assertThat(messages("customer")).contains("nothing is wrong with it any more");
    }

    @Test
    void whatHappensAgainIsTheSameEventWithAHigherCount() throws IOException {
        server.apply(CLASS);
        apply(policy("summary", "summary", "Cluster"));
        awaitCondition("True Ready", "sap", "summary", "Ready", "-n", "yaobank");

        for (int i = 0; i < 4; i++) {
            apply(policy("summary", "summary", "Local"));
            awaitCondition("False LocalNeedsExternalService", "sap", "summary", "Ready", "-n", "yaobank");
            apply(policy("summary", "summary", "Cluster"));
            awaitCondition("True Ready", "sap", "summary", "Ready", "-n", "yaobank");
        }

        assertThat(objects.list("Event"))
                .filteredOn(event -> event.at("/involvedObject/name").asText().equals("summary"))
                .extracting(event -> event.path("type").asText() + " "
                        + event.path("reason").asText() + " x"
                        + event.path("count").asInt())
                .containsExactlyInAnyOrder("Warning LocalNeedsExternalService x4", "Normal Accepted x4");
    }

    @Test
    void aNamespaceThatGoesTakesItsPoliciesWithoutAWarning() throws IOException {
        server.apply(CLASS);
        kubectl("create", "namespace", "leaving");
        apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: leaving}
                spec: {selector: {app: web}, ports: [{port: 80}]}
                ---
                """ + policy("web", "web", "Cluster").replace("namespace: yaobank", "namespace: leaving"));
        awaitCondition("True Ready", "sap", "web", "Ready", "-n", "leaving");
        // Nobody empties it here, so it stays for as long as it goes.
        kubectl("delete", "namespace", "leaving", "--wait=false");

        objects.delete("Service", "leaving", "web");

        awaitCondition("False ServiceMissing", "sap", "web", "ResolvedRefs", "-n", "leaving");
        awaitPass();
        assertThat(operator.log()).doesNotContain("an event could not be written");
        kubectl("delete", "sap", "web", "-n", "leaving", "--timeout=20s");
        deleteAll("/api/v1/namespaces/leaving/events", "Event");
    }

    @Test
    void aClassThatContradictsAnotherHasNoEffectAndBothSaySoOnce() throws IOException {
        server.apply(CLASS);
        awaitCondition("True Ready", "advertisementclass", "datacenter", "Ready");
        Map<String, String> before = outputs();

        objects.apply("""
                apiVersion: bellman.dev/v1alpha1
                kind: AdvertisementClass
                metadata: {name: other}
                spec:
                  backend: Bird
                  dataplane: {rules: Program}
                  prefixes:
                  - {cidr: 10.60.0.0/16, addresses: ClusterIP, advertise: Always, namespaces: {matchAll: true}}
                  nodes: {matchAll: true}
                """);

        awaitCondition("False DataplaneConflict", "advertisementclass", "datacenter", "Accepted");
        awaitCondition("False DataplaneConflict", "advertisementclass", "other", "Accepted");
        assertThat(message(get("advertisementclass", "datacenter"), "Accepted")).contains("stays in force");
        assertThat(message(get("advertisementclass", "other"), "Accepted")).contains("no effect until that is mended");
        awaitPass();
        assertThat(outputs()).isEqualTo(before);
        // One for each thing that is wrong with it, and none for what follows.
        Lab.await(
                PATIENCE,
                () -> assertThat(messages("other"))
                        .hasSize(2)
                        .anyMatch(message -> message.contains("dataplane"))
                        .anyMatch(message -> message.contains("there is no BGPSpeaker")));
        assertThat(messages("datacenter"))
                .filteredOn(message -> message.contains("dataplane"))
                .hasSize(1);
    }

    @Test
    void aChangeThatWouldWithdrawTooMuchWaitsUntilItIsApproved() {
        objects.apply(CROWD + Manifests.crowd("yaobank", 20, "crowd"));
        Lab.await(
                PATIENCE,
                () -> assertThat(get("nodeplan", "worker2").at("/spec/services"))
                        .hasSize(20));
        Map<String, String> before = outputs();

        objects.merge(
                "ServiceAdvertisementPolicy",
                "yaobank",
                "few",
                "{\"spec\":{\"services\":{\"selector\":null,\"names\":[\"s0\"]}}}");

        awaitCondition("False GuardrailHolds", "sap", "few", "Ready", "-n", "yaobank");
        awaitCondition("False GuardrailHolds", "advertisementclass", "crowd", "Programmed");
        assertThat(operator.metric("bellman_operator_classes_held")).isEqualTo(1);
        awaitPass();
        assertThat(outputs()).isEqualTo(before);

        Matcher approval = Pattern.compile("19 of 20 .* by its annotation (\\S+)")
                .matcher(message(get("advertisementclass", "crowd"), "Programmed"));
        assertThat(approval.find()).isTrue();
        kubectl("annotate", "advertisementclass", "crowd", approval.group(1));

        Lab.await(
                PATIENCE,
                () -> assertThat(get("nodeplan", "worker2").at("/spec/services"))
                        .singleElement()
                        .satisfies(service ->
                                assertThat(service.path("name").asText()).isEqualTo("s0")));
        Lab.await(
                PATIENCE,
                () -> assertThat(condition("sap", "few", "Ready", "-n", "yaobank"))
                        .isEqualTo("Unknown AgentsPending"));
    }

    @Test
    void aMistypedNameTakesNothingFromAPolicyThatWasGood() {
        server.apply(CLASS);
        server.apply(POLICY);
        awaitCondition("True Ready", "sap", "customer", "Ready", "-n", "yaobank");
        Map<String, String> before = outputs();

        objects.merge("ServiceAdvertisementPolicy", "yaobank", "customer", "{\"spec\":{\"className\":\"datacentre\"}}");

        awaitCondition("False ClassMissing", "sap", "customer", "ResolvedRefs", "-n", "yaobank");
        assertThat(message(get("sap", "customer", "-n", "yaobank"), "Accepted")).contains("stays in force");
        awaitPass();
        assertThat(outputs()).isEqualTo(before);
    }

    /// The annotation says what comes back once Bellman has patched a Service. Alone it says nothing.
    @Test
    void anAnnotationOfSomebodyElseChangesNoService() throws IOException {
        server.apply(CLASS);
        kubectl("annotate", "service", "customer", "-n", "yaobank", ANNOTATION + "=Local");
        awaitPass();
        awaitPass();
        assertThat(trafficPolicy("customer")).isEqualTo("Cluster");
        JsonNode untouched = get("service", "customer", "-n", "yaobank", "--show-managed-fields");
        assertThat(ownedByBellman(untouched)).isEmpty();

        // What is no traffic policy is in the way, and named.
        kubectl("annotate", "--overwrite", "service", "customer", "-n", "yaobank", ANNOTATION + "=Foo");
        server.apply(POLICY);
        awaitCondition("False Conflict", "sap", "customer", "Programmed", "-n", "yaobank");
        assertThat(message(get("sap", "customer", "-n", "yaobank"), "Programmed"))
                .contains(
                        ANNOTATION, "`kubectl-annotate`", "spec.externalTrafficPolicy to `kubectl-client-side-apply`");
        assertThat(trafficPolicy("customer")).isEqualTo("Cluster");

        kubectl("annotate", "service", "customer", "-n", "yaobank", ANNOTATION + "-");
        Lab.await(PATIENCE, () -> assertThat(trafficPolicy("customer")).isEqualTo("Local"));

        // Somebody takes it away: the field is Bellman's all the same, and comes back as the API server has it.
        kubectl("annotate", "service", "customer", "-n", "yaobank", ANNOTATION + "-");
        Lab.await(
                PATIENCE,
                () -> assertThat(get("service", "customer", "-n", "yaobank")
                                .at("/metadata/annotations")
                                .path(ANNOTATION)
                                .asText())
                        .isEqualTo("Cluster"));
        kubectl("delete", "sap", "customer", "-n", "yaobank", "--timeout=20s");
        assertThat(trafficPolicy("customer")).isEqualTo("Cluster");
    }

    @Test
    void whatSomebodyElseChangesInAPlanIsPutBackAndCounted() {
        server.apply(CLASS);
        server.apply(POLICY);
        awaitCondition("True Ready", "sap", "customer", "Ready", "-n", "yaobank");
        awaitPass();
        Map<String, String> before = outputs();
        double drift = operator.metric("bellman_operator_drift_total");

        objects.merge("NodePlan", "", "worker2", "{\"spec\":{\"services\":null}}");
        objects.delete("NodePlan", "", "worker1");

        Lab.await(PATIENCE, () -> {
            assertThat(outputs()).isEqualTo(before);
            assertThat(operator.metric("bellman_operator_drift_total")).isEqualTo(drift + 2);
        });
        assertThat(operator.metric("bellman_operator_plan_services")).isEqualTo(1);
        assertThat(operator.metric("bellman_operator_plan_nodes")).isEqualTo(3);
    }

    @Test
    void ofTwoPoliciesInConflictTheOneThatWasThereStaysInForceAndBothSayIt() throws IOException {
        server.apply(CLASS);
        apply(policy("first", "customer", "Local"));
        Lab.await(PATIENCE, () -> assertThat(trafficPolicy("customer")).isEqualTo("Local"));

        apply(policy("second", "customer", "Cluster"));

        Lab.await(PATIENCE, () -> {
            assertThat(condition("sap", "first", "Accepted", "-n", "yaobank")).isEqualTo("False PolicyConflict");
            assertThat(condition("sap", "second", "Accepted", "-n", "yaobank")).isEqualTo("False PolicyConflict");
        });
        assertThat(get("sap", "second", "-n", "yaobank").at("/status").toString())
                .contains("first");
        assertThat(trafficPolicy("customer")).isEqualTo("Local");
    }

    @Test
    void aFieldOfAnotherManagerIsLeftToItAndNamedUntilItLetsGo() throws IOException {
        kubectl("apply", "--server-side", "--field-manager=netops", "-f", file("""
                        apiVersion: projectcalico.org/v3
                        kind: BGPConfiguration
                        metadata: {name: default}
                        spec:
                          asNumber: 64512
                          serviceClusterIPs: [{cidr: 10.49.0.0/17}]
                        """));
        server.apply(CLASS);

        awaitCondition("False Conflict", "advertisementclass", "datacenter", "Programmed");
        assertThat(get("advertisementclass", "datacenter").at("/status").toString())
                .contains("netops", "spec.serviceClusterIPs");
        String version = get("bgpconfiguration", "default")
                .at("/metadata/resourceVersion")
                .asText();
        assertThat(get("bgpconfiguration", "default")
                        .at("/spec/serviceClusterIPs/0/cidr")
                        .asText())
                .isEqualTo("10.49.0.0/17");

        kubectl("apply", "--server-side", "--field-manager=netops", "-f", file("""
                        apiVersion: projectcalico.org/v3
                        kind: BGPConfiguration
                        metadata: {name: default}
                        spec: {asNumber: 64512}
                        """));

        awaitCondition("True Programmed", "advertisementclass", "datacenter", "Programmed");
        JsonNode healed = get("bgpconfiguration", "default");
        assertThat(healed.at("/spec/serviceClusterIPs/0/cidr").asText()).isEqualTo("10.49.0.0/16");
        assertThat(healed.at("/spec/asNumber").asInt()).isEqualTo(64512);
        assertThat(healed.at("/metadata/resourceVersion").asText()).isNotEqualTo(version);
    }

    // --------------------------------------------------------------------------------------------------------
    // endurance

    @Test
    void killedAmongManyPoliciesItConvergesAfterwards() throws IOException {
        int many = 500;
        server.apply(CLASS);
        Thread applying = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < many; i++) {
                objects.apply("""
                        apiVersion: v1
                        kind: Service
                        metadata: {name: s%1$d, namespace: yaobank}
                        spec: {type: NodePort, selector: {app: s}, ports: [{port: 80}]}
                        ---
                        """.formatted(i) + policy("p" + i, "s" + i, "Local"));
            }
        });

        Lab.await(PATIENCE, () -> assertThat(locals()).isBetween(50L, many - 1L));
        operator.kill();
        join(applying);
        operator = OperatorProcess.start(server.kubeconfig());

        Lab.await(Duration.ofSeconds(120), () -> {
            assertThat(locals()).isEqualTo(many);
            assertThat(objects.list("ServiceAdvertisementPolicy"))
                    .hasSize(many)
                    .allSatisfy(policy ->
                            assertThat(KubeObjects.condition(policy, "Ready")).isEqualTo("True Ready"));
        });
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long locals() {
        return objects.list("Service").stream()
                .filter(service ->
                        service.at("/spec/externalTrafficPolicy").asText().equals("Local"))
                .count();
    }

    // ------------------------------------------------------------------------------------------------------------
    // asking

    private static String policy(String name, String services, String trafficPolicy) {
        return """
                apiVersion: bellman.dev/v1alpha1
                kind: ServiceAdvertisementPolicy
                metadata: {name: %s, namespace: yaobank}
                spec:
                  className: datacenter
                  services: {names: [%s]}
                  trafficPolicy: %s
                """.formatted(name, services, trafficPolicy);
    }

    private String trafficPolicy(String service) {
        return get("service", service, "-n", "yaobank")
                .at("/spec/externalTrafficPolicy")
                .asText();
    }

    /// `Status Reason`, or empty.
    private static String condition(String kind, String name, String type, String... more) {
        return KubeObjects.condition(get(kind, name, more), type);
    }

    private static String message(JsonNode object, String type) {
        for (JsonNode condition : object.at("/status/conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("message").asText();
            }
        }
        return "";
    }

    /// What Events say of an object.
    private static List<String> messages(String name) {
        return objects.list("Event").stream()
                .filter(event -> event.at("/involvedObject/name").asText().equals(name))
                .map(event -> event.path("message").asText())
                .toList();
    }

    private static void awaitCondition(String expected, String kind, String name, String type, String... more) {
        Lab.await(PATIENCE, () -> assertThat(condition(kind, name, type, more)).isEqualTo(expected));
    }

    private static String ownedByBellman(JsonNode object) {
        List<String> owned = new ArrayList<>();
        object.at("/metadata/managedFields").forEach(entry -> {
            if (entry.path("manager").asText().equals("bellman")) {
                owned.add(entry.path("fieldsV1").toString());
            }
        });
        return String.join("\n", owned);
    }

    /// What Bellman writes, without statuses.
    private Map<String, String> outputs() {
        return all(item -> item.path("spec").toString(), "NodePlan", "NodePlanSlice", "BGPConfiguration", "Service");
    }

    /// The version of everything that somebody may have written.
    private Map<String, String> versions() {
        return all(
                item -> item.at("/metadata/resourceVersion").asText(),
                "NodePlan",
                "NodePlanSlice",
                "BGPConfiguration",
                "ServiceAdvertisementPolicy",
                "AdvertisementClass",
                "Event");
    }

    private static Map<String, String> all(Function<JsonNode, String> what, String... kinds) {
        Map<String, String> found = new TreeMap<>();
        for (String kind : kinds) {
            for (JsonNode item : objects.list(kind)) {
                found.put(kind + " " + item.at("/metadata/name").asText(), what.apply(item));
            }
        }
        return found;
    }

    private static List<String> names(String kind) {
        List<String> names = new ArrayList<>();
        Json.parse(kubectl("get", kind, "-o", "json").stdout())
                .path("items")
                .forEach(item -> names.add(item.at("/metadata/name").asText()));
        return names;
    }

    private static JsonNode get(String kind, String name, String... more) {
        List<String> command = new ArrayList<>(List.of("get", kind, name, "-o", "json"));
        command.addAll(List.of(more));
        return Json.parse(kubectl(command.toArray(String[]::new)).stdout());
    }

    private void apply(String manifests) throws IOException {
        server.apply(Path.of(file(manifests)));
    }

    private String file(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "manifests-", ".yaml"), text)
                .toString();
    }

    private static Kubectl.Result run(String... command) {
        return server.kubectl(command);
    }

    private static Kubectl.Result kubectl(String... command) {
        Kubectl.Result result = run(command);
        if (result.exitCode() != 0) {
            throw new IllegalStateException("kubectl " + String.join(" ", command) + ": " + result.stderr());
        }
        return result;
    }
}
