package dev.bellman.cli;

import dev.bellman.model.ClusterNode;
import dev.bellman.model.Model;
import dev.bellman.model.TrafficPolicy;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.NodeState;
import dev.bellman.plan.Plan;
import dev.bellman.plan.ServicePatch;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a node's agent would know once the compiled plan is carried out.
final class NodeStates {
    private NodeStates() {}

    /// The state of a node, or null where there is no such node.
    static @Nullable NodeState find(Inspection inspection, String name) {
        Model model = inspection.result().model();
        Plan plan = inspection.result().plan();
        for (ClusterNode node : model.nodes()) {
            if (node.name().equals(name)) {
                return new NodeState(nodePlan(plan, name), node, model.services(), model.slices(), patches(plan));
            }
        }
        return null;
    }

    /// @throws Failure if there is no such node
    static NodeState get(Inspection inspection, String name) {
        NodeState state = find(inspection, name);
        if (state == null) {
            throw unknown(
                    name,
                    inspection.result().model().nodes().stream()
                            .map(ClusterNode::name)
                            .toList());
        }
        return state;
    }

    static Failure unknown(String node, List<String> known) {
        return new Failure(
                known.isEmpty()
                        ? "no node is known here, so neither is " + node + "; add an inventory that has the Nodes"
                        : "there is no node " + node + "; nodes are " + String.join(", ", known));
    }

    private static NodePlan nodePlan(Plan plan, String node) {
        return plan.nodePlans().stream()
                .filter(one -> one.node().equals(node))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("node " + node + " has no plan"));
    }

    private static Map<String, TrafficPolicy> patches(Plan plan) {
        return plan.patches().stream().collect(Collectors.toMap(ServicePatch::service, ServicePatch::value));
    }
}
