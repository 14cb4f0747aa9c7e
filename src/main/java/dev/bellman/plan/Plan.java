package dev.bellman.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The compiler's result. Every list is sorted, so the same model gives the same bytes.
///
/// @param bgpConfiguration null where no class has the Calico backend
/// @param restores services that an earlier plan patched, with the value that they get back
public record Plan(
        @Nullable BgpConfigurationPlan bgpConfiguration,
        List<ServicePatch> patches,
        List<ServicePatch> restores,
        List<NodePlan> nodePlans,
        List<ServiceDecision> decisions,
        Prediction prediction,
        List<Undecided> undecided) {
    public Plan {
        patches = List.copyOf(patches);
        restores = List.copyOf(restores);
        nodePlans = List.copyOf(nodePlans);
        decisions = List.copyOf(decisions);
        undecided = List.copyOf(undecided);
    }
}
