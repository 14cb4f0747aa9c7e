package dev.bellman.operator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

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
    ///
    /// @param step changes of one kind
    /// @param all of the pass
    /// @param problems of the steps before, by the object that could not be written
    static Map<Change, Problem> inTheWay(List<Change> step, List<Change> all, Map<String, Problem> problems) {
        if (problems.keySet().stream().noneMatch(Outcome::isPlan)) {
            return Map.of();
        }
        Map<String, Set<String>> untold = untold(all, problems);
        IdentityHashMap<Change, Problem> inTheWay = new IdentityHashMap<>();
        for (Change change : step) {
            problems.entrySet().stream()
                    .filter(problem -> waitsFor(change, problem.getKey(), untold))
                    .findFirst()
                    .ifPresent(problem -> inTheWay.put(change, problem.getValue()));
        }
        return inTheWay;
    }

    /// The services that nodes are not told of, by what could not be written of their plans.
    private static Map<String, Set<String>> untold(List<Change> all, Map<String, Problem> problems) {
        Map<String, Set<String>> bySlice = new HashMap<>();
        all.forEach(change -> {
            if (change instanceof Change.ApplyNodePlanSlice slice) {
                bySlice.put(slice.name(), services(slice.spec()));
            }
        });
        IdentityHashMap<Object, Set<String>> ofLists = new IdentityHashMap<>();
        Map<String, Set<String>> untold = new HashMap<>();
        for (Change change : all) {
            if (!problems.containsKey(change.object())) {
                continue;
            }
            if (change instanceof Change.ApplyNodePlanSlice slice) {
                untold.put(change.object(), bySlice.getOrDefault(slice.name(), Set.of()));
            } else if (change instanceof Change.ApplyNodePlan plan) {
                Set<String> services = new HashSet<>(ofLists.computeIfAbsent(
                        plan.spec().getOrDefault("services", List.of()), _ -> services(plan.spec())));
                // What goes with a NodePlan that is not there is not carried out either.
                slices(plan.spec()).forEach(name -> services.addAll(bySlice.getOrDefault(name, Set.of())));
                untold.put(change.object(), services);
            }
        }
        return untold;
    }

    private static Set<String> services(Map<String, Object> spec) {
        return Changes.items(spec, "services").stream()
                .map(item -> Changes.text(item, "namespace") + "/" + Changes.text(item, "name"))
                .collect(Collectors.toSet());
    }

    private static List<String> slices(Map<String, Object> spec) {
        return Changes.items(spec, "slices").stream()
                .map(reference -> Changes.text(reference, "name"))
                .toList();
    }

    private static boolean waitsFor(Change change, String object, Map<String, Set<String>> untold) {
        return switch (change) {
            case Change.ApplyNodePlan plan ->
                slices(plan.spec()).stream().anyMatch(name -> object.equals("NodePlanSlice " + name));
            case Change.DeleteNodePlanSlice _ -> object.startsWith("NodePlan ");
            case Change.PatchService patch ->
                untold.getOrDefault(object, Set.of()).contains(patch.namespace() + "/" + patch.name());
            case Change.ApplyNodePlanSlice _,
                    Change.DeleteNodePlan _,
                    Change.RestoreService _,
                    Change.ApplyBgpConfiguration _ -> false;
        };
    }
}
