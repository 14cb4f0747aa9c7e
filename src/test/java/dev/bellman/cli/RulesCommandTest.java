package dev.bellman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.testing.Golden;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `bellman rules`. Whether these are kube-proxy's rules is for [KubeProxyParityTest] to say.
class RulesCommandTest {
    private static final String SHAPES = "src/test/resources/netfilter/every-kind-of-service";
    private static final String YAOBANK = "gitops-examples/yaobank";

    @ParameterizedTest
    @CsvSource({
        "worker1, ipv4, src/test/resources/netfilter/every-kind-of-service/in",
        "worker2, ipv4, src/test/resources/netfilter/every-kind-of-service/in",
        "worker1, ipv6, src/test/resources/netfilter/every-kind-of-service/in",
        "worker2, ipv6, src/test/resources/netfilter/every-kind-of-service/in",
    })
    void everyKindOfServiceIsPrintedAsExpectedAndTheKernelTakesIt(String node, String family, String path)
            throws Exception {
        Run run = Run.of(
                "rules", "--node", node, "--family", family, "--cluster-cidr", "10.48.0.0/16,fd00:48::/64", path);

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo(Golden.text(Path.of(SHAPES, node + "." + family), run.out()));
        assertThat(restored(family, run.out())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"control1", "worker1", "worker2"})
    void aPlansPatchIsInTheRules(String node) throws Exception {
        Run run = Run.of("rules", "--node", node, YAOBANK);

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .isEqualTo(Golden.text(Path.of("src/test/resources/netfilter/yaobank", node + ".ipv4"), run.out()))
                .contains("masquerade LOCAL traffic for yaobank/customer:http external destinations");
        assertThat(restored("ipv4", run.out())).isEmpty();
    }

    @Test
    void nodePortsOfTheClusterStayWhereGitNamesNone(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("git.yaml"), """
                apiVersion: v1
                kind: Service
                metadata: {name: dns, namespace: shop}
                spec:
                  type: NodePort
                  ports:
                  - {name: tcp, port: 53}
                  - {name: udp, port: 53, protocol: UDP}
                """);
        Files.writeString(folder.resolve("cluster.yaml"), """
                apiVersion: v1
                kind: Node
                metadata: {name: worker1, uid: n}
                status: {addresses: [{type: InternalIP, address: 10.0.1.30}]}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: dns, namespace: shop, uid: s}
                spec:
                  type: NodePort
                  clusterIP: 10.49.0.53
                  clusterIPs: [10.49.0.53]
                  ports:
                  - {name: udp, port: 53, protocol: UDP, nodePort: 30054}
                  - {name: tcp, port: 53, protocol: TCP, nodePort: 30053}
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: dns-1, namespace: shop, uid: e, labels: {kubernetes.io/service-name: dns}}
                addressType: IPv4
                endpoints: [{addresses: [10.48.0.43], nodeName: worker1}]
                ports: [{name: tcp, port: 53, protocol: TCP}, {name: udp, port: 53, protocol: UDP}]
                """);

        String rules = Run.of("rules", "--node", "worker1", folder.toString()).out();

        assertThat(rules)
                .contains("\"shop/dns:tcp\" -m tcp --dport 30053 ")
                .contains("\"shop/dns:udp\" -m udp --dport 30054 ");
    }

    @Test
    void aNodeThatIsNotThereIsNamedWithThoseThatAre() {
        Run run = Run.of("rules", "--node", "worker9", YAOBANK);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("there is no node worker9; nodes are control1, worker1, worker2");
    }

    @Test
    void optionsAreThoseOfKubeProxy() {
        String narrow = Run.of("rules", "--node", "worker1", "--nodeport-addresses", "10.0.1.0/24", YAOBANK)
                .out();
        assertThat(narrow)
                .contains("-A KUBE-SERVICES -d 10.0.1.30/32 ")
                .doesNotContain("-m addrtype --dst-type LOCAL -j");
        String all = Run.of("rules", "--node", "worker1", "--masquerade-all", YAOBANK)
                .out();
        assertThat(all).contains("-A KUBE-SVC-OIQIZJVJK6E34BR4 -d 10.49.80.32/32 ");

        Run wrong = Run.of("rules", "--node", "worker1", "--cluster-cidr", "10.48.0.0", YAOBANK);
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("not a CIDR in --cluster-cidr: 10.48.0.0");
    }

    /// Loads the rules into a kernel that has none, in a namespace that nobody else sees, and saves them again.
    ///
    /// @return the lines that came back otherwise than they were loaded
    private static List<String> restored(String family, String rules) throws IOException, InterruptedException {
        String tool = family.equals("ipv4") ? "iptables" : "ip6tables";
        Process process = new ProcessBuilder(
                        "unshare",
                        "--net",
                        "sh",
                        "-c",
                        "rules=$(cat); echo \"$rules\" | $0-restore --test && echo \"$rules\" | $0-restore && $0-save",
                        tool)
                .redirectErrorStream(true)
                .start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(rules.getBytes(StandardCharsets.UTF_8));
        }
        String saved = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(saved).isZero();
        List<String> back = saved.lines().filter(line -> line.startsWith("-A")).toList();
        List<String> sent = rules.lines().filter(line -> line.startsWith("-A")).toList();
        return Stream.concat(
                        back.stream().filter(line -> !sent.contains(line)),
                        sent.stream().filter(line -> !back.contains(line)))
                .toList();
    }
}
