package dev.bellman.plan;

import dev.bellman.digest.Sha256;
import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Puts a NodePlan and the NodePlanSlices that it names together again. `report/SlicedPlans` is what takes them apart.
public final class PlanSlices {
    private static final Comparator<Node> BY_SERVICE = Comparator.comparing((Node item) -> text(item, "namespace"))
            .thenComparing(item -> text(item, "name"))
            .thenComparing(item -> text(item, "className"))
            .thenComparing(NodePlanReader::isCollateral);

    /// What a plan says of its parts, and not one that is whole.
    private static final Set<String> OF_PARTS = Set.of("slices", "base");

    private static final int HASH_BYTES = 8;

    private PlanSlices() {}

    /// Whether a NodePlan is whole without any slice.
    public static boolean areNone(Manifest plan) {
        return plan.root().items("spec", "slices").isEmpty();
    }

    /// The names of the slices that a NodePlan is made of besides itself.
    public static List<String> names(Manifest plan) {
        return plan.root().items("spec", "slices").stream()
                .map(reference -> text(reference, "name"))
                .toList();
    }

    /// The slices that a NodePlan names and that are not there, or do not belong to it: one that has another base was
    /// made for other NodePlans, and what it holds is perhaps what this one holds itself.
    ///
    /// @param slices finds a slice by its name, or null
    /// @return names, in the plan's order
    public static List<String> missing(Manifest plan, Function<String, @Nullable Manifest> slices) {
        String base = plan.root().text("spec", "base");
        return plan.root().items("spec", "slices").stream()
                .filter(reference -> !isThere(reference, base, slices))
                .map(reference -> text(reference, "name"))
                .toList();
    }

    private static boolean isThere(Node reference, @Nullable String base, Function<String, @Nullable Manifest> slices) {
        Manifest slice = slices.apply(text(reference, "name"));
        // An older operator named the hash of each slice.
        String hash = reference.text("hash");
        return slice != null
                && Objects.equals(base, slice.root().text("spec", "base"))
                && (hash == null || hash.equals(slice.root().text("spec", "hash")));
    }

    /// A NodePlan that says all by itself: the services of its slices are among its own, and it names no
    /// slice. Its hash is one of all that it is made of.
    ///
    /// @param slices finds a slice by its name, or null for one that adds nothing; whatever its hash is
    public static Manifest join(Manifest plan, Function<String, @Nullable Manifest> slices) {
        if (areNone(plan) || !(plan.root().get("spec") instanceof Mapping spec)) {
            return plan;
        }
        List<Node> services = new ArrayList<>(spec.items("services"));
        StringBuilder hashes = new StringBuilder(text(spec, "hash"));
        for (String name : names(plan)) {
            Manifest slice = slices.apply(name);
            if (slice != null) {
                services.addAll(slice.root().items("spec", "services"));
                hashes.append(' ').append(slice.root().text("spec", "hash"));
            }
        }
        services.sort(BY_SERVICE);
        List<Mapping.Entry> rest = spec.entries().stream()
                .filter(entry -> !OF_PARTS.contains(entry.name()))
                .toList();
        Mapping whole = new Mapping(rest, spec.empty(), spec.span())
                .with("hash", new Scalar(Sha256.hex(hashes.toString(), HASH_BYTES), Scalar.Style.PLAIN, spec.span()));
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
