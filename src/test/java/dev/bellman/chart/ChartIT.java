package dev.bellman.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.digest.Sha256;
import dev.bellman.testing.AgentProcess;
import dev.bellman.testing.AuditLog;
import dev.bellman.testing.AuditLog.Right;
import dev.bellman.testing.Helm;
import dev.bellman.testing.Json;
import dev.bellman.testing.KubeApiServer;
import dev.bellman.testing.Kubectl;
import dev.bellman.testing.Lab;
import dev.bellman.testing.Manifests;
import dev.bellman.testing.NodeAndRouter;
import dev.bellman.testing.OperatorProcess;
import dev.bellman.testing.Shell;
import dev.bellman.yaml.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// The chart, installed by the real helm into a real API server. The operator and an agent then run as its pods would:
/// with the arguments, service accounts and capabilities that it gives them, and with nothing else.
///
/// There are no controllers: no pod is ever started, so the test starts the programs.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ChartIT {
    private static final String CHART = "helm/bellman";
    private static final String NAMESPACE = "bellman-system";
    private static final String OPERATOR = "system:serviceaccount:" + NAMESPACE + ":bellman-operator";
    private static final String AGENT = "system:serviceaccount:" + NAMESPACE + ":bellman-agent";
    private static final Path EXAMPLE = Path.of("gitops-examples/yaobank");
    private static final Path LAB_POLICIES = Path.of("hack/lab/policies");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// What a person may set who does not go by the defaults, each with what is to come of it.
    private static final Map<String, String[]> VALUES = Map.of(
            "defaults",
            new String[] {},
            "one replica without agents",
            new String[] {"--set", "operator.replicas=1,agent.enabled=false,admission.enabled=false"},
            "everything",
            new String[] {
                "--set", "monitoring.enabled=true,agent.programsRules=true,agent.iptables=legacy",
                "--set", "agent.apiServer.host=10.0.1.20,image.registry=registry.example.org,image.tag=v9",
                "--set", "image.pullSecrets={registry},networkPolicy.extraEgress[0].ports[0].port=53",
                "--set", "networkPolicy.metricsFrom[0].namespaceSelector.matchLabels.team=observability",
                "--set", "operator.podLabels.team=network,agent.podAnnotations.note=yes,monitoring.labels.team=x",
                "--set", "agent.passwordSecrets={bastion},operator.serviceAccount.annotations.a=b",
                "--set", "fullnameOverride=announcer,crds.keep=false"
            });

    /// As Calico 3.32 has it, which moves its objects to definitions of their own.
    private static final String MIGRATIONS = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: datastoremigrations.migration.projectcalico.org}
            spec:
              group: migration.projectcalico.org
              scope: Cluster
              names: {kind: DatastoreMigration, plural: datastoremigrations}
              versions:
              - name: v1beta1
                served: true
                storage: true
                schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """;

    private static final String ANEW =
            "the Java Operator SDK reads an object anew whose finalizer it cannot change since the object has changed";

    /// Rights that are needed though nothing here makes use of them, with why.
    private static final Map<Right, String> UNSEEN = Map.of(
            new Right("get", "bellman.dev/serviceadvertisementpolicies", ""), ANEW,
            new Right("get", "bellman.dev/advertisementclasses", ""), ANEW,
            new Right("get", "bellman.dev/bgpspeakers", ""), ANEW,
            new Right("get", "bellman.dev/advertisementrules", ""), ANEW);

    @TempDir
    private static Path folder;

    private static KubeApiServer server;
    private static AuditLog audit;
    private static Rights rights;
    private static Helm helm;
    private static NodeAndRouter network;
    private static OperatorProcess operator;
    private static AgentProcess agent;

    @BeforeAll
    static void serve() throws IOException {
        audit = AuditLog.in(folder);
        // As clusters have it whose kube-proxy is a pod.
        server = KubeApiServer.start(Stream.concat(Stream.of("--allow-privileged=true"), Stream.of(audit.flags()))
                .toArray(String[]::new));
        helm = Helm.at(server, folder);
        rights = new Rights(server, NAMESPACE);
        network = NodeAndRouter.start(folder.resolve("network"));
    }

    @AfterAll
    static void close() throws Exception {
        for (AutoCloseable one : new AutoCloseable[] {agent, operator, network, server}) {
            if (one != null) {
                one.close();
            }
        }
    }

    // ---------------------------------------------------------------------------------------------------- by helm
    // alone

    @Test
    @Order(1)
    void lintHasNothingToSay() {
        VALUES.forEach((name, values) -> {
            Shell.Result result = helm("lint", values, "--strict", CHART);
            assertThat(result.exitCode()).as(name + "\n" + result).isZero();
        });
    }

    @Test
    @Order(3)
    void itsDefinitionsComeThroughTheTemplatesUnchanged() throws IOException {
        Map<String, JsonNode> rendered = new HashMap<>();
        documents(helm.run("template", CHART, "--show-only", "templates/crds.yaml")
                        .output())
                .forEach(definition ->
                        rendered.put(definition.at("/metadata/name").asText(), definition));

        try (Stream<Path> files = Files.list(Path.of("crds"))) {
            for (Path file : files.toList()) {
                JsonNode definition = documents(Files.readString(file)).getFirst();
                JsonNode found = rendered.remove(definition.at("/metadata/name").asText());
                assertThat(found.path("spec")).as(file.toString()).isEqualTo(definition.path("spec"));
                assertThat(found.at("/metadata/annotations/helm.sh~1resource-policy")
                                .asText())
                        .isEqualTo("keep");
            }
        }
        assertThat(rendered).isEmpty();
    }

    @Test
    @Order(3)
    void theApiServerKnowsAllRulesButThoseThatAreLeftOut() {
        String all = helm.run("template", CHART).output();
        String less = helm.run("template", CHART, "--set", "admission.except={community-range}")
                .output();

        assertThat(all).contains("name: community-range.bellman.dev", "name: rule-name-taken.bellman.dev");
        assertThat(less)
                .doesNotContain("name: community-range.bellman.dev")
                .contains("name: rule-name-taken.bellman.dev");
    }

    // --------------------------------------------------------------------------------------------------------- install

    @Test
    @Order(4)
    void whatItRendersIsWhatTheApiServerKnowsToTheLastField() throws IOException {
        kubectl("create", "namespace", NAMESPACE);
        for (String values : VALUES.keySet()) {
            assertThat(warnings(values)).as(values).isEmpty();
        }
        // The API server warns of what the profile would refuse.
        kubectl("label", "namespace", NAMESPACE, "pod-security.kubernetes.io/warn=restricted");
        assertThat(warnings("one replica without agents")).isEmpty();
        assertThat(warnings("defaults")).contains("hostNetwork");
        kubectl("label", "namespace", NAMESPACE, "pod-security.kubernetes.io/warn-");
    }

    /// What the API server says to all that helm renders, which it has to take.
    private static String warnings(String values) throws IOException {
        String rendered = helm(
                        "template",
                        VALUES.get(values),
                        "bellman",
                        CHART,
                        "--namespace",
                        NAMESPACE,
                        "--set",
                        "crds.install=false")
                .output();
        // Kinds of the Prometheus Operator are not there; their Service is.
        List<String> known = Stream.of(rendered.split("(?m)^---$"))
                .filter(document -> !document.contains("monitoring.coreos.com"))
                .toList();
        Kubectl.Result result = server.kubectl(
                "apply",
                "--dry-run=server",
                "--validate=strict",
                "-f",
                write("rendered", String.join("\n---\n", known)).toString());
        assertThat(result.exitCode()).as(values + "\n" + result.stderr()).isZero();
        return result.stderr();
    }

    @Test
    @Order(5)
    void itInstalls() throws IOException {
        server.apply(Path.of("src/test/resources/calico"));
        server.apply(write("migrations", MIGRATIONS));

        // Somebody has applied a definition by hand: it is left alone until he hands it over.
        server.apply(Path.of("crds/advertisementclasses.bellman.dev.yaml"));
        // An older version of the chart, which knew less: the upgrade below brings the rest.
        String[] install = {
            "bellman",
            older().toString(),
            "--namespace",
            NAMESPACE,
            "--set",
            "agent.programsRules=true,agent.passwordSecrets={bastion}"
        };

        assertThat(helm("install", install).stderr())
                .contains("advertisementclasses.bellman.dev", "invalid ownership metadata");
        assertThat(helm("install", install, "--take-ownership").output())
                .contains("STATUS: deployed", "deployment/bellman-operator", "daemonset/bellman-agent");

        kubectl("wait", "--for=condition=Established", "--timeout=60s", "crds", "--all");
    }

    // ------------------------------------------------------------------------------------------------- the whole job

    @Test
    @Order(6)
    void theOperatorDoesItsWorkAsItsServiceAccount() throws IOException {
        createCluster();
        operator = new Pods(server, NAMESPACE, folder).startOperator();
        server.apply(EXAMPLE.resolve("step1-advertise-the-range"));
        server.apply(EXAMPLE.resolve("step2-keep-one-service-local"));
        apply("""
                apiVersion: bellman.dev/v1alpha1
                kind: AdvertisementRule
                metadata: {name: no-med}
                spec:
                  match: {kinds: [ServiceAdvertisementPolicy]}
                  expression: "!has(object.spec.attributes)"
                  message: attributes are set by the network team
                """);

        until(() -> assertThat(ready("advertisementrule", "no-med"))
                .as(operator.log())
                .isEqualTo("True"));
        until(() -> assertThat(ask("{.spec.serviceClusterIPs[*].cidr}", "bgpconfiguration", "default"))
                .isEqualTo("10.49.0.0/16"));
        until(() -> assertThat(ask("{.spec.externalTrafficPolicy}", "service", "customer", "-n", "yaobank"))
                .isEqualTo("Local"));
        until(() -> assertThat(ready("sap", "customer", "-n", "yaobank")).isEqualTo("True"));
        assertThat(ask("{.spec.services[*].name}", "nodeplan", "worker1")).isEqualTo("customer");
        assertThat(ask("{.spec.holderIdentity}", "lease", "bellman-operator", "-n", NAMESPACE))
                .contains("-" + operator.pid());
        assertThat(operator.metric("bellman_operator_leading")).isEqualTo(1);
    }

    @Test
    @Order(7)
    void whatIsWrongBecomesAnEvent() throws IOException {
        // summary is a ClusterIP service, which cannot be Local.
        String bad = """
                apiVersion: bellman.dev/v1alpha1
                kind: ServiceAdvertisementPolicy
                metadata: {name: summary, namespace: yaobank}
                spec: {className: datacenter, services: {names: [summary]}, trafficPolicy: Local}
                """;
        String good = bad.replace("Local}", "Cluster}");
        for (String times : List.of("1", "2")) {
            apply(good);
            until(() -> assertThat(ready("sap", "summary", "-n", "yaobank")).isEqualTo("True"));
            apply(bad);
            // The second time it is the same one.
            until(() -> assertThat(ask(
                            "{.items[*].count}",
                            "events",
                            "-n",
                            "yaobank",
                            "--field-selector=reason=LocalNeedsExternalService"))
                    .isEqualTo(times));
        }

        kubectl("delete", "sap", "summary", "-n", "yaobank", "--timeout=20s");
    }

    @Test
    @Order(8)
    void anAgentDoesItsWorkAsItsServiceAccountAndWithItsCapabilities() throws IOException {
        network.route("neighbor " + NodeAndRouter.NODE_IPV4 + " as 64512; local " + NodeAndRouter.ROUTER_IPV4
                + " as 64512; passive on; password \"of the bastion\";");
        agent = new Pods(server, NAMESPACE, folder).startAgent(network, "worker1");
        // The example is Calico's: the agent compares the rules, and finds none, since there is no kube-proxy.
        until(() ->
                assertThat(ask("{.status.drift.count}", "nodeplan", "worker1")).isNotEmpty());
        assertThat(Integer.parseInt(ask("{.status.drift.count}", "nodeplan", "worker1")))
                .isPositive();

        // The lab's are Bellman's own: it programs the rules, and announces by a BIRD of its own.
        server.apply(LAB_POLICIES);
        // The bastion speaks to nobody without its password, which lies in the chart's namespace.
        kubectl("create", "secret", "generic", "bastion", "-n", NAMESPACE, "--from-literal=password=of the bastion");
        apply(Files.readString(LAB_POLICIES.resolve("speaker.yaml"))
                .replace(
                        "    asn: 64512\n", "    asn: 64512\n    passwordSecretRef: {name: bastion, key: password}\n"));

        network.untilInstalled("10.49.0.0/16", NodeAndRouter.NODE_IPV4);
        network.untilInstalled("10.49.60.52", NodeAndRouter.NODE_IPV4);
        assertThat(NodeAndRouter.run(
                        network.onNode("iptables-save", "-t", "nat").toArray(String[]::new)))
                .contains("-A KUBE-SERVICES -d 10.49.60.52/32 -p tcp");
        until(() -> assertThat(ready("nodeplan", "worker1")).as(agent.log()).isEqualTo("True"));
        assertThat(ask("{.status.advertised.prefixes}", "nodeplan", "worker1")).contains("10.49.60.52/32");
    }

    @Test
    @Order(9)
    void itGoesOnAfterAnUpgradeWhichBringsNewerDefinitions() {
        assertThat(columns("nodeplans")).doesNotContain("Intended");

        helm.run(
                        "upgrade",
                        "bellman",
                        CHART,
                        "--namespace",
                        NAMESPACE,
                        "--reuse-values",
                        "--set",
                        "operator.replicas=3")
                .output();

        assertThat(columns("nodeplans")).contains("Intended");
        assertThat(ask("{.spec.replicas}", "deployment", "bellman-operator", "-n", NAMESPACE))
                .isEqualTo("3");
        assertThat(ask("{.spec.externalTrafficPolicy}", "service", "customer", "-n", "yaobank"))
                .isEqualTo("Local");
        network.untilInstalled("10.49.60.52", NodeAndRouter.NODE_IPV4);
    }

    @Test
    @Order(10)
    void manyServicesAreToldInSlices() throws IOException {
        apply(Manifests.crowd("yaobank", 201, "datacenter"));
        until(() -> assertThat(ask("{.spec.slices}", "nodeplan", "worker1")).isNotEmpty());
        String before = hashOfAllParts();
        kubectl("delete", "sap", "few", "-n", "yaobank", "--timeout=20s");
        until(() -> assertThat(hashOfAllParts()).isNotEqualTo(before));
        // Its agent has put it together, and carries it out.
        until(() -> assertThat(ask("{.status.hashes.plan}", "nodeplan", "worker1"))
                .as(agent.log())
                .isEqualTo(hashOfAllParts()));
        kubectl("delete", "sap", "one", "most", "-n", "yaobank", "--timeout=20s");

        until(() -> assertThat(slices()).isEmpty());
    }

    private static String hashOfAllParts() {
        StringBuilder hashes = new StringBuilder(ask("{.spec.hash}", "nodeplan", "worker1"));
        for (String slice : ask("{.spec.slices[*].name}", "nodeplan", "worker1").split(" ")) {
            hashes.append(' ').append(ask("{.spec.hash}", "nodeplanslice", slice));
        }
        return Sha256.hex(hashes.toString(), 8);
    }

    private static String slices() {
        return kubectl("get", "nodeplanslices", "-o", "name").stdout();
    }

    @Test
    @Order(11)
    void whatIsDeletedIsUndone() {
        kubectl("delete", "node", "control1");
        until(() ->
                assertThat(kubectl("get", "nodeplans", "-o", "name").stdout()).doesNotContain("control1"));
        kubectl("delete", "sap", "customer", "-n", "yaobank", "--timeout=20s");

        until(() -> assertThat(ask("{.spec.externalTrafficPolicy}", "service", "customer", "-n", "yaobank"))
                .isEqualTo("Cluster"));
        network.untilGone("10.49.60.52");
        network.untilInstalled("10.49.0.0/16", NodeAndRouter.NODE_IPV4);
    }

    // ---------------------------------------------------------------------------------------------------------- rights

    @Test
    @Order(12)
    void nothingWasRefusedOfWhatTheyAsked() {
        assertThat(audit.refusedTo(OPERATOR)).isEmpty();
        assertThat(audit.refusedTo(AGENT)).isEmpty();
    }

    @Test
    @Order(13)
    void eachHasTheRightsThatItUsesAndNoOther() {
        SortedSet<Right> operators = rights.granted("bellman-operator");
        assertThat(operators).containsAll(UNSEEN.keySet());
        operators.removeAll(UNSEEN.keySet());

        assertThat(rights.used(audit, OPERATOR, operators)).isEqualTo(operators);
        assertThat(rights.used(audit, AGENT, rights.granted("bellman-agent")))
                .isEqualTo(rights.granted("bellman-agent"));
    }

    /// What an account may not do, whoever asks. Rights add up in Kubernetes, so this holds for the chart alone.
    @Test
    @Order(14)
    void whatNeitherNeedsIsRefused() {
        for (String forbidden : List.of(
                "get /secrets kube-system",
                "list /secrets",
                "get /secrets " + NAMESPACE,
                "get /configmaps kube-system",
                "create /pods " + NAMESPACE,
                "create /pods/exec " + NAMESPACE,
                "create /serviceaccounts/token " + NAMESPACE,
                "update /nodes",
                "patch /nodes",
                "patch /nodes/status",
                "delete /nodes",
                "create /services yaobank",
                "update /services yaobank",
                "delete /services yaobank",
                "patch /services/status yaobank",
                "patch discovery.k8s.io/endpointslices yaobank",
                "delete /namespaces",
                "delete bellman.dev/serviceadvertisementpolicies yaobank",
                "create bellman.dev/serviceadvertisementpolicies yaobank",
                "delete bellman.dev/advertisementclasses",
                "delete projectcalico.org/bgpconfigurations",
                "patch projectcalico.org/bgppeers",
                "patch projectcalico.org/clusterinformations",
                "patch apiextensions.k8s.io/customresourcedefinitions",
                "create admissionregistration.k8s.io/validatingadmissionpolicies",
                "escalate rbac.authorization.k8s.io/clusterroles",
                "bind rbac.authorization.k8s.io/clusterroles",
                "patch rbac.authorization.k8s.io/clusterrolebindings",
                "impersonate /users",
                "patch coordination.k8s.io/leases kube-system",
                "delete coordination.k8s.io/leases " + NAMESPACE,
                "patch apps/daemonsets " + NAMESPACE)) {
            assertThat(rights.mayDo(OPERATOR, forbidden))
                    .as("operator: " + forbidden)
                    .isFalse();
            assertThat(rights.mayDo(AGENT, forbidden)).as("agent: " + forbidden).isFalse();
        }
        // What is the operator's is not an agent's, and the other way round.
        for (String operators : List.of(
                "patch /services yaobank",
                "get /services yaobank",
                "create /events yaobank",
                "patch bellman.dev/nodeplans",
                "create bellman.dev/nodeplans",
                "delete bellman.dev/nodeplans",
                "patch bellman.dev/nodeplanslices",
                "create bellman.dev/nodeplanslices",
                "delete bellman.dev/nodeplanslices",
                "list bellman.dev/serviceadvertisementpolicies",
                "patch bellman.dev/advertisementclasses/status",
                "list projectcalico.org/bgpconfigurations",
                "create coordination.k8s.io/leases " + NAMESPACE)) {
            assertThat(rights.mayDo(OPERATOR, operators))
                    .as("operator: " + operators)
                    .isTrue();
            assertThat(rights.mayDo(AGENT, operators)).as("agent: " + operators).isFalse();
        }
        assertThat(rights.mayDo(AGENT, "patch bellman.dev/nodeplans/status")).isTrue();
        assertThat(rights.mayDo(OPERATOR, "patch bellman.dev/nodeplans/status")).isFalse();
    }

    @Test
    @Order(15)
    void anAgentWritesTheStatusOfItsOwnNodesPlanOnly() throws IOException {
        Kubectl.Result own = applyAsAgent("worker1", "status: {lastError: none}", "--subresource=status");
        Kubectl.Result other = applyAsAgent("worker2", "status: {lastError: none}", "--subresource=status");
        Kubectl.Result spec = applyAsAgent("worker1", "spec: {hash: none}");

        assertThat(own.exitCode()).as(own.stderr()).isZero();
        assertThat(other.exitCode()).isNotZero();
        assertThat(other.stderr()).contains("of its own node's plan, and of no other");
        assertThat(spec.exitCode()).isNotZero();
        assertThat(spec.stderr()).contains("cannot patch resource \"nodeplans\"");
    }

    private static Kubectl.Result applyAsAgent(String plan, String content, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("apply", "--server-side", "--field-manager=test"));
        command.addAll(List.of(options));
        command.addAll(List.of("-f", write("plan", """
                        apiVersion: bellman.dev/v1alpha1
                        kind: NodePlan
                        metadata: {name: %s}
                        %s
                        """.formatted(plan, content)).toString()));
        return server.kubectlAs(folder.resolve(Pods.AGENT), command.toArray(String[]::new));
    }

    // --------------------------------------------------------------------------------------------------------- and
    // gone

    @Test
    @Order(16)
    void whatThePoliciesDidStaysWhenTheReleaseGoesAndAReleaseOfTheSameNameTakesItUp() {
        helm.run("uninstall", "bellman", "--namespace", NAMESPACE).output();

        assertThat(kubectl("get", "clusterroles,deployments,daemonsets,validatingadmissionpolicies", "-A", "-o", "name")
                        .stdout())
                .doesNotContain("bellman");
        assertThat(kubectl("get", "crds", "-o", "name").stdout()).contains("nodeplans.bellman.dev");
        assertThat(kubectl("get", "advertisementclasses,nodeplans", "-o", "name")
                        .stdout())
                .contains("datacenter", "worker1");
        network.untilInstalled("10.49.0.0/16", NodeAndRouter.NODE_IPV4);

        helm.run("install", "bellman", CHART, "--namespace", NAMESPACE, "--set", "agent.passwordSecrets={bastion}")
                .output();

        assertThat(rights.mayDo(AGENT, "get /secrets " + NAMESPACE + " bastion"))
                .isTrue();
        assertThat(rights.mayDo(AGENT, "get /secrets " + NAMESPACE + " other")).isFalse();
        assertThat(rights.mayDo(AGENT, "get /secrets kube-system bastion")).isFalse();
        assertThat(rights.mayDo(AGENT, "list /secrets " + NAMESPACE)).isFalse();
    }

    // -------------------------------------------------------------------------------------------------- what runs
    // there

    /// The cluster of the example, as much of it as decides: its nodes, and a pod of customer on worker1.
    private static void createCluster() throws IOException {
        apply("""
                {apiVersion: v1, kind: Namespace, metadata: {name: yaobank}}
                ---
                {apiVersion: v1, kind: Node, metadata: {name: control1}}
                ---
                {apiVersion: v1, kind: Node, metadata: {name: worker1}}
                ---
                {apiVersion: v1, kind: Node, metadata: {name: worker2}}
                """);
        apply(Manifests.yaobank("worker1"));
        Map.of("control1", "10.0.1.20", "worker1", NodeAndRouter.NODE_IPV4, "worker2", "10.0.1.31")
                .forEach((node, address) -> kubectl(
                        "patch",
                        "node",
                        node,
                        "--subresource=status",
                        "--type=merge",
                        "-p",
                        "{\"status\":{\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"%s\"}]}}"
                                .formatted(address)));
    }

    /// The chart with definitions of before: one column is not there yet.
    private static Path older() throws IOException {
        Path copy = folder.resolve("older");
        try (Stream<Path> files = Files.walk(Path.of(CHART))) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(Path.of(CHART).relativize(file).toString()));
            }
        }
        Path definition = copy.resolve("files/crds/nodeplans.bellman.dev.yaml");
        String text = Files.readString(definition);
        String before = text.replaceFirst("(?m)    - name: Intended\\n(      .*\\n)+", "");
        assertThat(before).isNotEqualTo(text);
        Files.writeString(definition, before);
        return copy;
    }

    // ---------------------------------------------------------------------------------------------------------- asking

    private static Shell.Result helm(String verb, String[] values, String... more) {
        List<String> command = new ArrayList<>(List.of(verb));
        command.addAll(List.of(more));
        command.addAll(List.of(values));
        return helm.run(command.toArray(String[]::new));
    }

    private static void until(Runnable assertion) {
        Lab.await(PATIENCE, assertion);
    }

    private static List<JsonNode> documents(String text) {
        return Yaml.parse(new SourceText("rendered", text)).documents().stream()
                .map(Json::of)
                .filter(JsonNode::isObject)
                .toList();
    }

    private static String ready(String... what) {
        return ask("{.status.conditions[?(@.type=='Ready')].status}", what);
    }

    private static String ask(String path, String... what) {
        List<String> command = new ArrayList<>(List.of("get"));
        command.addAll(List.of(what));
        command.addAll(List.of("-o", "jsonpath=" + path));
        return kubectl(command.toArray(String[]::new)).stdout();
    }

    private static String columns(String plural) {
        return ask("{.spec.versions[0].additionalPrinterColumns[*].name}", "crd", plural + ".bellman.dev");
    }

    private static void apply(String manifests) throws IOException {
        server.apply(write("manifests", manifests));
    }

    private static Path write(String name, String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, name + "-", ".yaml"), text);
    }

    private static Kubectl.Result kubectl(String... command) {
        Kubectl.Result result = server.kubectl(command);
        if (result.exitCode() != 0) {
            throw new IllegalStateException("kubectl " + String.join(" ", command) + ": " + result.stderr());
        }
        return result;
    }
}
