package dev.bellman.operator;

import dev.bellman.document.Manifest;
import dev.bellman.document.Node;
import dev.bellman.plan.PlanSlices;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The NodePlans of the cluster, and the slices that they are made of.
///
/// A slice is written before the NodePlans that go with it. So what a NodePlan and its slices come to is what
/// the slices hold, even where it still has the base of what they held: that is what an earlier pass decided.
///
/// @param stored NodePlans as they are, by name
/// @param slices NodePlanSlices, by name
/// @param whole NodePlans with all their services; what several say is the same object
record PresentPlans(Map<String, Manifest> stored, Map<String, Manifest> slices, List<Manifest> whole) {
    private static final String PLAN = "NodePlan";
    private static final String SLICE = "NodePlanSlice";

    static PresentPlans of(List<Manifest> present) {
        Map<String, Manifest> stored = new TreeMap<>();
        Map<String, Manifest> slices = new HashMap<>();
        for (Manifest manifest : present) {
            switch (manifest.kind()) {
                case PLAN -> stored.put(manifest.name(), manifest);
                case SLICE -> slices.put(manifest.name(), manifest);
                default -> {}
            }
        }
        List<Manifest> whole = new ArrayList<>();
        IdentityHashMap<Node, Node> specs = new IdentityHashMap<>();
        for (Manifest plan : stored.values()) {
            Node spec = plan.root().get("spec");
            if (spec == null || PlanSlices.areNone(plan)) {
                whole.add(plan);
            } else {
                Node joined = specs.computeIfAbsent(
                        spec,
                        _ -> Objects.requireNonNull(
                                PlanSlices.join(plan, slices::get).root().get("spec")));
                whole.add(plan.with(plan.root().with("spec", joined)));
            }
        }
        return new PresentPlans(stored, slices, whole);
    }

    /// The objects that a NodePlan is made of, itself first, as [Change#object] names them.
    List<String> parts(Manifest plan) {
        List<String> parts = new ArrayList<>();
        parts.add(plan.object());
        PlanSlices.names(plan).forEach(name -> parts.add(SLICE + " " + name));
        return parts;
    }

    /// Whether an object is one of those that the operator generates.
    static boolean isPart(Manifest manifest) {
        return manifest.kind().equals(PLAN) || manifest.kind().equals(SLICE);
    }

    /// The names of the classes that have slices.
    Set<String> slicedClasses() {
        return slices.values().stream()
                .map(slice -> String.valueOf(slice.root().text("spec", "className")))
                .collect(Collectors.toSet());
    }

    /// One NodePlan of all that say the same.
    List<Manifest> distinct() {
        return distinct(whole);
    }

    /// The same of some, as they are.
    static List<Manifest> distinct(Collection<Manifest> plans) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        return plans.stream()
                .filter(plan -> seen.add(Objects.requireNonNullElse(plan.root().get("spec"), plan)))
                .toList();
    }
}
