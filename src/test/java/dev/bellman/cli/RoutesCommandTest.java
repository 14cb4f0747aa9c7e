package dev.bellman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `bellman routes`, on policies and on a plain cluster.
class RoutesCommandTest {
    private static final String EXAMPLE = "gitops-examples/yaobank";

    /// What `kubectl get bgpconfigurations,services,endpointslices,nodes -A -o yaml` prints: two services, one of them
    /// Local with an endpoint on worker2 only.
    private static final String CLUSTER = """
            apiVersion: v1
            kind: List
            metadata:
              resourceVersion: ""
            items:
            - apiVersion: projectcalico.org/v3
              kind: BGPConfiguration
              metadata: {name: default, uid: "1", resourceVersion: "1"}
              spec:
                serviceClusterIPs:
                - cidr: 10.49.0.0/16
            - apiVersion: v1
              kind: Service
              metadata: {name: customer, namespace: yaobank, uid: "2", resourceVersion: "2"}
              spec:
                type: NodePort
                clusterIP: 10.49.7.1
                clusterIPs: [10.49.7.1]
                externalTrafficPolicy: Local
                ports: [{port: 80, nodePort: 30180, protocol: TCP}]
            - apiVersion: v1
              kind: Service
              metadata: {name: summary, namespace: yaobank, uid: "3", resourceVersion: "3"}
              spec:
                type: ClusterIP
                clusterIP: 10.49.7.2
                clusterIPs: [10.49.7.2]
                ports: [{port: 80, protocol: TCP}]
            - apiVersion: discovery.k8s.io/v1
              kind: EndpointSlice
              metadata:
                name: customer-x
                namespace: yaobank
                uid: "4"
                labels: {kubernetes.io/service-name: customer}
              addressType: IPv4
              endpoints:
              - addresses: [10.48.2.2]
                conditions: {ready: true}
                nodeName: worker2
              ports: [{port: 80, protocol: TCP}]
            - apiVersion: v1
              kind: Node
              metadata: {name: worker1, uid: "5"}
              status: {addresses: [{type: InternalIP, address: 10.0.1.30}]}
            - apiVersion: v1
              kind: Node
              metadata: {name: worker2, uid: "6"}
              status: {addresses: [{type: InternalIP, address: 10.0.1.31}]}
            """;

    private Sandbox box;

    @BeforeEach
    void sandbox(@TempDir Path folder) throws IOException {
        box = new Sandbox(folder.toRealPath());
    }

    @Test
    void theKeysOfJsonAreThoseThatWerePromised() {
        JsonNode json = Sandbox.json(box.run("routes", "-f", "json", EXAMPLE));

        assertThat(json.propertyStream().map(Map.Entry::getKey))
                .containsExactly("version", "nodes", "upstream", "undecided");
        assertThat(json.get("version").asInt()).isEqualTo(1);
        assertThat(json.get("nodes").toString())
                .isEqualTo("{\"control1\":{\"advertised\":[\"10.49.0.0/16\"]},"
                        + "\"worker1\":{\"advertised\":[\"10.49.0.0/16\"]},"
                        + "\"worker2\":{\"advertised\":[\"10.49.0.0/16\",\"10.49.60.52/32\"]}}");
        assertThat(json.get("upstream").toString())
                .isEqualTo("[{\"prefix\":\"10.49.0.0/16\",\"nextHops\":[\"10.0.1.20\",\"10.0.1.30\",\"10.0.1.31\"]},"
                        + "{\"prefix\":\"10.49.60.52/32\",\"nextHops\":[\"10.0.1.31\"]}]");
    }

    @Test
    void aPlainClusterComesThroughAPipe() {
        Run run = box.withInput(CLUSTER, "routes", "-f", "json", "-");

        assertThat(run.code()).as("%s", run).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(routes(run)).isEqualTo("10.49.0.0/16 via 10.0.1.30 10.0.1.31, 10.49.7.1/32 via 10.0.1.31");
    }

    @Test
    void aPlainClusterMayBeJson() throws IOException {
        String json = new com.fasterxml.jackson.databind.ObjectMapper().writeValueAsString(plain(CLUSTER));
        assertThat(routes(box.withInput(json, "routes", "-f", "json", "-")))
                .isEqualTo(routes(box.withInput(CLUSTER, "routes", "-f", "json", "-")));
    }

    private static Object plain(String yaml) {
        return new org.snakeyaml.engine.v2.api.Load(
                        org.snakeyaml.engine.v2.api.LoadSettings.builder().build())
                .loadFromString(yaml);
    }

    @Test
    void aNodeThatIsGoneAnnouncesNothing() {
        Run run = box.run("routes", "-f", "json", "--without", "worker2", EXAMPLE);

        assertThat(routes(run)).isEqualTo("10.49.0.0/16 via 10.0.1.20 10.0.1.30");
        assertThat(Sandbox.json(run).get("nodes").has("worker2")).isFalse();
        assertThat(routes(box.withInput(CLUSTER, "routes", "-f", "json", "--without=worker2", "-")))
                .isEqualTo("10.49.0.0/16 via 10.0.1.30");
    }

    @Test
    void aClusterThatLosesItsOnlyNodeAnnouncesNothingForCertain() {
        box.write("class.yaml", Sandbox.CLASS).write("node.yaml", """
                apiVersion: v1
                kind: Node
                metadata: {name: n1, uid: "1"}
                status: {addresses: [{type: InternalIP, address: 10.0.1.30}]}
                """);

        Run run = box.run("routes", "-f", "json", "--without", "n1", "@");

        assertThat(routes(box.run("routes", "-f", "json", "@"))).isEqualTo("10.49.0.0/16 via 10.0.1.30");
        assertThat(routes(run)).isEmpty();
        assertThat(Sandbox.json(run).get("undecided")).isEmpty();
    }

    @Test
    void anUnknownNodeIsAnsweredWithThoseThereAre() {
        assertThat(box.run("routes", "--without", "worker9", EXAMPLE))
                .isEqualTo(new Run(2, "", "bellman: there is no node worker9; nodes are control1, worker1, worker2\n"));
    }

    @Test
    void peopleGetATable() {
        Run run = box.run("routes", EXAMPLE);

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains(
                        "  10.49.60.52/32  via 10.0.1.31\n", "What each node announces", "worker2", "yaobank/customer");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void theAnswerMayGoToAFile() throws IOException {
        Run run = box.run("routes", "-f", "json=@/out/routes.json", EXAMPLE);

        assertThat(run).isEqualTo(new Run(0, "", ""));
        assertThat(Files.readString(box.path("out/routes.json")))
                .isEqualTo(box.run("routes", "-f", "json", EXAMPLE).out());
    }

    @Test
    void errorsAreSaidBesideTheAnswer() {
        Run run = box.withInput(CLUSTER + "---\n" + Sandbox.WRONG + "---\n[\n", "routes", "-f", "json", "-");

        assertThat(run.code()).isEqualTo(1);
        assertThat(routes(run)).contains("10.49.7.1/32 via 10.0.1.31");
        assertThat(run.err().lines()).hasSize(2).allMatch(line -> line.matches("-:\\d+:\\d+: error\\[[a-z-]+] .+"));
    }

    @Test
    void nothingToPredictFromIsNotClean() {
        Run run = box.withInput("", "routes", "-");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("nothing was checked");
    }

    /// Before 3.18 a Calico ignores what newer ones announce for load balancers.
    @Test
    void theReleaseOfCalicoCounts() {
        for (String version : new String[] {"3.31", "v3.31", "3.31.4", "v3.29.0"}) {
            assertThat(box.withInput(CLUSTER, "routes", "--calico-version", version, "-")
                            .code())
                    .as(version)
                    .isZero();
        }
        Run run = box.withInput(CLUSTER, "routes", "--calico-version", "latest", "-");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("not a version of Calico: latest").hasLineCount(1);
    }

    private static String routes(Run run) {
        StringBuilder text = new StringBuilder();
        for (JsonNode route : Sandbox.json(run).get("upstream")) {
            text.append(text.isEmpty() ? "" : ", ")
                    .append(route.get("prefix").asText())
                    .append(" via");
            route.get("nextHops").forEach(hop -> text.append(' ').append(hop.asText()));
        }
        return text.toString();
    }
}
