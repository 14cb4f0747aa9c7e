package dev.bellman.testing;

import dev.bellman.diagnostic.SourceText;
import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.report.YamlText;
import dev.bellman.yaml.Yaml;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Objects of a cluster, out of YAML.
public final class Manifests {
    /// A class with the Calico backend that advertises the whole range of the Services' addresses.
    public static final String DATACENTER = """
            apiVersion: bellman.dev/v1alpha1
            kind: AdvertisementClass
            metadata: {name: datacenter}
            spec:
              backend: Calico
              prefixes:
              - {cidr: 10.49.0.0/16, addresses: ClusterIP, advertise: Always, namespaces: {matchAll: true}}
              nodes: {matchAll: true}
            """;

    /// A speaker of Bellman's own on every node, with one peer.
    public static final String SPEAKER = """
            apiVersion: bellman.dev/v1alpha1
            kind: BGPSpeaker
            metadata: {name: tor, uid: b, generation: 1}
            spec:
              nodes: {matchAll: true}
              localASN: 64512
              peers: [{name: tor, address: 10.0.1.10, asn: 64512}]
            """;

    public static final String WORKER1 = """
            apiVersion: v1
            kind: Node
            metadata: {name: worker1}
            status: {addresses: [{type: InternalIP, address: 10.0.1.30}]}
            """;

    private Manifests() {}

    /// A class with the Bird backend whose policies may ask for routes to cluster IPs.
    ///
    /// @param metadata beside the name, as YAML, with a comma before it
    /// @param more fields beside its spec, as YAML
    public static String birdClass(String metadata, String more) {
        return """
                apiVersion: bellman.dev/v1alpha1
                kind: AdvertisementClass
                metadata: {name: datacenter, uid: c, generation: 1%s}
                spec:
                  backend: Bird
                  prefixes:
                  - {cidr: 10.49.0.0/16, addresses: ClusterIP, advertise: OnDemand, namespaces: {matchAll: true}}
                  nodes: {matchAll: true}
                %s""".formatted(metadata, more);
    }

    /// A namespace, and a node.
    public static final String SHOP = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop, uid: ns}
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: node1, uid: n1}
            status: {addresses: [{type: InternalIP, address: 10.0.1.1}]}
            """;

    /// Another class with the Bird backend, for external IPs.
    ///
    /// @param advertise `Always` or `OnDemand`
    public static String secondClass(String advertise) {
        return """
                apiVersion: bellman.dev/v1alpha1
                kind: AdvertisementClass
                metadata: {name: second, uid: c2, generation: 1}
                spec:
                  backend: Bird
                  prefixes:
                  - {cidr: 192.168.0.0/16, addresses: ExternalIP, advertise: %s, namespaces: {matchAll: true}}
                  nodes: {matchAll: true}
                """.formatted(advertise);
    }

    /// Several manifests as one text.
    public static String all(String... manifests) {
        return String.join("---\n", manifests);
    }

    /// Services in a namespace that is there, and policies by which a class announces each of them by itself:
    /// `few` the first 50, `one` the last, `most` the rest.
    public static String crowd(String namespace, int services, String className) {
        return IntStream.range(0, services)
                        .mapToObj(i -> """
                        apiVersion: v1
                        kind: Service
                        metadata: {name: s%d, namespace: %s, labels: {of: %s}}
                        spec: {ports: [{port: 80}]}
                        """.formatted(i, namespace, i < 50 ? "few" : i < services - 1 ? "most" : "one"))
                        .collect(Collectors.joining("---\n"))
                + Stream.of("few", "most", "one")
                        .map(name -> """
                        ---
                        apiVersion: bellman.dev/v1alpha1
                        kind: ServiceAdvertisementPolicy
                        metadata: {name: %1$s, namespace: %2$s}
                        spec: {className: %3$s, services: {selector: {matchLabels: {of: %1$s}}}, routes: PerService}
                        """.formatted(name, namespace, className))
                        .collect(Collectors.joining());
    }

    /// Of the bank of the examples, in namespace `yaobank`: customer with one pod, and summary without any.
    ///
    /// @param node that the pod runs on
    public static String yaobank(String node) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: customer, namespace: yaobank}
                spec:
                  type: NodePort
                  clusterIP: 10.49.60.52
                  selector: {app: customer}
                  ports: [{name: http, port: 80, nodePort: 30180}]
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: summary, namespace: yaobank}
                spec:
                  clusterIP: 10.49.80.32
                  selector: {app: summary}
                  ports: [{name: http, port: 80}]
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata:
                  name: customer-1
                  namespace: yaobank
                  labels: {kubernetes.io/service-name: customer}
                addressType: IPv4
                endpoints: [{addresses: [10.48.0.43], nodeName: %s, conditions: {ready: true}}]
                ports: [{name: http, port: 80, protocol: TCP}]
                """.formatted(node);
    }

    /// One of Bellman's own in the cluster.
    public static Manifest observed(String kind, String name, Map<String, Object> spec) {
        return observed(YamlText.of(Map.of(
                        "apiVersion",
                        "bellman.dev/v1alpha1",
                        "kind",
                        kind,
                        "metadata",
                        Map.of("name", name),
                        "spec",
                        spec)))
                .getFirst();
    }

    public static List<Manifest> observed(String text) {
        return Yaml.parse(new SourceText("cluster", text)).documents().stream()
                .map(document -> Manifest.of((Mapping) document, true))
                .toList();
    }
}
