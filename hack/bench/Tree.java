import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes a repository of a given size: `java Tree.java DIR SERVICES POLICIES NODES`.
///
/// A namespace has 100 services and its share of the policies, each of which names 5 services. Of ten policies two ask for
/// Local, seven for Cluster and one for host routes from every node: as many host routes as a NodePlan holds. Services
/// have three ready endpoints. The same arguments give the same bytes.
final class Tree {
    private static final int PER_NAMESPACE = 100;

    private final Path root;
    private final int services;
    private final int policies;
    private final int nodes;

    private Tree(Path root, int services, int policies, int nodes) {
        this.root = root;
        this.services = services;
        this.policies = policies;
        this.nodes = nodes;
    }

    public static void main(String... args) throws IOException {
        new Tree(Path.of(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3])).write();
    }

    private void write() throws IOException {
        file(".bellman.yaml", "inventory: inventory\nclusterCIDR: 10.128.0.0/9\n");
        file("platform/class.yaml", """
                apiVersion: bellman.dev/v1alpha1
                kind: AdvertisementClass
                metadata:
                  name: datacenter
                spec:
                  backend: Bird
                  prefixes:
                  - cidr: 10.0.0.0/10
                    addresses: ClusterIP
                    advertise: Always
                    namespaces:
                      matchAll: true
                  nodes:
                    matchAll: true
                  attributes:
                    communities: ["64512:100"]
                  guardrails:
                    maxHostRoutes: 20000
                """);
        file("platform/speaker.yaml", """
                apiVersion: bellman.dev/v1alpha1
                kind: BGPSpeaker
                metadata:
                  name: datacenter
                spec:
                  nodes:
                    matchAll: true
                  localASN: 64512
                  peers:
                  - name: rack
                    address: 172.31.255.1
                    asn: 64512
                """);
        StringBuilder nodeList = new StringBuilder();
        for (int i = 0; i < nodes; i++) {
            nodeList.append("---\n").append(node(i));
        }
        file("inventory/nodes.yaml", nodeList.toString());
        int namespaces = (services + PER_NAMESPACE - 1) / PER_NAMESPACE;
        for (int namespace = 0; namespace < namespaces; namespace++) {
            namespace(namespace, namespaces);
        }
    }

    private void namespace(int namespace, int namespaces) throws IOException {
        StringBuilder declared = new StringBuilder();
        StringBuilder slices = new StringBuilder();
        int first = namespace * PER_NAMESPACE;
        int last = Math.min(services, first + PER_NAMESPACE);
        for (int i = first; i < last; i++) {
            declared.append("---\n").append(service(namespace, i));
            slices.append("---\n").append(slice(namespace, i));
        }
        StringBuilder asked = new StringBuilder();
        for (int i = namespace; i < policies; i += namespaces) {
            asked.append("---\n").append(policy(namespace, first, last, i, i / namespaces));
        }
        file("teams/ns-%04d/services.yaml".formatted(namespace), declared.toString());
        file("teams/ns-%04d/policies.yaml".formatted(namespace), asked.toString());
        file("inventory/ns-%04d.yaml".formatted(namespace), slices.toString());
    }

    private static String service(int namespace, int i) {
        return """
                apiVersion: v1
                kind: Service
                metadata:
                  name: svc-%1$05d
                  namespace: ns-%2$04d
                  labels:
                    app: svc-%1$05d
                    tier: %3$s
                spec:
                  type: %4$s
                  clusterIP: 10.%5$d.%6$d.%7$d
                  selector:
                    app: svc-%1$05d
                  ports:
                  - name: http
                    port: 80
                    targetPort: 8080
                  - name: metrics
                    port: 9090
                """.formatted(
                i,
                namespace,
                i % 3 == 0 ? "front" : "back",
                i % 2 == 0 ? "NodePort" : "ClusterIP",
                i >> 16,
                (i >> 8) & 255,
                i & 255);
    }

    private String slice(int namespace, int i) {
        StringBuilder endpoints = new StringBuilder();
        for (int replica = 0; replica < 3; replica++) {
            endpoints.append("""
                    - addresses: [10.%d.%d.%d]
                      conditions: {ready: true, serving: true, terminating: false}
                      nodeName: node-%03d
                    """.formatted(128 + replica * 8 + (i >> 16), (i >> 8) & 255, i & 255, (i * 7 + replica * 13) % nodes));
        }
        return """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata:
                  name: svc-%1$05d-x7k2p
                  namespace: ns-%2$04d
                  labels:
                    kubernetes.io/service-name: svc-%1$05d
                addressType: IPv4
                ports:
                - {name: http, port: 8080, protocol: TCP}
                endpoints:
                """.formatted(i, namespace) + endpoints;
    }

    private static String policy(int namespace, int first, int last, int i, int turn) {
        StringBuilder names = new StringBuilder();
        for (int k = 0; k < 5; k++) {
            names.append(k == 0 ? "" : ", ").append("svc-%05d".formatted(first + (turn * 10 + k * 2) % (last - first)));
        }
        return """
                apiVersion: bellman.dev/v1alpha1
                kind: ServiceAdvertisementPolicy
                metadata:
                  name: policy-%d
                  namespace: ns-%04d
                spec:
                  className: datacenter
                  services:
                    names: [%s]
                %s""".formatted(
                i,
                namespace,
                names,
                i % 10 == 9
                        ? "  routes: PerService\n" + attributes(i)
                        : i % 5 == 0 ? "  trafficPolicy: Local\n" + attributes(i) : "  trafficPolicy: Cluster\n");
    }

    private static String attributes(int i) {
        return "  attributes:\n    communities: [\"64512:%d\"]\n".formatted(1000 + i % 100);
    }

    private String node(int i) {
        return """
                apiVersion: v1
                kind: Node
                metadata:
                  name: node-%03d
                  labels: {kubernetes.io/hostname: node-%03d, rack: r%02d}
                spec:
                  podCIDR: 10.128.0.0/24
                status:
                  addresses:
                  - {type: InternalIP, address: 172.31.%d.%d}
                """.formatted(i, i, i % 20, i / 200, i % 200 + 10);
    }

    private void file(String name, String content) throws IOException {
        Path path = root.resolve(name);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }
}
