package dev.bellman.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bellman.gitops.HealthScript.Health;
import dev.bellman.testing.Json;
import dev.bellman.testing.KubeApiServer;
import dev.bellman.testing.Kubectl;
import dev.bellman.testing.Lab;
import dev.bellman.testing.OperatorProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The examples of Argo CD and Flux with the packaged operator at a real API server. In the place of the tools stands
/// kubectl, which applies as they do: in their way, with their names, and by force.
class GitOpsIT {
    private static final Path EXAMPLES = Path.of("gitops-examples");
    private static final Path HEALTH = EXAMPLES.resolve("argocd/health.lua");
    private static final Path RULE = Path.of("src/test/resources/argocd/progressing-rule-as-it-is-created.yaml");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static KubeApiServer server;
    private static OperatorProcess operator;

    /// How a tool writes what Git says.
    private enum Tool {
        ARGO_CD("argocd", "--server-side", "--force-conflicts", "--field-manager=argocd-controller"),
        /// Without the sync option ServerSideApply.
        ARGO_CD_CLIENT_SIDE("argocd"),
        FLUX("flux", "--server-side", "--force-conflicts", "--field-manager=kustomize-controller");

        final Path example;
        final List<String> flags;

        Tool(String example, String... flags) {
            this.example = EXAMPLES.resolve(example);
            this.flags = List.of(flags);
        }
    }

    @BeforeAll
    static void serve(@TempDir Path folder) throws IOException {
        server = KubeApiServer.startWithKinds();
        run("create", "namespace", "flux-system");
        for (String node : List.of("worker1:30", "worker2:31")) {
            String name = node.substring(0, node.indexOf(':'));
            Path file = folder.resolve(name + ".yaml");
            Files.writeString(file, "{apiVersion: v1, kind: Node, metadata: {name: " + name + "}}");
            run("create", "-f", file.toString());
            run(
                    "patch",
                    "node",
                    name,
                    "--subresource=status",
                    "--type=merge",
                    "-p",
                    "{\"status\":{\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"10.0.1.%s\"}]}}"
                            .formatted(node.substring(node.indexOf(':') + 1)));
        }
        operator = OperatorProcess.start(server.kubeconfig());
    }

    @AfterEach
    void prune() {
        if (!operator.isAlive()) {
            operator = OperatorProcess.start(server.kubeconfig());
        }
        run("delete", "sap", "--all", "-n", "yaobank", "--timeout=50s");
        run("delete", "advertisementclasses,advertisementrules", "--all", "--timeout=50s");
        run("delete", "services", "--all", "-n", "yaobank");
    }

    @AfterAll
    static void close() {
        operator.close();
        server.close();
    }

    /// No tool fights with the operator about a field, whichever way it applies: hence no `ignoreDifferences`.
    @ParameterizedTest
    @EnumSource(Tool.class)
    void whatIsSyncedIsCarriedOutAndTheNextSyncHasNothingToDo(Tool tool) {
        sync(tool);

        awaitHealth("sap", "customer", "Healthy");
        awaitHealth("advertisementclass", "datacenter", "Healthy");
        assertThat(get("service", "customer").at("/spec/externalTrafficPolicy").asText())
                .isEqualTo("Local");
        assertThat(diff(tool)).isEmpty();

        List<String> before = versions();
        sync(tool);
        assertThat(versions()).isEqualTo(before);

        // Pruned, as when a file goes from Git.
        run("delete", "sap", "customer", "-n", "yaobank", "--timeout=50s");
        assertThat(get("service", "customer").at("/spec/externalTrafficPolicy").asText())
                .isEqualTo("Cluster");
        assertThat(diff(tool)).contains("kind: ServiceAdvertisementPolicy").doesNotContain("kind: Service\n");
    }

    @Test
    void aCommitWithAMistakeIsDegradedAndSaysWhy() {
        sync(Tool.ARGO_CD);
        awaitHealth("sap", "customer", "Healthy");

        patchPolicy("{\"spec\":{\"className\":\"datacentre\"}}");

        awaitHealth("sap", "customer", "Degraded");
        assertThat(health("sap", "customer").message()).contains("datacentre").contains("datacenter");
        sync(Tool.ARGO_CD);
        awaitHealth("sap", "customer", "Healthy");
    }

    /// Argo CD must not take the word about an older version for one about this.
    @Test
    void aVersionThatNobodyHasLookedAtIsProgressing() {
        sync(Tool.ARGO_CD);
        awaitHealth("sap", "customer", "Healthy");
        operator.kill();

        patchPolicy("{\"spec\":{\"routes\":\"PerService\"}}");
        assertThat(health("sap", "customer").status()).isEqualTo("Progressing");
        // Flux takes an object without any status for done.
        run(apply(Tool.FLUX, RULE));
        assertThat(get("advertisementrule", "labelled")
                        .at("/status/observedGeneration")
                        .asInt(-1))
                .isZero();
        assertThat(health("advertisementrule", "labelled").status()).isEqualTo("Progressing");

        operator = OperatorProcess.start(server.kubeconfig());
        awaitHealth("sap", "customer", "Healthy");
        awaitHealth("advertisementrule", "labelled", "Healthy");
    }

    @Test
    void theTeamsAccountOfFluxMayDoWhatIsTheTeamsAndNoMore() {
        run(apply(Tool.FLUX, Tool.FLUX.example.resolve("platform")));
        String team = "--as=system:serviceaccount:flux-system:yaobank";
        List<String> own = new ArrayList<>(List.of(apply(Tool.FLUX, Tool.FLUX.example.resolve("teams/yaobank"))));
        own.add(team);
        run(own.toArray(String[]::new));

        assertThat(server.kubectl(
                                "apply",
                                "--server-side",
                                team,
                                "-f",
                                Tool.FLUX
                                        .example
                                        .resolve("platform/datacenter.yaml")
                                        .toString())
                        .stderr())
                .contains("forbidden");
        assertThat(server.kubectl("auth", "can-i", "patch", "services", "-n", "default", team)
                        .stdout())
                .startsWith("no");
        assertThat(server.kubectl("auth", "can-i", "patch", "bgpspeakers", team).stdout())
                .startsWith("no");
    }

    private static void patchPolicy(String merge) {
        run("patch", "sap", "customer", "-n", "yaobank", "--type=merge", "-p", merge);
    }

    private static void sync(Tool tool) {
        run(apply(tool, tool.example.resolve("platform")));
        run(apply(tool, tool.example.resolve("teams/yaobank")));
    }

    private static String[] apply(Tool tool, Path folder) {
        List<String> command = new ArrayList<>(List.of("apply", "-f", folder.toString()));
        command.addAll(tool.flags);
        return command.toArray(String[]::new);
    }

    /// What the next sync would change.
    private static String diff(Tool tool) {
        StringBuilder found = new StringBuilder();
        for (String folder : List.of("platform", "teams/yaobank")) {
            List<String> command = new ArrayList<>(
                    List.of("diff", "-f", tool.example.resolve(folder).toString()));
            command.addAll(tool.flags);
            Kubectl.Result result = server.kubectl(command.toArray(String[]::new));
            assertThat(result.exitCode()).as(result.stderr()).isLessThan(2);
            found.append(result.stdout());
        }
        return found.toString();
    }

    private static List<String> versions() {
        return List.of(get("service", "customer"), get("sap", "customer"), get("advertisementclass", "datacenter"))
                .stream()
                .map(object -> object.at("/metadata/resourceVersion").asText())
                .toList();
    }

    private static void awaitHealth(String kind, String name, String status) {
        Lab.await(PATIENCE, () -> {
            Health health = health(kind, name);
            assertThat(health.status()).as(health.message()).isEqualTo(status);
        });
    }

    private static Health health(String kind, String name) {
        return HealthScript.of(HEALTH, get(kind, name));
    }

    private static JsonNode get(String kind, String name) {
        return Json.parse(run("get", kind, name, "-n", "yaobank", "-o", "json"));
    }

    private static String run(String... args) {
        Kubectl.Result result = server.kubectl(args);
        assertThat(result.exitCode())
                .as(String.join(" ", args) + ": " + result.stderr())
                .isZero();
        return result.stdout();
    }
}
