package dev.bellman.netfilter;

import dev.bellman.address.Ip;
import dev.bellman.model.Forwarding;
import dev.bellman.model.Protocol;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// One port of one Service in one IP family: what kube-proxy makes rules for.
///
/// @param namespace of the Service
/// @param loadBalancerIps those that the node itself has to deliver
/// @param externalLocal whether `externalTrafficPolicy` is Local
/// @param endpoints sorted by address and port
public record ServicePort(
        String namespace,
        String service,
        Forwarding.Port port,
        Ip clusterIp,
        List<Ip> externalIps,
        List<Ip> loadBalancerIps,
        boolean externalLocal,
        Forwarding forwarding,
        List<Endpoint> endpoints) {
    /// By name, then protocol.
    public static final Comparator<ServicePort> ORDER =
            Comparator.comparing(ServicePort::name).thenComparing(ServicePort::protocol);

    public ServicePort {
        externalIps = List.copyOf(externalIps);
        loadBalancerIps = List.copyOf(loadBalancerIps);
        endpoints = List.copyOf(endpoints);
    }

    /// `namespace/service:port`, without colon for a port without name. Chain names are hashes of it.
    public String name() {
        return namespace + "/" + service + (port.name().isEmpty() ? "" : ":" + port.name());
    }

    Protocol protocol() {
        return port.protocol();
    }

    boolean internalLocal() {
        return forwarding.internalLocal();
    }

    /// Whether it can be reached from outside the cluster other than by a route to its cluster IP.
    boolean externallyAccessible() {
        return port.nodePort() != 0 || !loadBalancerIps.isEmpty() || !externalIps.isEmpty();
    }

    /// The endpoints for traffic that may go to any node.
    List<Endpoint> clusterEndpoints() {
        return choose(endpoints);
    }

    /// The endpoints for traffic that must stay on the node.
    List<Endpoint> localEndpoints() {
        return choose(endpoints.stream().filter(Endpoint::local).toList());
    }

    /// The ready ones, or, so that no connection fails while pods are being replaced, those that still serve.
    private static List<Endpoint> choose(List<Endpoint> from) {
        List<Endpoint> ready = from.stream().filter(Endpoint::ready).toList();
        return ready.isEmpty() ? from.stream().filter(Endpoint::fallback).toList() : ready;
    }

    boolean hasEndpoints() {
        return endpoints.stream().anyMatch(endpoint -> endpoint.ready() || endpoint.fallback());
    }

    /// All chains that the rules of this port may use are called after it.
    String chain(String kind) {
        return ChainNames.of(kind, name() + protocol().word());
    }

    String chain(Endpoint endpoint) {
        return ChainNames.of("SEP", name() + protocol().word() + endpoint.backend());
    }

    /// `namespace/service`.
    public String serviceId() {
        return namespace + "/" + service;
    }

    /// Every address that a packet to it may have, without node ports.
    public List<Ip> addresses() {
        if (externalIps.isEmpty() && loadBalancerIps.isEmpty()) {
            return List.of(clusterIp);
        }
        return Stream.of(List.of(clusterIp), externalIps, loadBalancerIps)
                .flatMap(List::stream)
                .toList();
    }

    /// Whether there is an endpoint for new connections, on whatever node.
    public boolean hasReadyEndpoint() {
        return endpoints.stream().anyMatch(Endpoint::ready);
    }

    /// Whether there is an endpoint for new connections on another node.
    public boolean isReadyElsewhere() {
        return endpoints.stream().anyMatch(endpoint -> endpoint.ready() && !endpoint.local());
    }

    /// Whether this node's rules lead a packet from outside the cluster that was sent to this address to an
    /// endpoint.
    ///
    /// A cluster IP is subject to the internal traffic policy wherever its packets come from.
    public boolean deliversTo(Ip address) {
        return !reached(address).isEmpty();
    }

    private List<Endpoint> reached(Ip address) {
        return localOnly(address) ? localEndpoints() : clusterEndpoints();
    }

    private boolean localOnly(Ip address) {
        return address.equals(clusterIp) ? internalLocal() : externalLocal;
    }

    /// Whether a packet to this port of an address that both have is one for the other port as well.
    public boolean isSamePort(ServicePort other) {
        return serviceId().equals(other.serviceId())
                && clusterIp.family() == other.clusterIp.family()
                && protocol() == other.protocol()
                && port.port() == other.port.port();
    }

    /// Whether its chains are called as the other's are.
    public boolean hasChainsOf(ServicePort other) {
        return clusterIp.family() == other.clusterIp.family() && ORDER.compare(this, other) == 0;
    }

    /// This port, but that packets to an address for which it has no endpoint go to where they went before. They do
    /// so in the way in which they go to a pod that terminates, which leaves all other packets to those that are
    /// ready.
    ///
    /// @param before the same port of the same Service, which delivered to that address
    public ServicePort delivering(Ip address, ServicePort before) {
        boolean known = addresses().contains(address);
        boolean balanced = before.loadBalancerIps.contains(address);
        boolean inside = address.equals(clusterIp);
        boolean local = before.localOnly(address);
        return new ServicePort(
                namespace,
                service,
                port,
                clusterIp,
                known || balanced ? externalIps : with(externalIps, address),
                known || !balanced ? loadBalancerIps : with(loadBalancerIps, address),
                inside ? externalLocal : externalLocal && local,
                inside && !local ? forwarding.withInternalLocal(false) : forwarding,
                withFallback(before.reached(address)));
    }

    private static List<Ip> with(List<Ip> some, Ip one) {
        return Stream.concat(some.stream(), Stream.of(one)).toList();
    }

    private List<Endpoint> withFallback(List<Endpoint> old) {
        Map<String, Endpoint> all = new TreeMap<>();
        endpoints.forEach(endpoint -> all.put(endpoint.backend().toString(), endpoint));
        old.forEach(endpoint -> all.merge(
                endpoint.backend().toString(),
                new Endpoint(endpoint.backend(), endpoint.local(), false, true),
                (now, kept) -> now.ready() ? now : kept));
        return List.copyOf(all.values());
    }
}
