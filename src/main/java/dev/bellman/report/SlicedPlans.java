package dev.bellman.report;

import dev.bellman.digest.Sha256;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// NodePlans, with the services of classes that have many in NodePlanSlices: what all nodes are told is told once.
/// `plan/PlanSlices` puts them together again.
///
/// A service is always in the same slice of its class, whatever else is: so a change of one writes one slice, and no
/// NodePlan. Where a node is told something else than most are, it is told so in its own NodePlan.
///
/// Who finds a new slice beside an old NodePlan, or the other way round, must not take them for a plan: a service that
/// went from the one to the other would be in neither. So all parts have a base, and belong together where it is the
/// same. Here it is a hash of what NodePlans hold themselves, the same on every machine; who knows what was there
/// before may choose another.
///
/// @param slices what NodePlanSlices say, by name
/// @param specs what NodePlans say, in the order of those that were given; equal ones are the same
public record SlicedPlans(NavigableMap<String, Map<String, Object>> slices, List<Map<String, Object>> specs) {
    /// A class with more services than this has slices.
    public static final int MANY = 200;

    /// A class with fewer has none, though it had some: one that stays about [#MANY] is not written to and fro.
    public static final int FEW = 100;

    /// So many services of all classes together a NodePlan may hold itself. An object may have 1.5 MiB (etcd), and a
    /// service takes some 400 bytes.
    public static final int MOST = 1000;

    static final int BUCKETS = 64;

    private static final int LONGEST_NAME = 253;
    private static final int HASH_DIGITS = 16;
    private static final String SERVICES = "services";
    private static final String SLICES = "slices";
    private static final String BASE = "base";

    /// @param specs what NodePlans say, without hashes, as [PlanObjects] has it; what several nodes are
    ///     told is looked at once if it is the same object
    /// @param sliced the names of the classes that have slices now
    public static SlicedPlans of(List<Map<String, Object>> specs, Set<String> sliced) {
        IdentityHashMap<List<?>, Dealt> lists = new IdentityHashMap<>();
        IdentityHashMap<Map<String, Object>, Map<String, Object>> results = new IdentityHashMap<>();
        List<Dealt> dealt = new ArrayList<>();
        for (Map<String, Object> spec : specs) {
            List<?> services = services(spec);
            lists.computeIfAbsent(services, _ -> {
                        Dealt fresh = new Dealt(services);
                        dealt.add(fresh);
                        return fresh;
                    })
                    .nodes++;
        }
        Set<String> large = large(dealt, sliced);
        dealt.forEach(one -> one.deal(large));
        Map<Bucket, Map<String, Object>> slices = new HashMap<>();
        Map<Bucket, List<?>> contents = contents(dealt);
        NavigableMap<String, Map<String, Object>> byName = new TreeMap<>();
        contents.forEach((bucket, content) -> {
            Map<String, Object> slice = slice(bucket.className(), content);
            slices.put(bucket, slice);
            byName.put(bucket.sliceName(), slice);
        });
        List<Map<String, Object>> parts = specs.stream()
                .map(spec -> results.computeIfAbsent(
                        spec,
                        _ -> Objects.requireNonNull(lists.get(services(spec))).apply(spec, contents, slices)))
                .toList();
        if (!byName.isEmpty()) {
            List<Map<String, Object>> distinct = results.values().stream()
                    .filter(part -> part.containsKey(SLICES))
                    .toList();
            String base = base(distinct);
            distinct.forEach(part -> part.put(BASE, base));
            byName.values().forEach(slice -> slice.put(BASE, base));
        }
        return new SlicedPlans(byName, parts);
    }

    /// Peers are not among it: a session may come and go before or after a service.
    private static String base(List<Map<String, Object>> parts) {
        Set<String> hashes = new TreeSet<>();
        for (Map<String, Object> part : parts) {
            Map<String, Object> own = new LinkedHashMap<>();
            for (String key : List.of("prefixes", SERVICES, SLICES)) {
                if (part.containsKey(key)) {
                    own.put(key, part.get(key));
                }
            }
            hashes.add(Hash.of(own));
        }
        return Hash.of(hashes);
    }

    /// The same with another base.
    public SlicedPlans withBase(String base) {
        NavigableMap<String, Map<String, Object>> based = new TreeMap<>();
        slices.forEach((name, spec) -> based.put(name, with(spec, base)));
        IdentityHashMap<Map<String, Object>, Map<String, Object>> results = new IdentityHashMap<>();
        return new SlicedPlans(
                based,
                specs.stream()
                        .map(spec ->
                                spec.containsKey(BASE) ? results.computeIfAbsent(spec, one -> with(one, base)) : spec)
                        .toList());
    }

    private static Map<String, Object> with(Map<String, Object> spec, String base) {
        Map<String, Object> based = new LinkedHashMap<>(spec);
        based.put(BASE, base);
        return based;
    }

    private static List<?> services(Map<String, Object> spec) {
        return spec.get(SERVICES) instanceof List<?> list ? list : List.of();
    }

    private static String text(Object item, String key) {
        return item instanceof Map<?, ?> map ? String.valueOf(map.get(key)) : "";
    }

    private static Map<String, Object> slice(String className, List<?> services) {
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("className", className);
        spec.put(SERVICES, services);
        spec.put("hash", Hash.of(spec));
        return spec;
    }

    /// The classes that have slices from now on.
    private static Set<String> large(List<Dealt> all, Set<String> sliced) {
        Map<String, Integer> sizes = new TreeMap<>();
        all.forEach(one -> one.sizes.forEach((name, size) -> sizes.merge(name, size, Math::max)));
        Set<String> large = new HashSet<>();
        sizes.forEach((name, size) -> {
            if (size > MANY || (size >= FEW && sliced.contains(name))) {
                large.add(name);
            }
        });
        List<String> rest = sizes.keySet().stream()
                .filter(name -> !large.contains(name))
                .sorted((one, other) -> Integer.compare(sizes.getOrDefault(other, 0), sizes.getOrDefault(one, 0)))
                .toList();
        for (String name : rest) {
            if (all.stream().allMatch(one -> one.without(large) <= MOST)) {
                break;
            }
            large.add(name);
        }
        return large;
    }

    /// What each slice holds: what the most nodes are told.
    private static Map<Bucket, List<?>> contents(List<Dealt> all) {
        Map<Bucket, Map<List<?>, Integer>> votes = new LinkedHashMap<>();
        all.forEach(one -> one.buckets.forEach((bucket, services) ->
                votes.computeIfAbsent(bucket, _ -> new LinkedHashMap<>()).merge(services, one.nodes, Integer::sum)));
        Map<Bucket, List<?>> contents = new HashMap<>();
        votes.forEach((bucket, byContent) -> {
            int most = 0;
            for (Map.Entry<List<?>, Integer> vote : byContent.entrySet()) {
                if (vote.getValue() > most) {
                    most = vote.getValue();
                    contents.put(bucket, vote.getKey());
                }
            }
        });
        return contents;
    }

    /// A fixed part of the services of a class.
    private record Bucket(String className, int number) {
        static Bucket of(String className, String service) {
            return new Bucket(className, Sha256.of(service)[0] & (BUCKETS - 1));
        }

        /// A name that no other class has. One that would be too long has its end replaced by a hash, and
        /// is just as long as a name may be, as the others never are.
        String sliceName() {
            String end = "-" + HexFormat.of().toHexDigits((byte) number);
            if (className.length() + end.length() < LONGEST_NAME) {
                return className + end;
            }
            String begin = className.substring(0, LONGEST_NAME - end.length() - 1 - HASH_DIGITS);
            // A label of a name does not end in a hyphen, nor begin with one.
            String whole = begin.endsWith(".") ? begin.substring(0, begin.length() - 1) + "-" : begin;
            return whole + "-" + Sha256.hex(className, HASH_DIGITS / 2) + end;
        }
    }

    /// A list of services that nodes are told of.
    private static final class Dealt {
        private final List<?> services;
        private final Map<String, Integer> sizes = new TreeMap<>();
        private final Map<Bucket, List<Object>> buckets = new LinkedHashMap<>();
        private final IdentityHashMap<Object, Bucket> bucketOf = new IdentityHashMap<>();
        /// How many nodes are told of it.
        private int nodes;

        Dealt(List<?> services) {
            this.services = services;
            services.forEach(item -> sizes.merge(text(item, "className"), 1, Integer::sum));
        }

        /// How many of its services belong to none of the classes.
        int without(Set<String> classes) {
            return sizes.entrySet().stream()
                    .filter(size -> !classes.contains(size.getKey()))
                    .mapToInt(Map.Entry::getValue)
                    .sum();
        }

        void deal(Set<String> classes) {
            for (Object item : services) {
                String className = text(item, "className");
                if (classes.contains(className)) {
                    Bucket bucket = Bucket.of(className, text(item, "namespace") + "/" + text(item, "name"));
                    bucketOf.put(item, bucket);
                    buckets.computeIfAbsent(bucket, _ -> new ArrayList<>()).add(item);
                }
            }
        }

        /// A NodePlan that names slices in place of the services that they hold.
        Map<String, Object> apply(
                Map<String, Object> spec, Map<Bucket, List<?>> contents, Map<Bucket, Map<String, Object>> slices) {
            if (buckets.isEmpty()) {
                return spec;
            }
            NavigableMap<String, Object> references = new TreeMap<>();
            Set<Bucket> elsewhere = new HashSet<>();
            buckets.forEach((bucket, items) -> {
                Map<String, Object> slice = slices.get(bucket);
                if (slice != null && items.equals(contents.get(bucket))) {
                    elsewhere.add(bucket);
                    Map<String, Object> reference = new LinkedHashMap<>();
                    reference.put("name", bucket.sliceName());
                    references.put(bucket.sliceName(), reference);
                }
            });
            List<?> own = services.stream()
                    .filter(item -> !elsewhere.contains(bucketOf.get(item)))
                    .toList();
            Map<String, Object> result = new LinkedHashMap<>();
            spec.forEach((key, value) -> {
                if (!key.equals(SERVICES)) {
                    result.put(key, value);
                } else {
                    if (!own.isEmpty()) {
                        result.put(SERVICES, own);
                    }
                    if (!references.isEmpty()) {
                        result.put(SLICES, List.copyOf(references.values()));
                    }
                }
            });
            return result;
        }
    }
}
