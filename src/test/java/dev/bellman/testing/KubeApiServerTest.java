package dev.bellman.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeApiServerTest {
    @TempDir
    Path folder;

    @Test
    void keepsAServiceAtTheAddressThatItAskedFor() throws IOException {
        Path manifests = Files.writeString(folder.resolve("summary.yaml"), """
            apiVersion: v1
            kind: Namespace
            metadata: {name: yaobank}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: summary, namespace: yaobank}
            spec:
              clusterIP: 10.49.60.52
              selector: {app: summary}
              ports: [{name: http, port: 80}]
            """);

        KubeApiServer.shared().apply(manifests);

        assertThat(KubeApiServer.shared()
                        .kubectl("get", "service", "-n", "yaobank", "summary", "-o", "jsonpath={.spec.clusterIP}"))
                .isEqualTo(new Kubectl.Result(0, "10.49.60.52", ""));
    }

    @Test
    void refusesAnAddressOutsideTheServiceRange() {
        var result = KubeApiServer.shared()
                .kubectl("create", "service", "clusterip", "outside", "--clusterip=10.50.0.1", "--tcp=80");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.stderr()).contains("does not match the current range");
    }

    @Test
    void servesDefinitionsAtOnce() {
        KubeApiServer.shared().serve(Path.of("crds"));

        assertThat(KubeApiServer.shared()
                        .send("GET", "/apis/bellman.dev/v1alpha1/bgpspeakers", "application/json", "")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void failsOverDefinitionsThatTheServerRefuses() throws IOException {
        Files.writeString(folder.resolve("bad.yaml"), """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: not-its-name.example.org}
            spec: {group: example.org, names: {kind: A, plural: as}, scope: Cluster, versions: []}
            """);

        assertThatThrownBy(() -> KubeApiServer.shared().serve(folder)).hasMessageContaining("not-its-name");
    }

    @Test
    void leavesNoProcessAndNoFileWhenItIsClosed() {
        KubeApiServer server = KubeApiServer.start();
        assertThat(server.pids()).hasSize(2).allMatch(KubeApiServerTest::isAlive);
        assertThat(server.url()).isNotEqualTo(KubeApiServer.shared().url());

        server.close();

        assertThat(server.pids()).noneMatch(KubeApiServerTest::isAlive);
        assertThat(server.kubeconfig().getParent()).doesNotExist();
    }

    @Test
    void showsAndKeepsTheLogOfAServerThatDoesNotStart() {
        assertThatThrownBy(() -> KubeApiServer.startIn(folder, "--service-cluster-ip-range=nonsense"))
                .hasMessageContaining("kube-apiserver did not start")
                .hasMessageContaining("service-cluster-ip-range[0] is not a valid cidr");

        assertThat(folder)
                .isDirectoryRecursivelyContaining("glob:**/kube-apiserver.log")
                .isDirectoryRecursivelyContaining("glob:**/etcd.log");
    }

    @Test
    void saysThatAPortIsTakenWhenTryingAgainDoesNotHelp() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> KubeApiServer.startIn(folder, "--secure-port=" + taken.getLocalPort()))
                    .hasMessageContaining("a port was taken by another program");
        }
    }

    @Test
    void saysHowToGetAProgramThatIsMissing() {
        assertThatThrownBy(() -> TestEnvironment.program(folder, "kube-apiserver"))
                .hasMessage("no program " + folder.resolve("kube-apiserver") + ": run hack/test-env.sh");
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
}
