package dev.bellman.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WriteOrderTest {
    private static final Problem PROBLEM = new Problem("Refused", "no", false);

    private static final Map<String, Object> TELLING =
            Map.of("services", List.of(Map.of("namespace", "shop", "name", "web")));
    private static final Change SLICE = new Change.ApplyNodePlanSlice("dc-00", Map.of());
    private static final Change PLAN = new Change.ApplyNodePlan(
            "worker1", Map.of("slices", List.of(Map.of("name", "dc-00"), Map.of("name", "dc-01"))));
    private static final Change OTHER_PLAN =
            new Change.ApplyNodePlan("worker2", Map.of("slices", List.of(Map.of("name", "dc-02"))));
    private static final Change PLAN_OF_FEW = new Change.ApplyNodePlan("worker3", Map.of("services", List.of()));
    private static final Change SERVICE = new Change.PatchService("shop", "web", "u", "Local", "Cluster", null);
    private static final Change RESTORED = new Change.RestoreService("shop", "web", "u", "Cluster");
    private static final Change OLD_SLICE = new Change.DeleteNodePlanSlice("dc-3f");

    @Test
    void kindsAreStepsInTheOrderOfTheChanges() {
        assertThat(WriteOrder.steps(List.of(SLICE, PLAN, OTHER_PLAN, OLD_SLICE, SERVICE)))
                .containsExactly(List.of(SLICE), List.of(PLAN, OTHER_PLAN), List.of(OLD_SLICE), List.of(SERVICE));
    }

    @Test
    void aPlanWaitsForTheSlicesThatItNames() {
        assertThat(WriteOrder.inTheWay(
                        List.of(PLAN, OTHER_PLAN, PLAN_OF_FEW), List.of(), Map.of("NodePlanSlice dc-01", PROBLEM)))
                .containsOnly(Map.entry(PLAN, PROBLEM));
    }

    @Test
    void aSliceStaysWhileAPlanThatMayNameItIsNotWritten() {
        assertThat(WriteOrder.inTheWay(List.of(OLD_SLICE), List.of(), Map.of("NodePlan worker1", PROBLEM)))
                .containsOnly(Map.entry(OLD_SLICE, PROBLEM));
        assertThat(WriteOrder.inTheWay(List.of(OLD_SLICE), List.of(), Map.of("NodePlanSlice dc-01", PROBLEM)))
                .isEmpty();
    }

    @Test
    void aServiceIsNotPatchedWhileNodesDoNotKnowOfIt() {
        List<Change> services = List.of(SERVICE, RESTORED);
        Change slice = new Change.ApplyNodePlanSlice("dc-01", TELLING);
        Change whole = new Change.ApplyNodePlan("worker4", TELLING);
        Change other = new Change.ApplyNodePlan("worker5", Map.of("services", List.of()));

        // Itself, or a slice of it that is written while the plan is not.
        assertThat(WriteOrder.inTheWay(services, List.of(slice, PLAN), Map.of("NodePlanSlice dc-01", PROBLEM)))
                .containsOnly(Map.entry(SERVICE, PROBLEM));
        assertThat(WriteOrder.inTheWay(services, List.of(slice, PLAN), Map.of("NodePlan worker1", PROBLEM)))
                .containsOnly(Map.entry(SERVICE, PROBLEM));
        assertThat(WriteOrder.inTheWay(services, List.of(whole), Map.of("NodePlan worker4", PROBLEM)))
                .containsOnly(Map.entry(SERVICE, PROBLEM));
        assertThat(WriteOrder.inTheWay(services, List.of(whole, other), Map.of("NodePlan worker5", PROBLEM)))
                .as("a plan that says nothing of it")
                .isEmpty();
    }

    @Test
    void nothingElseWaits() {
        Map<String, Problem> problems = Map.of("NodePlan worker1", PROBLEM, "NodePlanSlice dc-00", PROBLEM);

        assertThat(WriteOrder.inTheWay(List.of(RESTORED, SLICE), List.of(), problems))
                .isEmpty();
        assertThat(WriteOrder.inTheWay(List.of(PLAN), List.of(), Map.of("Service shop/web", PROBLEM)))
                .isEmpty();
    }
}
