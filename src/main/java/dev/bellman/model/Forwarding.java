package dev.bellman.model;

import dev.bellman.address.Cidr;
import dev.bellman.address.Ip;
import java.util.List;
import java.util.Set;

/// What decides on the way of a packet from a Service's address to an endpoint: what kube-proxy reads beside
/// addresses.
///
/// @param internalLocal whether `internalTrafficPolicy` is Local
/// @param affinitySeconds how long a client stays with its endpoint, 1 to 86400, or 0 without session affinity
/// @param healthCheckNodePort 0 for none
/// @param sourceRanges `loadBalancerSourceRanges`, masked; empty where everybody may
/// @param proxied load balancer addresses whose `ipMode` is Proxy: the load balancer itself delivers to the nodes
public record Forwarding(
        List<Port> ports,
        boolean internalLocal,
        int affinitySeconds,
        int healthCheckNodePort,
        List<Cidr> sourceRanges,
        Set<Ip> proxied) {
    public Forwarding {
        ports = List.copyOf(ports);
        sourceRanges = List.copyOf(sourceRanges);
        proxied = Set.copyOf(proxied);
    }

    public Forwarding withInternalLocal(boolean local) {
        return new Forwarding(ports, local, affinitySeconds, healthCheckNodePort, sourceRanges, proxied);
    }

    /// One port of a Service.
    ///
    /// @param name empty for the only port of a Service, which needs none
    /// @param nodePort 0 for none, or not assigned yet
    public record Port(String name, Protocol protocol, int port, int nodePort) {}
}
