package dev.bellman.netfilter;

import dev.bellman.address.Cidr;
import dev.bellman.address.Family;
import dev.bellman.address.Ip;
import dev.bellman.model.Located;
import dev.bellman.plan.NodeState;
import java.util.List;

/// The rules of a node, out of what its agent knows.
public final class NodeRules {
    private NodeRules() {}

    public static Ruleset of(NodeState state, NodeSettings settings) {
        List<ServicePort> ports = ServicePorts.of(
                settings.family(), state.node().name(), state.services(), state.slices(), state.patches());
        return ServiceRules.of(ports, settings);
    }

    /// kube-proxy's defaults, with the node's addresses and what the class's `dataplane` says.
    public static NodeSettings settings(NodeState state, Family family) {
        List<Cidr> clusterCidrs = state.plan().dataplane().clusterCidrs().stream()
                .map(Located::value)
                .toList();
        List<Ip> nodeIps =
                state.node().internalIps().stream().map(Located::value).toList();
        return NodeSettings.of(family, clusterCidrs, nodeIps);
    }
}
