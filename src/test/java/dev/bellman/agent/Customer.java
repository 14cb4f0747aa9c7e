package dev.bellman.agent;

import dev.bellman.address.Ip;
import dev.bellman.model.Forwarding;
import dev.bellman.model.Protocol;
import dev.bellman.netfilter.Backend;
import dev.bellman.netfilter.Endpoint;
import dev.bellman.netfilter.ServicePort;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// A Local service with a cluster IP and an external one, and its endpoints.
final class Customer {
    static final Ip CLUSTER_IP = Objects.requireNonNull(Ip.parse("10.49.60.52"));
    static final Ip EXTERNAL_IP = Objects.requireNonNull(Ip.parse("192.0.2.11"));

    static final Endpoint HERE = endpoint("10.48.1.1", true, true, false);
    static final Endpoint THERE = endpoint("10.48.2.1", false, true, false);

    /// What the pod here is taken for, too, while its rules are kept.
    static final Endpoint TERMINATING = endpoint("10.48.1.1", true, false, true);

    private Customer() {}

    private static Endpoint endpoint(String ip, boolean local, boolean ready, boolean fallback) {
        return new Endpoint(new Backend(Objects.requireNonNull(Ip.parse(ip)), 80), local, ready, fallback);
    }

    static ServicePort port(String name, Endpoint... endpoints) {
        return port(name, List.of(EXTERNAL_IP), true, endpoints);
    }

    /// With `externalTrafficPolicy: Cluster`.
    static ServicePort anywhere(Endpoint... endpoints) {
        return port("http", List.of(EXTERNAL_IP), false, endpoints);
    }

    /// Without an external address.
    static ServicePort inside(Endpoint... endpoints) {
        return port("http", List.of(), true, endpoints);
    }

    private static ServicePort port(String name, List<Ip> externalIps, boolean local, Endpoint... endpoints) {
        Forwarding.Port port = new Forwarding.Port(name, Protocol.TCP, 80, 0);
        return new ServicePort(
                "yaobank",
                "customer",
                port,
                CLUSTER_IP,
                externalIps,
                List.of(),
                local,
                new Forwarding(List.of(port), false, 0, 0, List.of(), Set.of()),
                List.of(endpoints));
    }
}
