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
/// @param unwritten the same by the NodePlan, of those of which a part could not be written
/// @param agents how far the agents are with a class, by its name; filled when asked
record Outcome(
        Judgement judgement,
        Hold hold,
        Map<String, Manifest> objects,
        List<Manifest> nodePlans,
        Map<String, List<ServiceDecision>> decisions,
        Set<String> rewritten,
        Map<String, Problem> problems,
        Map<String, Problem> unwritten,
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
        Map<String, Problem> unwritten = new HashMap<>();
        Set<String> written = changes.stream().map(Change::object).collect(Collectors.toSet());
        plans.stored().values().forEach(plan -> {
            for (String part : plans.parts(plan)) {
                if (written.contains(part)) {
                    rewritten.add(plan.object());
                }
                Problem problem = problems.get(part);
                if (problem != null) {
                    unwritten.putIfAbsent(plan.object(), problem);
                }
            }
        });
        // Those that could not be made.
        problems.forEach((object, problem) -> {
            if (object.startsWith("NodePlan ")) {
                unwritten.putIfAbsent(object, problem);
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
                Map.copyOf(unwritten),
                new ConcurrentHashMap<>());
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
        Manifest manifest = objects.get(object);
        return manifest != null
                && judgement.leaving().contains(object)
                && problems.entrySet().stream()
                        .noneMatch(problem -> problem.getValue().passing() && concerns(problem.getKey(), manifest));
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
