package dev.bellman.operator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What of a pass is written after what, and not at all while that is not.
final class WriteOrder {
    private WriteOrder() {}

    /// Kind by kind, as [Changes] has them.
    static Collection<List<Change>> steps(List<Change> changes) {
        Map<Class<?>, List<Change>> byKind = new LinkedHashMap<>();
        changes.forEach(change -> byKind.computeIfAbsent(change.getClass(), _ -> new ArrayList<>())
                .add(change));
        return byKind.values();
    }

    /// What is not written since something else is not: a NodePlan without its slices could not be carried out, a
    /// slice that a NodePlan may still name has to stay, and a Service that becomes Local while nodes do not
    /// know of it would be drawn to all of them and delivered by few.
    static Map<Change, Problem> inTheWay(List<Change> changes, Map<String, Problem> problems) {
        if (problems.keySet().stream().noneMatch(Outcome::isPlan)) {
            return Map.of();
        }
        IdentityHashMap<Change, Problem> inTheWay = new IdentityHashMap<>();
        for (Change change : changes) {
            problems.entrySet().stream()
                    .filter(problem -> waitsFor(change, problem.getKey()))
                    .findFirst()
                    .ifPresent(problem -> inTheWay.put(change, problem.getValue()));
        }
        return inTheWay;
    }

    private static boolean waitsFor(Change change, String object) {
        return switch (change) {
            case Change.ApplyNodePlan plan ->
                plan.spec().get("slices") instanceof List<?> slices
                        && slices.stream()
                                .anyMatch(slice -> slice instanceof Map<?, ?> reference
                                        && object.equals("NodePlanSlice " + reference.get("name")));
            case Change.DeleteNodePlanSlice _ -> object.startsWith("NodePlan ");
            case Change.PatchService _ -> Outcome.isPlan(object);
            case Change.ApplyNodePlanSlice _,
                    Change.DeleteNodePlan _,
                    Change.RestoreService _,
                    Change.ApplyBgpConfiguration _ -> false;
        };
    }
}
