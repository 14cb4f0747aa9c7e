package dev.bellman.model;

import dev.bellman.address.Family;
import dev.bellman.diagnostic.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Endpoints of one Service in one family (discovery.k8s.io/v1).
public record EndpointSlice(String namespace, String serviceName, Family family, List<Endpoint> endpoints, Span span) {
    public EndpointSlice {
        endpoints = List.copyOf(endpoints);
    }

    /// `namespace/name` of the Service.
    public String serviceId() {
        return namespace + "/" + serviceName;
    }

    EndpointSlice without(String node) {
        List<Endpoint> left = endpoints.stream()
                .filter(endpoint -> !node.equals(endpoint.nodeName()))
                .toList();
        return new EndpointSlice(namespace, serviceName, family, left, span);
    }

    /// One pod.
    ///
    /// @param nodeName null where the endpoint is not on a node of the cluster
    /// @param ready true also where the condition is left out, as the API says
    public record Endpoint(List<String> addresses, @Nullable String nodeName, boolean ready) {
        public Endpoint {
            addresses = List.copyOf(addresses);
        }
    }
}
