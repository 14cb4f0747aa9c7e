package dev.bellman.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.bellman.netfilter.SavedRules;
import dev.bellman.testing.KubeApiServer;
import dev.bellman.testing.KubeProxy;
import dev.bellman.testing.Kubectl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The real kube-proxy and `bellman rules`, given the same objects of the same API server: the same rules in
/// the same chains.
class KubeProxyParityTest {
    private static final Path YAOBANK = Path.of("gitops-examples/yaobank/inventory");
    private static final Path SHAPES = Path.of("src/test/resources/netfilter/every-kind-of-service/in");
    private static final String CLUSTER_CIDR = "10.48.0.0/16,fd00:48::/64";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /// kube-proxy visits services in the order of a Go map, so that the rules of these chains stand in any order.
    private static final Set<String> UNORDERED =
            Set.of("KUBE-SERVICES", "KUBE-NODEPORTS", "KUBE-EXTERNAL-SERVICES", "KUBE-PROXY-FIREWALL");

    private static KubeApiServer server;
    private static KubeProxy onWorker1;

    @TempDir
    Path folder;

    @BeforeAll
    static void startServers(@TempDir Path folder) throws IOException {
        server = KubeApiServer.start();
        must("create", "namespace", "yaobank");
        must("create", "namespace", "shapes");
        apply(folder, "nodes.yaml", SHAPES.resolve("nodes.yaml"));
        onWorker1 = KubeProxy.start(server, "worker1", CLUSTER_CIDR);
    }

    @AfterAll
    static void stopServers() {
        if (onWorker1 != null) {
            onWorker1.close();
        }
        server.close();
    }

    @Test
    void yaobankBeforeAndAfterItsCustomerServiceBecomesLocal() throws IOException {
        apply(folder, "services.yaml", YAOBANK.resolve("services.yaml"));
        apply(folder, "endpointslices.yaml", YAOBANK.resolve("endpointslices.yaml"));
        assertSame("ipv4", "KUBE-EXT-PX5FENG4GZJTCELT -j KUBE-SVC-PX5FENG4GZJTCELT");

        must(
                "patch",
                "service",
                "customer",
                "--namespace=yaobank",
                "--patch={\"spec\":{\"externalTrafficPolicy\":\"Local\"}}");
        assertSame("ipv4", "yaobank/customer:http has no local endpoints");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipv4", "ipv6"})
    void everyKindOfService(String family) throws IOException {
        apply(folder, "services.yaml", SHAPES.resolve("services.yaml"));
        apply(folder, "endpointslices.yaml", SHAPES.resolve("endpointslices.yaml"));

        assertSame(family, "shapes/dual:http -> ");
    }

    /// kube-proxy leaves comments out, which would be most of what it loads.
    ///
    /// It writes the chains of Services that do not change only when it starts, or once in an hour, so that it is
    /// started anew.
    @Test
    void aClusterWithMoreThanAThousandEndpoints() throws IOException {
        apply(folder, "services.yaml", YAOBANK.resolve("services.yaml"));
        apply(folder, "endpointslices.yaml", YAOBANK.resolve("endpointslices.yaml"));
        Path crowd = folder.resolve("crowd.yaml");
        Files.writeString(crowd, crowd());
        must("apply", "-f", crowd.toString());
        try {
            restart();
            assertSame("ipv4", "-j KUBE-SVC-PX5FENG4GZJTCELT");
        } finally {
            must("delete", "-f", crowd.toString());
            restart();
        }
    }

    private static void restart() {
        onWorker1.close();
        onWorker1 = KubeProxy.start(server, "worker1", CLUSTER_CIDR);
    }

    private static String crowd() {
        StringBuilder text = new StringBuilder("""
                apiVersion: v1
                kind: Service
                metadata: {name: crowd, namespace: shapes}
                spec: {sessionAffinity: ClientIP, ports: [{name: http, port: 80, protocol: TCP}]}
                """);
        for (int slice = 0; slice < 11; slice++) {
            text.append("""
                    ---
                    apiVersion: discovery.k8s.io/v1
                    kind: EndpointSlice
                    metadata: {name: crowd-%1$d, namespace: shapes, labels: {kubernetes.io/service-name: crowd}}
                    addressType: IPv4
                    ports: [{name: http, port: 8080, protocol: TCP}]
                    endpoints:
                    """.formatted(slice));
            for (int endpoint = 1; endpoint <= 100; endpoint++) {
                text.append(
                        "- {addresses: [10.48.%d.%d], conditions: {ready: true}}\n".formatted(100 + slice, endpoint));
            }
        }
        return text.toString();
    }

    /// Waits until kube-proxy has made the rules that Bellman prints, all of them and no others.
    ///
    /// @param sign what is in them for certain
    private void assertSame(String family, String sign) throws IOException {
        Sandbox box = new Sandbox(folder.resolve("state"));
        box.write("state.yaml", must("get", "services,endpointslices,nodes", "--all-namespaces", "--output=yaml"));
        Run run = box.run("rules", "--node", "worker1", "--family", family, "--cluster-cidr", CLUSTER_CIDR, "@");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains(sign);
        List<String> ours = comparable(run.out());
        long deadline = System.nanoTime() + LIMIT.toNanos();
        List<String> theirs;
        do {
            theirs = comparable(onWorker1.saved(family.equals("ipv4") ? "iptables-save" : "ip6tables-save"));
            if (System.nanoTime() > deadline) {
                List<String> missing = minus(theirs, ours);
                List<String> surplus = minus(ours, theirs);
                fail("of kube-proxy alone:\n" + String.join("\n", missing) + "\nof Bellman alone:\n"
                        + String.join("\n", surplus) + "\n"
                        + (missing.isEmpty() && surplus.isEmpty() ? "the order differs\n" : "") + onWorker1.report());
            }
        } while (!ours.equals(theirs));
    }

    private static List<String> minus(List<String> all, List<String> without) {
        return all.stream().filter(line -> !without.contains(line)).toList();
    }

    /// Rules by table and chain, in the order of their chain where that means something.
    private static List<String> comparable(String saved) {
        List<String> lines = new ArrayList<>();
        SavedRules.parse(saved)
                .chains()
                .forEach((table, chains) -> chains.forEach((chain, rules) -> (UNORDERED.contains(chain)
                                ? rules.stream()
                                        // Last in its chain, whatever the order of the others.
                                        .sorted(Comparator.comparing(
                                                        (String line) -> line.contains("NOTE: this must be the last"))
                                                .thenComparing(Comparator.naturalOrder()))
                                : rules.stream())
                        .forEach(line -> lines.add(table.word() + " " + line))));
        return lines.stream()
                .sorted(Comparator.comparing(line -> line.split(" -m | -j | ! | -s | -d | -p ", 2)[0]))
                .toList();
    }

    /// As `kubectl apply`, with the status that a cluster's own controllers would write.
    private static void apply(Path folder, String name, Path manifests) throws IOException {
        String text = Files.readString(manifests)
                .lines()
                .filter(line -> !line.matches(" *(uid|resourceVersion): .*"))
                .collect(Collectors.joining("\n", "", "\n"));
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        must("apply", "-f", file.toString());
        if (text.contains("status:")) {
            must("replace", "--subresource=status", "-f", file.toString());
        }
    }

    private static String must(String... args) {
        Kubectl.Result result = server.kubectl(args);
        assertThat(result.exitCode()).as(result.stderr()).isZero();
        return result.stdout();
    }
}
