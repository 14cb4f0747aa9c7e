package dev.bellman.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything that one compile looks at. Each list is sorted by namespace and name.
///
/// @param nodesKnown whether anything is known about Nodes at all, so that one that is not there is missing rather than
///     unknown
/// @param bgpConfiguration Calico's BGPConfiguration `default`, or null; the declared one if Git has it
/// @param calicoVersion ClusterInformation's `spec.calicoVersion`, or null
public record Model(
        List<Policy> policies,
        List<AdvertisementClass> classes,
        List<Speaker> speakers,
        List<Service> services,
        List<EndpointSlice> slices,
        List<ClusterNode> nodes,
        boolean nodesKnown,
        Map<String, Namespace> namespaces,
        @Nullable BgpConfiguration bgpConfiguration,
        List<CalicoPeer> calicoPeers,
        @Nullable String calicoVersion) {
    public Model {
        policies = List.copyOf(policies);
        classes = List.copyOf(classes);
        speakers = List.copyOf(speakers);
        services = List.copyOf(services);
        slices = List.copyOf(slices);
        nodes = List.copyOf(nodes);
        calicoPeers = List.copyOf(calicoPeers);
    }

    /// The same cluster after a node is gone, and the endpoints on it. Where it was the only one, there is known to be
    /// none.
    public Model without(String node) {
        return new Model(
                policies,
                classes,
                speakers,
                services,
                slices.stream().map(slice -> slice.without(node)).toList(),
                nodes.stream().filter(one -> !one.name().equals(node)).toList(),
                nodesKnown,
                namespaces,
                bgpConfiguration,
                calicoPeers,
                calicoVersion);
    }

    /// The labels of a namespace; one that no manifest describes has at least its name's label.
    public Map<String, String> namespaceLabels(String namespace) {
        Namespace known = namespaces.get(namespace);
        return known == null ? Map.of(Namespace.NAME_LABEL, namespace) : known.labels();
    }
}
