package dev.bellman.operator;

import dev.bellman.document.Manifest;
import dev.bellman.document.Node;
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
import java.util.stream.Stream;
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
                .filter(plan -> !plan.root().items("spec", "slices").isEmpty())
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
                Set<String> before =
                        there == null ? Set.of() : addresses(there.root().items("spec", "services"));
                compare(before, addresses(next), lost, gained);
            }
        }
        Set<String> own = distinct(present.stored().values()).stream()
                .flatMap(spec -> addresses(spec.items("services")).stream())
                .collect(Collectors.toSet());
        compare(own, ofPlans(wanted, spec -> addresses(spec).stream()), lost, gained);
        return lost.stream().anyMatch(gained::contains) || !prefixes(present).equals(prefixes(wanted));
    }

    private static void compare(Set<String> before, Set<String> after, Set<String> lost, Set<String> gained) {
        before.stream().filter(one -> !after.contains(one)).forEach(lost::add);
        after.stream().filter(one -> !before.contains(one)).forEach(gained::add);
    }

    /// One of all that say the same.
    private static Set<Node> distinct(Collection<Manifest> plans) {
        Set<Node> specs = Collections.newSetFromMap(new IdentityHashMap<>());
        plans.forEach(plan -> {
            Node spec = plan.root().get("spec");
            if (spec != null) {
                specs.add(spec);
            }
        });
        return specs;
    }

    private static Set<String> ofPlans(SlicedPlans wanted, Function<Map<String, Object>, Stream<String>> what) {
        Set<Map<String, Object>> specs = Collections.newSetFromMap(new IdentityHashMap<>());
        specs.addAll(wanted.specs());
        return specs.stream().flatMap(what).collect(Collectors.toSet());
    }

    private static Set<String> addresses(List<Node> services) {
        Set<String> addresses = new HashSet<>();
        for (Node service : services) {
            String name = service.text("namespace") + "/" + service.text("name") + "/";
            service.items("addresses").forEach(address -> addresses.add(name + address.text("address")));
        }
        return addresses;
    }

    private static Set<String> addresses(Map<String, Object> spec) {
        Set<String> addresses = new HashSet<>();
        for (Map<?, ?> service : maps(spec.get("services"))) {
            String name = service.get("namespace") + "/" + service.get("name") + "/";
            maps(service.get("addresses")).forEach(address -> addresses.add(name + address.get("address")));
        }
        return addresses;
    }

    private static Set<String> prefixes(PresentPlans present) {
        return distinct(present.stored().values()).stream()
                .flatMap(spec -> spec.items("prefixes").stream())
                .map(prefix -> prefix.text("className") + " " + prefix.text("cidr"))
                .collect(Collectors.toSet());
    }

    private static Set<String> prefixes(SlicedPlans wanted) {
        return ofPlans(
                wanted,
                spec -> maps(spec.get("prefixes")).stream()
                        .map(prefix -> prefix.get("className") + " " + prefix.get("cidr")));
    }

    private static List<Map<?, ?>> maps(@Nullable Object list) {
        List<Map<?, ?>> maps = new ArrayList<>();
        if (list instanceof List<?> items) {
            for (Object item : items) {
                if (item instanceof Map<?, ?> map) {
                    maps.add(map);
                }
            }
        }
        return maps;
    }
}
