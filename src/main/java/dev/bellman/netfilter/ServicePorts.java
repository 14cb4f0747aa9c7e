package dev.bellman.netfilter;

import dev.bellman.address.Family;
import dev.bellman.address.Ip;
import dev.bellman.model.EndpointSlice;
import dev.bellman.model.Forwarding;
import dev.bellman.model.Located;
import dev.bellman.model.Service;
import dev.bellman.model.TrafficPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The ports that a node has to serve, out of Services and EndpointSlices.
public final class ServicePorts {
    private final Family family;
    private final String node;
    private final Map<String, List<EndpointSlice>> slices;

    private ServicePorts(Family family, String node, List<EndpointSlice> slices) {
        this.family = family;
        this.node = node;
        this.slices = slices.stream()
                .filter(slice -> slice.family() == family)
                .collect(Collectors.groupingBy(EndpointSlice::serviceId));
    }

    /// @param external a Service's effective `externalTrafficPolicy`
    public static List<ServicePort> of(
            Family family,
            String node,
            List<Service> services,
            List<EndpointSlice> slices,
            Function<Service, TrafficPolicy> external) {
        ServicePorts ports = new ServicePorts(family, node, slices);
        return services.stream()
                .flatMap(service -> ports.of(service, external))
                .sorted(ServicePort.ORDER)
                .toList();
    }

    /// None for a Service without a cluster IP of the family: headless, an alias, or not assigned yet.
    private Stream<ServicePort> of(Service service, Function<Service, TrafficPolicy> external) {
        Ip clusterIp = clusterIp(service);
        if (clusterIp == null || service.headless() || service.type().value().equals("ExternalName")) {
            return Stream.empty();
        }
        Forwarding forwarding = service.forwarding();
        boolean local = external.apply(service) == TrafficPolicy.LOCAL;
        return forwarding.ports().stream()
                .map(port -> new ServicePort(
                        service.namespace(),
                        service.name(),
                        port,
                        clusterIp,
                        addresses(service.externalIps()),
                        addresses(service.loadBalancerIps()).stream()
                                .filter(ip -> !forwarding.proxied().contains(ip))
                                .toList(),
                        local,
                        forwarding,
                        endpoints(service, port)));
    }

    private @Nullable Ip clusterIp(Service service) {
        List<Ip> all = addresses(service.clusterIps());
        return all.isEmpty() ? null : all.getFirst();
    }

    private List<Ip> addresses(List<Located<Ip>> all) {
        return all.stream()
                .map(Located::value)
                .filter(ip -> ip.family() == family)
                .toList();
    }

    /// Every endpoint once, in the order of kube-proxy, which compares their texts.
    private List<Endpoint> endpoints(Service service, Forwarding.Port port) {
        TreeMap<String, Endpoint> found = new TreeMap<>();
        for (EndpointSlice slice : slices.getOrDefault(service.id(), List.of())) {
            for (EndpointSlice.Port target : slice.ports()) {
                if (target.name().equals(port.name()) && target.protocol() == port.protocol()) {
                    slice.endpoints().forEach(endpoint -> add(found, endpoint, target.port()));
                }
            }
        }
        return new ArrayList<>(found.values());
    }

    /// Of an endpoint's addresses only the first counts (Kubernetes 1.35).
    private void add(Map<String, Endpoint> found, EndpointSlice.Endpoint endpoint, int port) {
        Ip ip = endpoint.addresses().isEmpty()
                ? null
                : Ip.parse(endpoint.addresses().getFirst());
        if (ip != null && ip.family() == family) {
            Backend backend = new Backend(ip, port);
            found.put(
                    backend.toString(),
                    new Endpoint(
                            backend,
                            node.equals(endpoint.nodeName()),
                            endpoint.ready(),
                            endpoint.serving() && endpoint.terminating()));
        }
    }
}
