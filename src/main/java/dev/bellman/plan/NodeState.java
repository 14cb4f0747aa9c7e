package dev.bellman.plan;

import dev.bellman.model.ClusterNode;
import dev.bellman.model.EndpointSlice;
import dev.bellman.model.Located;
import dev.bellman.model.Service;
import dev.bellman.model.TrafficPolicy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All that decides on the rules and routes of one node: its plan, and the Services and endpoints as they are
/// now.
///
/// @param patches traffic policies that the plan sets, by `namespace/name`; empty where the Services carry them
/// already
/// @param version which plan it is, where somebody numbers them
public record NodeState(
        NodePlan plan,
        ClusterNode node,
        List<Service> services,
        List<EndpointSlice> slices,
        Map<String, TrafficPolicy> patches,
        Version version) {
    /// A plan of a NodePlan object.
    ///
    /// @param hash its `spec.hash`, or empty
    /// @param generation its `metadata.generation`, or null
    public record Version(String hash, @Nullable Long generation) {
        public static final Version NONE = new Version("", null);
    }

    public NodeState(
            NodePlan plan,
            ClusterNode node,
            List<Service> services,
            List<EndpointSlice> slices,
            Map<String, TrafficPolicy> patches) {
        this(plan, node, services, slices, patches, Version.NONE);
    }

    public NodeState {
        services = List.copyOf(services);
        slices = List.copyOf(slices);
        patches = Map.copyOf(patches);
    }

    /// The `externalTrafficPolicy` that holds once the plan is carried out.
    ///
    /// @param patches as [#patches]
    public static TrafficPolicy trafficPolicy(Service service, Map<String, TrafficPolicy> patches) {
        TrafficPolicy patched = patches.get(service.id());
        if (patched != null) {
            return patched;
        }
        Located<TrafficPolicy> stated = service.statedTrafficPolicy();
        return stated == null ? TrafficPolicy.CLUSTER : stated.value();
    }
}
