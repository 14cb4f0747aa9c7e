package dev.bellman.netfilter;

import dev.bellman.address.Family;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.model.EndpointSlice;
import dev.bellman.model.ModelReader;
import dev.bellman.model.Service;
import dev.bellman.model.TrafficPolicy;
import dev.bellman.yaml.Yaml;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

/// Many Services and their endpoints, of which one after the other changes at random. What does not change
/// stays the very same object, as it does for an agent.
public final class Fleet {
    public static final String NODE = "n0";

    private final Random random;
    private final Map<String, Service> services = new TreeMap<>();
    private final Map<String, EndpointSlice> slices = new TreeMap<>();
    private Map<String, TrafficPolicy> patches = Map.of();
    private final int most;

    /// @param most how many Services there are at most
    public Fleet(long seed, int most) {
        this.random = new Random(seed);
        this.most = most;
        for (int i = 0; i < most; i++) {
            if (random.nextInt(8) > 0) {
                service(i);
                slice(i, 0);
            }
        }
    }

    /// One to three changes, most of them of endpoints.
    public void change() {
        int changes = 1 + random.nextInt(3);
        for (int c = 0; c < changes; c++) {
            int i = random.nextInt(most);
            switch (random.nextInt(10)) {
                case 0 -> service(i);
                case 1 -> services.remove(name(i));
                case 2 -> slices.remove(name(i) + "-0");
                case 3 -> slice(i, 1);
                case 4 -> slices.remove(name(i) + "-1");
                // One goes and another comes in the same moment.
                case 6 -> {
                    slices.remove(name(i) + "-0");
                    slice(i, 2);
                }
                case 7 -> slices.remove(name(i) + "-2");
                case 5 -> patch("a/" + name(i), random.nextBoolean() ? TrafficPolicy.LOCAL : TrafficPolicy.CLUSTER);
                default -> slice(i, 0);
            }
        }
    }

    /// The ports of a family, as one who has asked before is answered.
    public List<ServicePort> ports(ServicePorts made) {
        return made.next(List.copyOf(services.values()), List.copyOf(slices.values()), patches);
    }

    List<ServicePort> ports(Family family) {
        return ServicePorts.of(family, NODE, List.copyOf(services.values()), List.copyOf(slices.values()), patches);
    }

    private void patch(String service, TrafficPolicy policy) {
        Map<String, TrafficPolicy> next = new TreeMap<>(patches);
        next.put(service, policy);
        patches = Map.copyOf(next);
    }

    private static String name(int i) {
        return "s" + i;
    }

    private void service(int i) {
        List<String> ports = new ArrayList<>(List.of("{name: http, port: 80, nodePort: " + (30000 + i) + "}"));
        if (random.nextInt(4) == 0) {
            ports.add("{name: dns, port: 53, protocol: UDP}");
        }
        services.put(name(i), ModelReader.service(manifest("""
                apiVersion: v1
                kind: Service
                metadata: {name: %s, namespace: a, uid: u%d}
                spec:
                  type: %s
                  clusterIPs: [10.49.%d.%d, "fd00:49::%x"]
                  externalIPs: [%s]
                  sessionAffinity: %s
                  ports: [%s]
                """.formatted(
                        name(i),
                        i,
                        random.nextInt(20) == 0 ? "ExternalName" : "NodePort",
                        i / 250,
                        i % 250 + 1,
                        i + 1,
                        random.nextInt(4) == 0 ? "192.0.2." + (i % 250 + 1) : "",
                        random.nextInt(6) == 0 ? "ClientIP" : "None",
                        String.join(", ", ports)))));
    }

    private void slice(int i, int number) {
        List<String> endpoints = new ArrayList<>();
        int count = random.nextInt(4);
        for (int e = 0; e < count; e++) {
            endpoints.add(
                    "{addresses: [10.48.%d.%d], nodeName: n%d, conditions: {ready: %b, serving: true, terminating: %b}}"
                            .formatted(
                                    random.nextInt(3),
                                    random.nextInt(6) + 1,
                                    random.nextInt(2),
                                    random.nextInt(3) > 0,
                                    random.nextBoolean()));
        }
        String name = name(i) + "-" + number;
        slices.put(name, Objects.requireNonNull(ModelReader.slice(manifest("""
                        apiVersion: discovery.k8s.io/v1
                        kind: EndpointSlice
                        metadata: {name: %s, namespace: a, labels: {kubernetes.io/service-name: %s}}
                        addressType: IPv4
                        endpoints: [%s]
                        ports: [{name: http, port: 8080, protocol: TCP}, {name: dns, port: 53, protocol: UDP}]
                        """.formatted(
                        name, name(i), String.join(", ", endpoints))))));
    }

    private static Manifest manifest(String text) {
        return Manifest.of(
                (Mapping) Yaml.parse(new SourceText("fleet.yaml", text))
                        .documents()
                        .getFirst(),
                true);
    }
}
