package dev.bellman.model;

import dev.bellman.address.Family;
import dev.bellman.diagnostic.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Endpoints of one Service in one family (discovery.k8s.io/v1).
public record EndpointSlice(
        String namespace, String serviceName, Family family, List<Endpoint> endpoints, List<Port> ports, Span span) {
    public EndpointSlice {
        endpoints = List.copyOf(endpoints);
        ports = List.copyOf(ports);
    }

    /// `namespace/name` of the Service.
    public String serviceId() {
        return namespace + "/" + serviceName;
    }

    EndpointSlice without(String node) {
        List<Endpoint> left = endpoints.stream()
                .filter(endpoint -> !node.equals(endpoint.nodeName()))
                .toList();
        return new EndpointSlice(namespace, serviceName, family, left, ports, span);
    }

    /// One pod.
    ///
    /// @param nodeName null where the endpoint is not on a node of the cluster
    /// @param ready true also where the condition is left out, as the API says
    /// @param serving ready without regard to terminating; as `ready` where the condition is left out
    /// @param terminating whether the pod is on its way out
    public record Endpoint(
            List<String> addresses, @Nullable String nodeName, boolean ready, boolean serving, boolean terminating) {
        public Endpoint {
            addresses = List.copyOf(addresses);
        }
    }

    /// A port on which the endpoints listen.
    ///
    /// @param name of the Service's port that leads there, empty for one without a name
    public record Port(String name, Protocol protocol, int port) {}
}
