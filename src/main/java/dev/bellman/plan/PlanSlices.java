package dev.bellman.plan;

import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Sequence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Puts a NodePlan and the NodePlanSlices that it names together again. `report/SlicedPlans` is what takes them apart.
public final class PlanSlices {
    private static final Comparator<Node> BY_SERVICE = Comparator.comparing((Node item) -> text(item, "namespace"))
            .thenComparing(item -> text(item, "name"))
            .thenComparing(item -> text(item, "className"))
            .thenComparing(item -> item.at("collateral") != null);

    private PlanSlices() {}

    /// Whether a NodePlan is whole without any slice.
    public static boolean areNone(Manifest plan) {
        return plan.root().items("spec", "slices").isEmpty();
    }

    /// The slices that a NodePlan names and that are not there as it names them.
    ///
    /// @param slices finds a slice by its name, or null
    /// @return names, in the plan's order
    public static List<String> missing(Manifest plan, Function<String, @Nullable Manifest> slices) {
        List<String> missing = new ArrayList<>();
        for (Node reference : plan.root().items("spec", "slices")) {
            String name = text(reference, "name");
            Manifest slice = slices.apply(name);
            String hash = slice == null ? null : slice.root().text("spec", "hash");
            if (hash == null || !hash.equals(reference.text("hash"))) {
                missing.add(name);
            }
        }
        return missing;
    }

    /// A NodePlan that says all by itself: the services of its slices are among its own, and it names no
    /// slice. Its hash stays that of the plan as it was written.
    ///
    /// @param slices finds a slice by its name, or null for one that adds nothing; whatever its hash is
    public static Manifest join(Manifest plan, Function<String, @Nullable Manifest> slices) {
        if (areNone(plan) || !(plan.root().get("spec") instanceof Mapping spec)) {
            return plan;
        }
        List<Node> services = new ArrayList<>(spec.items("services"));
        for (Node reference : spec.items("slices")) {
            Manifest slice = slices.apply(text(reference, "name"));
            if (slice != null) {
                services.addAll(slice.root().items("spec", "services"));
            }
        }
        services.sort(BY_SERVICE);
        List<Mapping.Entry> rest = spec.entries().stream()
                .filter(entry -> !entry.name().equals("slices"))
                .toList();
        Mapping whole = new Mapping(rest, spec.empty(), spec.span());
        return plan.with(plan.root()
                .with(
                        "spec",
                        services.isEmpty() ? whole : whole.with("services", new Sequence(services, spec.span()))));
    }

    private static String text(Node item, String key) {
        String text = item.text(key);
        return text == null ? "" : text;
    }
}
