package dev.bellman.operator;

import dev.bellman.document.Manifest;
import dev.bellman.document.Node;
import dev.bellman.document.Plain;
import dev.bellman.plan.PlanSlices;
import dev.bellman.report.Hash;
import dev.bellman.report.SlicedPlans;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Chooses the base of NodePlans and slices: the one that is there, so that little is written, or another where agents
/// must not go by some of the new parts before they have all of them.
///
/// That is so where an address goes from one part to another, since it would be in none for as long as only the one is
/// written, and where prefixes change, since they may take the place of addresses.
final class Bases {
    private Bases() {}

    static SlicedPlans choose(SlicedPlans wanted, PresentPlans present) {
        if (wanted.slices().isEmpty()) {
            return wanted;
        }
        String base = common(present);
        if (base != null && !isMixed(wanted, present)) {
            return wanted.withBase(base);
        }
        List<Object> all = new ArrayList<>();
        wanted.slices().values().forEach(slice -> {
            all.add(slice.getOrDefault("hash", ""));
            all.add(slice.getOrDefault("base", ""));
        });
        return wanted.withBase(Hash.of(all));
    }

    /// The base of all parts that are there, or null if there is none or more than one.
    private static @Nullable String common(PresentPlans present) {
        Set<String> bases = new HashSet<>();
        present.slices().values().forEach(slice -> bases.add(base(slice)));
        present.stored().values().stream()
                .filter(plan -> !PlanSlices.areNone(plan))
                .forEach(plan -> bases.add(base(plan)));
        return bases.size() == 1 && !bases.contains("") ? bases.iterator().next() : null;
    }

    private static String base(Manifest part) {
        return Objects.requireNonNullElse(part.root().text("spec", "base"), "");
    }

    private static boolean isMixed(SlicedPlans wanted, PresentPlans present) {
        Set<String> lost = new HashSet<>();
        Set<String> gained = new HashSet<>();
        Set<String> names = new HashSet<>(wanted.slices().keySet());
        names.addAll(present.slices().keySet());
        for (String name : names) {
            Map<String, Object> next = wanted.slices().getOrDefault(name, Map.of());
            Manifest there = present.slices().get(name);
            String hash = there == null ? null : there.root().text("spec", "hash");
            if (!Objects.equals(hash, next.get("hash"))) {
                compare(there == null ? Set.of() : addresses(spec(there)), addresses(next), lost, gained);
            }
        }
        List<Object> before = PresentPlans.distinct(present.stored().values()).stream()
                .map(Bases::spec)
                .toList();
        Set<Object> after = Collections.newSetFromMap(new IdentityHashMap<>());
        after.addAll(wanted.specs());
        compare(all(before, Bases::addresses), all(after, Bases::addresses), lost, gained);
        return lost.stream().anyMatch(gained::contains)
                || !all(before, Bases::prefixes).equals(all(after, Bases::prefixes));
    }

    private static void compare(Set<String> before, Set<String> after, Set<String> lost, Set<String> gained) {
        before.stream().filter(one -> !after.contains(one)).forEach(lost::add);
        after.stream().filter(one -> !before.contains(one)).forEach(gained::add);
    }

    private static Object spec(Manifest part) {
        Node spec = part.root().get("spec");
        return spec == null ? Map.of() : Objects.requireNonNullElse(Plain.of(spec), Map.of());
    }

    private static Set<String> all(Collection<?> specs, Function<Object, Set<String>> what) {
        return specs.stream().map(what).flatMap(Set::stream).collect(Collectors.toSet());
    }

    /// What a part says of single addresses.
    private static Set<String> addresses(Object spec) {
        Set<String> addresses = new HashSet<>();
        for (Object service : Changes.items(spec, "services")) {
            String name = Changes.text(service, "namespace") + "/" + Changes.text(service, "name") + "/";
            Changes.items(service, "addresses")
                    .forEach(address -> addresses.add(name + Changes.text(address, "address")));
        }
        return addresses;
    }

    private static Set<String> prefixes(Object spec) {
        return Changes.items(spec, "prefixes").stream()
                .map(prefix -> Changes.text(prefix, "className") + " " + Changes.text(prefix, "cidr"))
                .collect(Collectors.toSet());
    }
}
