package dev.bellman.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bellman.testing.AgentProcess;
import dev.bellman.testing.Json;
import dev.bellman.testing.KubeApiServer;
import dev.bellman.testing.Kubectl;
import dev.bellman.testing.NodeAndRouter;
import dev.bellman.testing.OperatorProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a kubelet would do with the pods of an installed chart: it runs their programs, with the arguments, the service
/// account, the variables and the capabilities that are said there.
///
/// @param folder for what the programs need
record Pods(KubeApiServer server, String namespace, Path folder) {
    /// The file that is an agent's kubeconfig.
    static final String AGENT = "agent.kubeconfig";

    /// Starts the operator and returns when it is ready.
    OperatorProcess startOperator() {
        JsonNode pod = json("deployment", "bellman-operator", "-n", namespace).at("/spec/template/spec");
        JsonNode container = pod.at("/containers/0");
        assertThat(arguments(container, Map.of()).getFirst()).isEqualTo("operator");
        String token = kubectl("create", "token", pod.path("serviceAccountName").asText(), "-n", namespace)
                .stdout();
        Map<String, String> environment = environment(container, Map.of("metadata.namespace", namespace));
        List<String> arguments = arguments(container, environment);
        assertThat(arguments).noneMatch(argument -> argument.contains("$("));
        OperatorProcess started = OperatorProcess.launch(
                server.kubeconfig(folder.resolve("operator.kubeconfig"), token.strip()),
                environment,
                arguments.subList(1, arguments.size()).toArray(String[]::new));
        started.awaitReady();
        return started;
    }

    /// Starts an agent and returns when it is ready. Its token is bound to a pod of its node, as the kubelet gets it.
    ///
    /// @param network of the node
    AgentProcess startAgent(NodeAndRouter network, String node) throws IOException {
        JsonNode template = json("daemonset", "bellman-agent", "-n", namespace).at("/spec/template");
        JsonNode container = template.at("/spec/containers/0");
        Map<String, JsonNode> pod = new HashMap<>();
        pod.put("apiVersion", Json.parse("\"v1\""));
        pod.put("kind", Json.parse("\"Pod\""));
        pod.put("metadata", Json.parse("{\"name\":\"bellman-agent-1\",\"namespace\":\"" + namespace + "\"}"));
        pod.put("spec", ((ObjectNode) template.path("spec")).put("nodeName", node));
        server.apply(Files.writeString(
                folder.resolve("agent-pod.json"),
                JsonNodeFactory.instance.objectNode().setAll(pod).toString()));
        String token = kubectl(
                        "create",
                        "token",
                        template.at("/spec/serviceAccountName").asText(),
                        "-n",
                        namespace,
                        "--bound-object-kind=Pod",
                        "--bound-object-name=bellman-agent-1")
                .stdout();
        // Kubernetes needs a node that forwards; what else the rules need, an init container sets, since an agent
        // cannot.
        NodeAndRouter.run(
                network.onNode("sysctl", "-qw", "net.ipv4.ip_forward=1").toArray(String[]::new));
        List<String> first = new ArrayList<>();
        template.at("/spec/initContainers/0/command").forEach(word -> first.add(word.asText()));
        NodeAndRouter.run(network.onNode(first.toArray(String[]::new)).toArray(String[]::new));
        List<String> capabilities = new ArrayList<>();
        container.at("/securityContext/capabilities/add").forEach(name -> capabilities.add(name.asText()));
        Map<String, String> environment =
                environment(container, Map.of("metadata.namespace", namespace, "spec.nodeName", node));
        List<String> arguments = arguments(container, environment);
        assertThat(arguments.getFirst()).isEqualTo("agent");
        Path run = Files.createDirectories(folder.resolve("run"));
        return AgentProcess.start(
                network,
                folder,
                server.url(),
                server.kubeconfig(folder.resolve(AGENT), token.strip()),
                capabilities,
                environment,
                arguments.stream()
                        .skip(1)
                        .map(argument -> argument.replace("--run-dir=/run/bellman", "--run-dir=" + run))
                        .toList());
    }

    private static List<String> arguments(JsonNode container, Map<String, String> environment) {
        List<String> arguments = new ArrayList<>();
        container.path("args").forEach(argument -> {
            String text = argument.asText();
            for (Map.Entry<String, String> variable : environment.entrySet()) {
                text = text.replace("$(" + variable.getKey() + ")", variable.getValue());
            }
            arguments.add(text);
        });
        return arguments;
    }

    /// @param fields what the kubelet fills in
    private static Map<String, String> environment(JsonNode container, Map<String, String> fields) {
        Map<String, String> environment = new HashMap<>();
        for (JsonNode variable : container.path("env")) {
            String name = variable.path("name").asText();
            String field = variable.at("/valueFrom/fieldRef/fieldPath").asText();
            String value = field.isEmpty() ? variable.path("value").asText() : fields.get(field);
            assertThat(value).as(name).isNotNull();
            environment.put(name, value);
        }
        return environment;
    }

    private JsonNode json(String... what) {
        List<String> command = new ArrayList<>(List.of("get"));
        command.addAll(List.of(what));
        command.addAll(List.of("-o", "json"));
        return Json.parse(kubectl(command.toArray(String[]::new)).stdout());
    }

    private Kubectl.Result kubectl(String... command) {
        Kubectl.Result result = server.kubectl(command);
        assertThat(result.exitCode()).as(result.stderr()).isZero();
        return result;
    }
}
