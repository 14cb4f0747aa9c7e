package dev.bellman.operator;

import dev.bellman.cluster.Conditions;
import dev.bellman.document.Manifest;
import dev.bellman.plan.ServiceDecision;
import dev.bellman.schema.Kinds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What came of one pass.
///
/// @param objects the objects of Bellman's kinds as they were when it began, by `Kind namespace/name`
/// @param nodePlans as they were when it began, with all their services: what the agents say is in their status
/// @param decisions the plan's, by the policy that asked
/// @param rewritten the NodePlans of which it wrote a part, or tried to
/// @param problems what could not be written, by the object that was to be
/// @param unwritten the same by the NodePlan, of those of which a part could not be written, and then by the class that
/// the part is of; empty text for one of all classes
/// @param withheld what classes miss since another one is held
/// @param agents how far the agents are with a class, by its name; filled when asked
record Outcome(
        Judgement judgement,
        Hold hold,
        Map<String, Manifest> objects,
        List<Manifest> nodePlans,
        Map<String, List<ServiceDecision>> decisions,
        Set<String> rewritten,
        Map<String, Problem> problems,
        Map<String, Map<String, Problem>> unwritten,
        Changes.Withheld withheld,
        ConcurrentMap<String, Agents> agents) {

    /// What the agents of a class say.
    ///
    /// @param onlyBehind whether all that is in the way is that some have not taken the newest plan yet
    record Agents(Conditions.Condition condition, boolean onlyBehind) {}

    static Outcome of(
            Judgement judgement,
            Hold hold,
            List<Manifest> present,
            PresentPlans plans,
            List<Change> changes,
            Changes.Withheld withheld,
            Map<String, Problem> problems) {
        Map<String, Manifest> objects = new TreeMap<>();
        present.stream()
                .filter(manifest -> manifest.group().equals(Kinds.GROUP) && !PresentPlans.isPart(manifest))
                .forEach(manifest -> objects.put(manifest.object(), manifest));
        Map<String, List<ServiceDecision>> decisions = new HashMap<>();
        judgement
                .result()
                .plan()
                .decisions()
                .forEach(decision -> decision.policies()
                        .forEach(policy -> decisions
                                .computeIfAbsent(policy, _ -> new ArrayList<>())
                                .add(decision)));
        Set<String> rewritten = new HashSet<>();
        Map<String, Map<String, Problem>> unwritten = new HashMap<>();
        Set<String> written = changes.stream().map(Change::object).collect(Collectors.toSet());
        Map<String, String> classes = classesOfSlices(plans, changes);
        plans.stored().values().forEach(plan -> {
            for (String part : plans.parts(plan)) {
                if (written.contains(part)) {
                    rewritten.add(plan.object());
                }
                Problem problem = problems.get(part);
                if (problem != null) {
                    unwritten
                            .computeIfAbsent(plan.object(), _ -> new HashMap<>())
                            .putIfAbsent(classes.getOrDefault(part, ""), problem);
                }
            }
        });
        // Those that could not be made.
        problems.forEach((object, problem) -> {
            if (object.startsWith("NodePlan ")) {
                unwritten.computeIfAbsent(object, _ -> new HashMap<>()).putIfAbsent("", problem);
            }
        });
        return new Outcome(
                judgement,
                hold,
                objects,
                plans.whole(),
                decisions,
                Set.copyOf(rewritten),
                Map.copyOf(problems),
                unwritten,
                withheld,
                new ConcurrentHashMap<>());
    }

    private static Map<String, String> classesOfSlices(PresentPlans plans, List<Change> changes) {
        Map<String, String> classes = new HashMap<>();
        plans.slices()
                .values()
                .forEach(slice ->
                        classes.put(slice.object(), String.valueOf(slice.root().text("spec", "className"))));
        changes.forEach(change -> {
            if (change instanceof Change.ApplyNodePlanSlice slice) {
                classes.put(slice.object(), Changes.text(slice.spec(), "className"));
            }
        });
        return classes;
    }

    /// Why what a class has a node announce is not written, or null.
    ///
    /// @param plan the NodePlan, as `NodePlan name`
    @Nullable
    Problem unwritten(String plan, String className) {
        Map<String, Problem> byClass = unwritten.getOrDefault(plan, Map.of());
        Problem ofAll = byClass.get("");
        return ofAll == null ? byClass.get(className) : ofAll;
    }

    /// The object if the pass saw this very generation of it, else null.
    @Nullable
    Manifest find(String object, @Nullable String uid, @Nullable Long generation) {
        Manifest manifest = objects.get(object);
        boolean same = manifest != null
                && String.valueOf(uid).equals(manifest.root().text("metadata", "uid"))
                && String.valueOf(generation).equals(String.valueOf(manifest.generation()));
        return same ? manifest : null;
    }

    /// Whether an object that is being deleted has no effect any more, as far as that is to be had. What somebody else
    /// keeps from being written must not keep an object in the cluster, and neither must what is none of its.
    boolean isUndone(String object) {
        return judgement.leaving().contains(object) && objects.containsKey(object) && keeping(object) == null;
    }

    /// What keeps an object that is being deleted, or null.
    @Nullable
    Problem keeping(String object) {
        Manifest manifest = objects.get(object);
        return manifest == null || !judgement.leaving().contains(object)
                ? null
                : problems.entrySet().stream()
                        .filter(problem -> problem.getValue().passing() && concerns(problem.getKey(), manifest))
                        .sorted(Map.Entry.comparingByKey())
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(null);
    }

    /// Whether an object is a NodePlan or a part of one.
    static boolean isPlan(String written) {
        return written.startsWith("NodePlan ") || written.startsWith("NodePlanSlice ");
    }

    private static boolean concerns(String written, Manifest manifest) {
        boolean calico = !"Bird".equals(manifest.root().text("spec", "backend"));
        return switch (manifest.kind()) {
            case "ServiceAdvertisementPolicy" ->
                isPlan(written) || written.startsWith("Service " + manifest.namespace() + "/");
            case "AdvertisementClass" -> isPlan(written) || (calico && written.startsWith("BGPConfiguration "));
            case "BGPSpeaker" -> isPlan(written);
            default -> false;
        };
    }
}
