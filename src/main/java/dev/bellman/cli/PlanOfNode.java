package dev.bellman.cli;

import dev.bellman.document.Manifest;
import dev.bellman.document.Node;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.NodePlanReader;
import dev.bellman.plan.NodeState;
import dev.bellman.plan.PlanSlices;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The plan that an agent goes by: the newest NodePlan together with the newest of its slices, as long as all of them
/// belong together.
///
/// Slices are written before the NodePlans that go with them, and a watch of one kind knows nothing of another's
/// order. So where NodePlans change in what they hold themselves there is a moment in which neither the old nor the new
/// plan is whole, and what was whole before stays in force.
final class PlanOfNode {
    /// Nothing is said of a plan that is not whole for less than this: what is missing is on its way.
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

    private final LongSupplier clock;
    private final Map<String, Manifest> slices = new HashMap<>();
    private @Nullable Manifest newest;
    private @Nullable Manifest whole;
    private @Nullable NodePlan read;
    private List<String> missing = List.of();
    private boolean unread;
    private long missingSince;

    /// @param clock nanoseconds that never go back
    PlanOfNode(LongSupplier clock) {
        this.clock = clock;
    }

    /// Goes by a plan that was whole when it was kept, until there is a newer one.
    void keep(Manifest kept) {
        if (whole == null) {
            goBy(kept);
        }
    }

    /// A plan that goes away takes nothing along: an operator that is removed must not stop the traffic.
    void plan(Manifest plan) {
        newest = plan;
        unread = true;
    }

    /// @param slice null where it is gone
    void slice(String name, @Nullable Manifest slice) {
        if (slice == null) {
            slices.remove(name);
        } else {
            slices.put(name, slice);
        }
        if (!missing.isEmpty() || isNamed(name)) {
            unread = true;
        }
    }

    private boolean isNamed(String name) {
        return newest != null && PlanSlices.names(newest).contains(name);
    }

    /// Only when somebody asks: slices come one by one, and to put them together takes long.
    private void settle() {
        if (unread) {
            unread = false;
            resolve();
        }
    }

    private void resolve() {
        Manifest plan = newest;
        if (plan == null) {
            return;
        }
        List<String> before = missing;
        missing = PlanSlices.missing(plan, slices::get);
        if (missing.isEmpty()) {
            goBy(PlanSlices.join(plan, slices::get));
        } else if (before.isEmpty()) {
            missingSince = clock.getAsLong();
        }
    }

    private void goBy(Manifest plan) {
        Manifest before = whole;
        Node spec = plan.root().get("spec");
        if (before == null || spec == null || !spec.equals(before.root().get("spec"))) {
            read = NodePlanReader.read(plan);
        }
        whole = plan;
    }

    /// The newest NodePlan, whether it is whole or not; null while there has been none.
    @Nullable
    Manifest newest() {
        return newest;
    }

    /// The NodePlan that is gone by, with all its services; null while there is none.
    @Nullable
    Manifest whole() {
        settle();
        return whole;
    }

    /// The same, read.
    @Nullable
    NodePlan read() {
        settle();
        return read;
    }

    NodeState.Version version() {
        settle();
        Manifest plan = whole;
        return plan == null ? NodeState.Version.NONE : LastState.version(plan);
    }

    /// Whether the newest NodePlan waits for slices.
    boolean waits() {
        settle();
        return !missing.isEmpty();
    }

    /// What is to be said of a plan that has waited for too long, or null.
    @Nullable
    String trouble() {
        settle();
        return missing.isEmpty() || clock.getAsLong() - missingSince < PATIENCE
                ? null
                : "the newest NodePlan is not carried out: %s it names %s not there as it should be, such as NodePlanSlice %s"
                        .formatted(
                                missing.size() == 1 ? "a slice that" : missing.size() + " slices that",
                                missing.size() == 1 ? "is" : "are",
                                missing.getFirst());
    }
}
