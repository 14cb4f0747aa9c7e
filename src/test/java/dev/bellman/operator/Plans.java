package dev.bellman.operator;

import dev.bellman.cluster.Conditions;
import dev.bellman.document.Manifest;
import dev.bellman.document.Plain;
import dev.bellman.report.YamlText;
import dev.bellman.schema.Defaults;
import dev.bellman.schema.Kinds;
import dev.bellman.testing.Manifests;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The NodePlans of a cluster, and what a pass says that finds them there.
final class Plans {
    private Plans() {}

    /// The NodePlans that the operator would have written, and their slices, with what the API server fills in.
    static List<Manifest> of(List<Manifest> cluster) {
        return Changes.of(Judgement.of(cluster), Set.of(), Set.of(), cluster, PresentPlans.of(List.of()))
                .list()
                .stream()
                .flatMap(change -> switch (change) {
                    case Change.ApplyNodePlan plan ->
                        Stream.of(stored(Manifests.observed("NodePlan", plan.name(), plan.spec())));
                    case Change.ApplyNodePlanSlice slice ->
                        Stream.of(stored(Manifests.observed("NodePlanSlice", slice.name(), slice.spec())));
                    default -> Stream.<Manifest>of();
                })
                .toList();
    }

    private static Manifest stored(Manifest sent) {
        return sent.with(Defaults.apply(
                sent.root(), Objects.requireNonNull(Kinds.builtIn().find(sent.apiVersion(), sent.kind()))));
    }

    static Changes changes(List<Manifest> cluster, Set<String> held, Set<String> refused, List<Manifest> plans) {
        return Changes.of(Judgement.of(cluster), held, refused, with(cluster, plans), PresentPlans.of(plans));
    }

    static List<Manifest> with(List<Manifest> some, List<Manifest> more) {
        List<Manifest> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    static String hash(Manifest plan) {
        return String.valueOf(plan.root().text("spec", "hash"));
    }

    /// A plan whose agent has carried it out, as it says.
    static Manifest reported(Manifest plan, Object... conditions) {
        return reported(plan, hash(plan), List.of(conditions));
    }

    /// @param hash of the plan that the agent has taken
    static Manifest reported(Manifest plan, String hash, List<Object> conditions) {
        Map<String, Object> object = new LinkedHashMap<>();
        ((Map<?, ?>) Objects.requireNonNull(Plain.of(plan.root())))
                .forEach((key, value) -> object.put(String.valueOf(key), value));
        object.put("status", Map.of("hashes", Map.of("plan", hash), "conditions", conditions));
        return Manifests.observed(YamlText.of(object)).getFirst();
    }

    /// What a pass says that writes nothing more.
    ///
    /// @param problems what it could not write
    static Outcome outcome(List<Manifest> cluster, List<Manifest> plans, Map<String, Problem> problems) {
        Judgement judgement = Judgement.of(cluster);
        PresentPlans there = PresentPlans.of(plans);
        Hold hold = Hold.of(judgement, there);
        return outcome(cluster, plans, hold, problems);
    }

    static Outcome outcome(List<Manifest> cluster, List<Manifest> plans, Hold hold, Map<String, Problem> problems) {
        Changes changes = changes(cluster, hold.classes().keySet(), Set.of(), plans);
        return Outcome.of(
                Judgement.of(cluster),
                hold,
                with(cluster, plans),
                PresentPlans.of(plans),
                List.of(),
                changes.withheld(),
                problems);
    }

    static Map<String, Object> status(Outcome outcome, String object, @Nullable Map<String, Object> present) {
        return Verdict.status(
                outcome, Objects.requireNonNull(outcome.objects().get(object)), present, "2026-11-29T00:00:00Z");
    }

    /// A condition as `Status Reason: message`.
    static String condition(Outcome outcome, String object, String type) {
        Map<?, ?> condition = Objects.requireNonNull(
                Conditions.find(status(outcome, object, null).get("conditions"), type));
        return condition.get("status") + " " + condition.get("reason") + ": " + condition.get("message");
    }
}
