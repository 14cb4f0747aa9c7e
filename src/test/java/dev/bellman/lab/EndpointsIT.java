package dev.bellman.lab;

import static dev.bellman.testing.Lab.BASTION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.lab.RequestStream.Request;
import dev.bellman.lab.RouteWatch.Event;
import dev.bellman.testing.Lab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Endpoints come, go and move, and rules and routes follow. What is asserted is what the kernels, the BIRDs and the
/// clients of the lab say.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndpointsIT {
    private static final String CONTROL1 = "10.0.1.20";
    private static final String WORKER1 = "10.0.1.30";
    private static final String WORKER2 = "10.0.1.31";

    private static final String RANGE = "10.49.0.0/16";
    private static final String CUSTOMER = "10.49.60.52";
    private static final String CUSTOMER_CHAIN = "KUBE-SVC-PX5FENG4GZJTCELT";

    /// What the bastion holds before and after each test.
    private static final Map<String, Set<String>> BASE =
            Map.of(RANGE, Set.of(CONTROL1, WORKER1, WORKER2), CUSTOMER + "/32", Set.of(WORKER2));

    /// For what includes the overlap, the settle time, or a check of the agent's, on a machine that has other things to
    /// do too.
    private static final Duration LONG = Duration.ofSeconds(30);

    /// A pod that is there anyway; it answers `/whoami` for whatever service it is an endpoint of.
    ///
    /// @param nextHop the address of its node
    private record Pod(String name, String node, String nextHop, String ipv4, String ipv6) {
        static final Pod ON_WORKER1 = new Pod("summary-1", "worker1", WORKER1, "10.48.128.192", "fd00:48::128:192");
        static final Pod ON_WORKER2 = new Pod("summary-2", "worker2", WORKER2, "10.48.128.1", "fd00:48::128:1");
        static final Pod SECOND_ON_WORKER2 = new Pod("customer", "worker2", WORKER2, "10.48.0.43", "fd00:48::0:43");

        Endpoint ready() {
            return new Endpoint(this, true, false);
        }

        Endpoint terminating() {
            return new Endpoint(this, false, true);
        }
    }

    private record Endpoint(Pod pod, boolean ready, boolean terminating) {}

    /// A service of namespace `shop` that has no endpoints yet.
    private record Service(String name, String clusterIp) {
        String route() {
            return clusterIp + "/32";
        }

        String url() {
            return clusterIp + "/whoami";
        }
    }

    private static final List<Service> MOVING = IntStream.rangeClosed(1, 20)
            .mapToObj(n -> new Service("moving-" + n, "10.49.70." + n))
            .toList();
    private static final Service SPREAD = new Service("spread", "10.49.71.1");
    private static final String SPREAD_EXTERNAL_IP = "203.0.113.7";
    private static final Service DUAL = new Service("dual", "10.49.72.1");
    private static final String DUAL_IPV6 = "fd00:49::72:1";

    /// The lab's own class, and what may be announced besides: an IPv6 range and external addresses.
    private static final String DATACENTER = """
            apiVersion: bellman.dev/v1alpha1
            kind: AdvertisementClass
            metadata:
              name: datacenter
            spec:
              backend: Bird
              prefixes:
              - cidr: 10.49.0.0/16
                addresses: ClusterIP
                advertise: Always
                namespaces:
                  matchAll: true
              - cidr: fd00:49::/64
                addresses: ClusterIP
                advertise: OnDemand
                namespaces:
                  matchAll: true
              - cidr: 203.0.113.0/24
                addresses: ExternalIP
                advertise: OnDemand
                namespaces:
                  matchAll: true
              nodes:
                matchAll: true
              dataplane:
                rules: Program
                clusterCIDR: 10.48.0.0/16,fd00:48::/64
            """;

    private Lab lab;
    private Map<String, String> files;

    @BeforeAll
    void up() {
        lab = Lab.start("endpointsit", "--step", "2");
        lab.write("policies/datacenter.yaml", DATACENTER);
        StringBuilder services = new StringBuilder();
        for (Service service : MOVING) {
            services.append(service(service, "[" + service.clusterIp() + "]", ""));
        }
        services.append(
                service(SPREAD, "[" + SPREAD.clusterIp() + "]", "  externalIPs: [" + SPREAD_EXTERNAL_IP + "]\n"));
        services.append(service(DUAL, "[" + DUAL.clusterIp() + ", \"" + DUAL_IPV6 + "\"]", ""));
        lab.write("inventory/shop.yaml", services.toString());
        lab.write("policies/shop.yaml", policy("shop", "  trafficPolicy: Local\n"));
        files = files();
        Lab.await(LONG, () -> assertThat(lab.learned()).isEqualTo(BASE));
        for (String node : Lab.NODES) {
            Lab.await(
                    LONG, () -> assertThat(lab.rules(node, "iptables-save")).anyMatch(rule -> rule.contains("shop/")));
        }
    }

    @AfterAll
    void down() {
        lab.close();
    }

    /// Puts the state back as it was, whatever the test did to it.
    @AfterEach
    void restore() {
        Map<String, String> now = files();
        now.keySet().stream().filter(file -> !files.containsKey(file)).forEach(lab::delete);
        files.forEach((file, text) -> {
            if (!text.equals(now.get(file))) {
                lab.write(file, text);
            }
        });
        Lab.await(LONG, () -> assertThat(lab.learned()).isEqualTo(BASE));
    }

    private Map<String, String> files() {
        try (Stream<Path> all = Files.walk(lab.state())) {
            return all.filter(file -> file.toString().endsWith(".yaml"))
                    .map(file -> lab.state().relativize(file).toString())
                    .collect(Collectors.toMap(file -> file, lab::read, (one, _) -> one, TreeMap::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // --------------------------------------------------------------------------------------------------------- moves

    /// Twenty services move five times each. In each round all are where they should be before the next one begins,
    /// so that every move is a real one: the old node announces no more.
    @Test
    void inAHundredMovesTheBastionIsNeverWithoutTheRouteAndNoRequestFails() {
        MOVING.forEach(service -> endpoints(service, Pod.ON_WORKER1.ready()));
        Lab.await(LONG, () -> assertThat(nextHops(MOVING)).isEqualTo(Set.of(Set.of(WORKER1))));

        try (RouteWatch watch = RouteWatch.start(lab, BASTION);
                RequestStream stream = RequestStream.start(
                        lab, BASTION, MOVING.stream().map(Service::url).toList())) {
            Pod here = Pod.ON_WORKER1;
            Pod there = Pod.ON_WORKER2;
            for (int round = 0; round < 5; round++) {
                for (int i = 0; i < MOVING.size(); i++) {
                    Service service = MOVING.get(i);
                    Pod to = there;
                    move(service, here, to, i + round);
                    Lab.await(() -> assertThat(watch.nextHops(service.clusterIp()))
                            .as(service.name())
                            .contains(to.nextHop()));
                }
                Set<String> only = Set.of(there.nextHop());
                Lab.await(LONG, () -> assertThat(nextHops(MOVING)).isEqualTo(Set.of(only)));
                there = here;
                here = there == Pod.ON_WORKER1 ? Pod.ON_WORKER2 : Pod.ON_WORKER1;
            }

            List<Request> requests = stream.end();
            for (Service service : MOVING) {
                assertThat(watch.everything(service.clusterIp()))
                        .as(service.name())
                        .hasSizeGreaterThanOrEqualTo(10)
                        .noneMatch(Event::deleted);
            }
            assertThat(requests).hasSizeGreaterThan(100).allMatch(Request::ok);
        }
    }

    /// The ways in which endpoints tell of a pod that another one takes the place of.
    private void move(Service service, Pod from, Pod to, int way) {
        switch (way % 3) {
            case 0 -> {
                endpoints(service, from.ready(), to.ready());
                endpoints(service, to.ready());
            }
            case 1 -> {
                endpoints(service, from.ready(), to.ready());
                endpoints(service, from.terminating(), to.ready());
                endpoints(service, to.ready());
            }
            default -> endpoints(service, to.ready());
        }
    }

    // ------------------------------------------------------------------------------------------------------- helpers

    private static String service(Service service, String clusterIps, String more) {
        boolean dual = clusterIps.contains(":");
        return """
                ---
                apiVersion: v1
                kind: Service
                metadata:
                  name: %s
                  namespace: shop
                spec:
                  type: NodePort
                  clusterIP: %s
                  clusterIPs: %s
                  externalTrafficPolicy: Cluster
                  internalTrafficPolicy: Cluster
                  ipFamilies: %s
                  ipFamilyPolicy: %s
                  ports:
                  - name: http
                    port: 80
                    protocol: TCP
                    targetPort: 80
                    nodePort: %d
                  selector:
                    app: %s
                """.formatted(
                                service.name(),
                                service.clusterIp(),
                                clusterIps,
                                dual ? "[IPv4, IPv6]" : "[IPv4]",
                                dual ? "RequireDualStack" : "SingleStack",
                                nodePort(service),
                                service.name())
                + more;
    }

    private static int nodePort(Service service) {
        String[] parts = service.clusterIp().split("\\.");
        return 30000 + 100 * (Integer.parseInt(parts[2]) - 68) + Integer.parseInt(parts[3]);
    }

    private static String policy(String name, String more) {
        return """
                apiVersion: bellman.dev/v1alpha1
                kind: ServiceAdvertisementPolicy
                metadata:
                  name: %s
                  namespace: shop
                spec:
                  className: datacenter
                  services:
                    matchAll: true
                """.formatted(name) + more;
    }

    /// Sets the IPv4 endpoints of a service.
    private void endpoints(Service service, Endpoint... endpoints) {
        slice(service, "IPv4", endpoints);
    }

    private void slice(Service service, String family, Endpoint... endpoints) {
        StringBuilder text = new StringBuilder("""
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata:
                  name: %1$s-%2$s
                  namespace: shop
                  labels:
                    kubernetes.io/service-name: %1$s
                addressType: %3$s
                ports:
                - name: http
                  port: 80
                  protocol: TCP
                endpoints:%4$s
                """.formatted(
                        service.name(), family.toLowerCase(Locale.ROOT), family, endpoints.length == 0 ? " []" : ""));
        for (Endpoint endpoint : endpoints) {
            Pod pod = endpoint.pod();
            text.append("""
                    - addresses: ["%s"]
                      conditions: {ready: %s, serving: true, terminating: %s}
                      nodeName: %s
                      targetRef: {kind: Pod, name: %s, namespace: shop}
                    """.formatted(
                            family.equals("IPv4") ? pod.ipv4() : pod.ipv6(),
                            endpoint.ready(),
                            endpoint.terminating(),
                            pod.node(),
                            pod.name()));
        }
        lab.write("inventory/" + service.name() + "-" + family + ".yaml", text.toString());
    }

    private Set<Set<String>> nextHops(List<Service> services) {
        Map<String, SortedSet<String>> learned = lab.learned();
        return services.stream()
                .map(service -> learned.getOrDefault(service.route(), Collections.emptySortedSet()))
                .collect(Collectors.toSet());
    }
}
