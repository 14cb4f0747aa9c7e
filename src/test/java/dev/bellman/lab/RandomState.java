package dev.bellman.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// A state folder that is edited at random: services with their pods, who announces them, and which nodes do.
final class RandomState {
    static final String POLICIES = "policies/";
    private static final String EXCLUDE = "node.kubernetes.io/exclude-from-external-load-balancers";
    private static final int MOST_SERVICES = 6;
    private static final int MOST_PODS = 4;
    private static final Map<String, Integer> NODES =
            new TreeMap<>(Map.of("control1", 20, "worker1", 30, "worker2", 31));
    private static final List<String> NODE_NAMES = List.copyOf(NODES.keySet());

    private record Pod(int number, String node, boolean ready) {}

    /// @param number of which its addresses and node ports are made
    /// @param external its externalTrafficPolicy, where it is a NodePort
    /// @param ports which of [Port] it has
    private record Service(
            int number, boolean ipv6, boolean nodePort, String external, SortedSet<Port> ports, List<Pod> pods) {
        String name() {
            return "s" + number;
        }

        String ip() {
            return ipv6 ? "fd00:49::" + number : "10.49.1." + number;
        }

        String podIp(int pod) {
            return ipv6 ? "fd00:48::" + number + ":" + pod : "10.48." + number + "." + pod;
        }

        Service withPods(List<Pod> others) {
            return new Service(number, ipv6, nodePort, external, ports, List.copyOf(others));
        }
    }

    private enum Port {
        HTTP(80, "TCP"),
        ADMIN(8080, "TCP"),
        DNS(53, "UDP");

        private final int number;
        private final String protocol;

        Port(int number, String protocol) {
            this.number = number;
            this.protocol = protocol;
        }

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private record Policy(String trafficPolicy, String routes) {}

    private final SortedMap<Integer, Service> services;
    private final SortedMap<Integer, Policy> policies;
    private final SortedSet<String> excluded;
    private String ipv4 = "Always";
    private String ipv6 = "Always";
    private int edits;
    private String last = "";

    private RandomState(
            SortedMap<Integer, Service> services, SortedMap<Integer, Policy> policies, SortedSet<String> excluded) {
        this.services = services;
        this.policies = policies;
        this.excluded = excluded;
    }

    static RandomState first() {
        RandomState state = new RandomState(new TreeMap<>(), new TreeMap<>(), new TreeSet<>());
        for (int number = 1; number <= 4; number++) {
            boolean ipv6 = number == 4;
            state.services.put(
                    number,
                    new Service(
                            number,
                            ipv6,
                            number % 2 == 0,
                            "Cluster",
                            new TreeSet<>(List.of(Port.HTTP)),
                            List.of(new Pod(1, "worker1", true), new Pod(2, "worker2", true))));
        }
        return state;
    }

    /// One edit further. What comes of it may have errors.
    RandomState edited(Random random) {
        RandomState next = new RandomState(new TreeMap<>(services), new TreeMap<>(policies), new TreeSet<>(excluded));
        next.ipv4 = ipv4;
        next.ipv6 = ipv6;
        next.edits = edits + 1;
        next.last = next.edit(random);
        return next;
    }

    /// What the last edit was.
    @Override
    public String toString() {
        return last;
    }

    private String edit(Random random) {
        if (services.isEmpty()) {
            return addService(random);
        }
        Service service = any(random, List.copyOf(services.values()));
        return switch (random.nextInt(32)) {
            case 0, 1, 2, 3, 4, 5 -> ready(random, service);
            case 6, 7, 8 -> move(random, service);
            case 9, 10, 11 -> addPod(random, service);
            case 12, 13 -> deletePod(random, service);
            case 14, 15 -> type(service);
            case 16, 17 -> external(service);
            case 18, 19, 20 -> port(random, service);
            case 21, 22, 23, 24, 25 -> policy(random, service);
            case 26 -> noPolicy(service);
            case 27 -> advertise(random);
            case 28 -> exclude(random);
            case 29, 30 -> addService(random);
            default -> removeService(service);
        };
    }

    private static <T> T any(Random random, List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private String ready(Random random, Service service) {
        if (service.pods().isEmpty()) {
            return addPod(random, service);
        }
        Pod pod = any(random, service.pods());
        replace(service, pod, new Pod(pod.number(), pod.node(), !pod.ready()));
        return "pod " + pod.number() + " of " + service.name() + " is " + (pod.ready() ? "not ready" : "ready");
    }

    private String move(Random random, Service service) {
        if (service.pods().isEmpty()) {
            return addPod(random, service);
        }
        Pod pod = any(random, service.pods());
        String to = any(random, NODE_NAMES);
        replace(service, pod, new Pod(pod.number(), to, pod.ready()));
        return "pod " + pod.number() + " of " + service.name() + " moves from " + pod.node() + " to " + to;
    }

    private void replace(Service service, Pod before, Pod after) {
        List<Pod> pods = new ArrayList<>(service.pods());
        pods.set(pods.indexOf(before), after);
        services.put(service.number(), service.withPods(pods));
    }

    private String addPod(Random random, Service service) {
        if (service.pods().size() >= MOST_PODS) {
            return deletePod(random, service);
        }
        int number = service.pods().stream().mapToInt(Pod::number).max().orElse(0) % 200 + 1;
        List<Pod> pods = new ArrayList<>(service.pods());
        pods.add(new Pod(number, any(random, NODE_NAMES), true));
        services.put(service.number(), service.withPods(pods));
        return "pod " + number + " of " + service.name() + " on "
                + pods.getLast().node();
    }

    private String deletePod(Random random, Service service) {
        if (service.pods().isEmpty()) {
            return addPod(random, service);
        }
        List<Pod> pods = new ArrayList<>(service.pods());
        Pod gone = pods.remove(random.nextInt(pods.size()));
        services.put(service.number(), service.withPods(pods));
        return "no pod " + gone.number() + " of " + service.name();
    }

    private String type(Service service) {
        services.put(
                service.number(),
                new Service(
                        service.number(),
                        service.ipv6(),
                        !service.nodePort(),
                        service.external(),
                        service.ports(),
                        service.pods()));
        return service.name() + " is a " + (service.nodePort() ? "ClusterIP" : "NodePort");
    }

    private String external(Service service) {
        String external = service.external().equals("Local") ? "Cluster" : "Local";
        services.put(
                service.number(),
                new Service(service.number(), service.ipv6(), true, external, service.ports(), service.pods()));
        return service.name() + " is a NodePort, " + external;
    }

    private String port(Random random, Service service) {
        SortedSet<Port> ports = new TreeSet<>(service.ports());
        Port port = any(random, List.of(Port.values()));
        if (!ports.add(port) && ports.size() > 1) {
            ports.remove(port);
        }
        services.put(
                service.number(),
                new Service(
                        service.number(),
                        service.ipv6(),
                        service.nodePort(),
                        service.external(),
                        ports,
                        service.pods()));
        return service.name() + " has ports " + ports;
    }

    private String policy(Random random, Service service) {
        Policy policy = new Policy(
                any(random, List.of("Local", "Local", "Cluster", "Unchanged")),
                any(random, List.of("PerService", "PerService", "Covered")));
        policies.put(service.number(), policy);
        return service.name() + " has " + policy;
    }

    private String noPolicy(Service service) {
        policies.remove(service.number());
        return service.name() + " has no policy";
    }

    private String advertise(Random random) {
        boolean first = random.nextBoolean();
        String before = first ? ipv4 : ipv6;
        String after = before.equals("Always") ? "OnDemand" : "Always";
        if (first) {
            ipv4 = after;
        } else {
            ipv6 = after;
        }
        return (first ? "IPv4" : "IPv6") + " is announced " + after;
    }

    private String exclude(Random random) {
        String node = any(random, NODE_NAMES);
        if (excluded.remove(node)) {
            return node + " is not excluded";
        }
        excluded.add(node);
        return node + " is excluded";
    }

    private String addService(Random random) {
        int number = 1;
        while (services.containsKey(number)) {
            number++;
        }
        if (number > MOST_SERVICES) {
            return removeService(any(random, List.copyOf(services.values())));
        }
        Service service = new Service(
                number,
                random.nextInt(3) == 0,
                random.nextBoolean(),
                any(random, List.of("Cluster", "Local")),
                new TreeSet<>(List.of(any(random, List.of(Port.values())))),
                List.of(new Pod(1, any(random, NODE_NAMES), true)));
        services.put(number, service);
        return "new service " + service;
    }

    private String removeService(Service service) {
        services.remove(service.number());
        policies.remove(service.number());
        return "no service " + service.name();
    }

    // ----------------------------------------------------------------------------------------------------- as files

    /// The files by name, in the order to write them. The last one has an endpoint that no other edit has, so that
    /// the rules of every node tell which edit they are for.
    Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put(
                "inventory/nodes.yaml",
                NODES.entrySet().stream()
                        .map(node -> node(node.getKey(), node.getValue()))
                        .collect(Collectors.joining()));
        files.put(
                "inventory/services.yaml",
                services.values().stream().map(RandomState::service).collect(Collectors.joining()) + """
                ---
                {apiVersion: v1, kind: Service, metadata: {name: marker, namespace: lab, uid: marker},
                 spec: {type: ClusterIP, clusterIP: 10.49.2.1, clusterIPs: [10.49.2.1], ports: [{name: x, port: 1}]}}
                """);
        files.put(POLICIES + "datacenter.yaml", clazz());
        for (Map.Entry<Integer, Policy> policy : policies.entrySet()) {
            files.put(POLICIES + "s" + policy.getKey() + ".yaml", policy(policy.getKey(), policy.getValue()));
        }
        files.put(
                "inventory/endpointslices.yaml",
                "# What is ready where.\n"
                        + services.values().stream().map(RandomState::slice).collect(Collectors.joining()));
        files.put("inventory/marker.yaml", """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: marker, namespace: lab, uid: marker, labels: {kubernetes.io/service-name: marker}}
                addressType: IPv4
                endpoints:
                - {addresses: [10.48.%d.%d], conditions: {ready: true}, nodeName: control1}
                ports: [{name: x, port: 1, protocol: TCP}]
                """.formatted(250 + edits / 250, edits % 250 + 1));
        return files;
    }

    private String node(String name, int host) {
        return """
                ---
                apiVersion: v1
                kind: Node
                metadata: {name: %s, uid: %1$s, labels: {%s}}
                status: {addresses: [{type: InternalIP, address: 10.0.1.%d},
                                     {type: InternalIP, address: "fd00:10:0:1::%3$d"}]}
                """.formatted(name, excluded.contains(name) ? EXCLUDE + ": \"true\"" : "", host);
    }

    private static String service(Service service) {
        String ports = service.ports().stream()
                .map(port -> "{name: %s, port: %d, protocol: %s%s}"
                        .formatted(
                                port.word(),
                                port.number,
                                port.protocol,
                                service.nodePort()
                                        ? ", nodePort: " + (30000 + 10 * service.number() + port.ordinal())
                                        : ""))
                .collect(Collectors.joining(", "));
        return """
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: %s, namespace: shop, uid: %1$s}
                spec:
                  type: %s
                  clusterIP: "%s"
                  clusterIPs: ["%3$s"]
                  ipFamilies: [%s]
                %s  ports: [%s]
                """.formatted(
                        service.name(),
                        service.nodePort() ? "NodePort" : "ClusterIP",
                        service.ip(),
                        service.ipv6() ? "IPv6" : "IPv4",
                        service.nodePort() ? "  externalTrafficPolicy: " + service.external() + "\n" : "",
                        ports);
    }

    private static String slice(Service service) {
        String endpoints = service.pods().stream()
                .map(pod -> "\n- {addresses: [\"%s\"], conditions: {ready: %s}, nodeName: %s}"
                        .formatted(service.podIp(pod.number()), pod.ready(), pod.node()))
                .collect(Collectors.joining());
        String ports = service.ports().stream()
                .map(port -> "{name: %s, port: %d, protocol: %s}".formatted(port.word(), port.number, port.protocol))
                .collect(Collectors.joining(", "));
        return """
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: %s-a, namespace: shop, uid: %1$s, labels: {kubernetes.io/service-name: %1$s}}
                addressType: %s
                endpoints:%s
                ports: [%s]
                """.formatted(
                service.name(), service.ipv6() ? "IPv6" : "IPv4", endpoints.isEmpty() ? " []" : endpoints, ports);
    }

    private String clazz() {
        return """
                apiVersion: bellman.dev/v1alpha1
                kind: AdvertisementClass
                metadata: {name: datacenter}
                spec:
                  backend: Bird
                  prefixes:
                  - {cidr: 10.49.0.0/16, addresses: ClusterIP, advertise: %s, namespaces: {matchAll: true}}
                  - {cidr: "fd00:49::/112", addresses: ClusterIP, advertise: %s, namespaces: {matchAll: true}}
                  nodes: {matchAll: true}
                  dataplane: {rules: Program, clusterCIDR: "10.48.0.0/16,fd00:48::/64"}
                """.formatted(ipv4, ipv6);
    }

    private static String policy(int service, Policy policy) {
        return """
                apiVersion: bellman.dev/v1alpha1
                kind: ServiceAdvertisementPolicy
                metadata: {name: s%d, namespace: shop}
                spec:
                  className: datacenter
                  services: {names: [s%1$d]}
                  trafficPolicy: %s
                  routes: %s
                """.formatted(service, policy.trafficPolicy(), policy.routes());
    }
}
