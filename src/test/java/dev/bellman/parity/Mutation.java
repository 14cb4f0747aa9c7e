package dev.bellman.parity;

import dev.bellman.diagnostic.Span;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/// Spoils a good object the way people do, and in ways that nobody would: a seed decides.
final class Mutation {
    private static final Span HERE = Span.ofFile("mutation");
    private static final Scalar NULL = new Scalar(null, Scalar.Style.PLAIN, HERE);
    private static final List<Object> SCALARS = List.of(
            -1L,
            0L,
            1L,
            2L,
            3L,
            10L,
            11L,
            4095L,
            4096L,
            65535L,
            65536L,
            2147483647L,
            2147483648L,
            4294967295L,
            4294967296L,
            Long.MAX_VALUE,
            0.5,
            10.5,
            1e300,
            true,
            false,
            "",
            " ",
            "x",
            "X",
            "a_b",
            "a.b",
            "-a",
            "a/b",
            "a/b/c",
            "True",
            "true",
            "1",
            "ü",
            "🦉",
            "Local",
            "Cluster",
            "Always",
            "OnDemand",
            "ClusterIP",
            "In",
            "Exists",
            "Calico",
            "Bird",
            "10.49.0.0/16",
            "10.49.0.1/16",
            "10.49.0.0",
            "10.49.0.0/33",
            "010.49.0.0/16",
            "10.49.0.0/016",
            "0.0.0.0/0",
            "fd00:49::/112",
            "FD00:49::/112",
            "fd00:49::1/112",
            "fd00:0049::/112",
            "::/0",
            "::ffff:10.49.0.0/112",
            "fe80::1%eth0",
            "10.0.1.10",
            "fd00::1",
            "fe80::1",
            "127.0.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "0.0.0.0",
            "64512:120",
            "64512:1:120",
            "65536:1",
            "1:65536",
            "4294967296:1:1",
            "0064512:120",
            "1:2:3:4",
            "64512",
            "99999999999:1:1",
            "x".repeat(64),
            "x".repeat(254),
            "x".repeat(400),
            "self.x == 1",
            "object.spec.x ==",
            "yaobank/customer");
    /// Fields that name the request's address, where another route of the server would answer, or that make an
    /// object one of the cluster's.
    private static final Set<String> ADDRESS = Set.of("apiVersion", "kind", "namespace", "uid", "resourceVersion");

    private final Random random;
    private final Map<String, List<Mapping.Entry>> pool;

    /// @param pool what stands under each key somewhere, as what else could stand there
    Mutation(long seed, Map<String, List<Mapping.Entry>> pool) {
        this.random = new Random(seed);
        this.pool = pool;
    }

    /// What stands under each key in any of these objects; the objects' own fields under the empty key.
    static Map<String, List<Mapping.Entry>> pool(List<Mapping> objects) {
        Map<String, List<Mapping.Entry>> pool = new TreeMap<>();
        objects.forEach(object -> gather("", object, pool));
        return pool;
    }

    private static void gather(String key, Node node, Map<String, List<Mapping.Entry>> pool) {
        switch (node) {
            case Scalar _ -> {}
            case Sequence sequence -> sequence.items().forEach(item -> gather(key, item, pool));
            case Mapping mapping ->
                mapping.entries().stream()
                        .filter(entry -> !ADDRESS.contains(entry.name()))
                        .forEach(entry -> {
                            pool.computeIfAbsent(key, _ -> new ArrayList<>()).add(entry);
                            gather(entry.name(), entry.value(), pool);
                        });
        }
    }

    /// The object with one to three things changed.
    Mapping spoil(Mapping object) {
        Mapping spoilt = object;
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            spoilt = (Mapping) at("", spoilt, new int[] {random.nextInt(places(spoilt))}, true);
        }
        return spoilt;
    }

    private static int places(Node node) {
        return switch (node) {
            case Scalar _ -> 1;
            case Sequence sequence ->
                1 + sequence.items().stream().mapToInt(Mutation::places).sum();
            case Mapping mapping ->
                1
                        + mapping.entries().stream()
                                .filter(entry -> !ADDRESS.contains(entry.name()))
                                .mapToInt(entry -> places(entry.value()))
                                .sum();
        };
    }

    /// Changes the node that is `countdown` steps away in document order.
    private Node at(String key, Node node, int[] countdown, boolean root) {
        if (countdown[0]-- == 0) {
            return root || random.nextInt(4) > 0 ? inside(key, node) : anything();
        }
        return switch (node) {
            case Scalar scalar -> scalar;
            case Sequence sequence ->
                new Sequence(
                        sequence.items().stream()
                                .map(item -> countdown[0] < 0 ? item : at(key, item, countdown, false))
                                .toList(),
                        HERE);
            case Mapping mapping ->
                new Mapping(
                        mapping.entries().stream()
                                .map(entry -> countdown[0] < 0 || ADDRESS.contains(entry.name())
                                        ? entry
                                        : new Mapping.Entry(
                                                entry.key(), at(entry.name(), entry.value(), countdown, false)))
                                .toList(),
                        HERE);
        };
    }

    private Node inside(String key, Node node) {
        return switch (node) {
            case Scalar scalar -> scalar(scalar);
            case Sequence sequence -> sequence(sequence);
            case Mapping mapping -> mapping(key, mapping);
        };
    }

    private Node scalar(Scalar scalar) {
        return switch (scalar.value()) {
            case String text when random.nextInt(3) == 0 -> Scalar.of(spoil(text), HERE);
            case Long number when random.nextBoolean() -> Scalar.of(number + random.nextInt(3) - 1, HERE);
            case null, default -> random.nextInt(8) == 0 ? NULL : Scalar.of(pick(SCALARS), HERE);
        };
    }

    private String spoil(String text) {
        return switch (random.nextInt(7)) {
            case 0 -> text.toUpperCase(Locale.ROOT);
            case 1 -> text + "x";
            case 2 -> text + "/1";
            case 3 -> text.isEmpty() ? "y" : text.substring(text.offsetByCodePoints(0, 1));
            case 4 -> text.isEmpty() ? "-" : text.substring(0, text.offsetByCodePoints(text.length(), -1));
            case 5 -> random.nextBoolean() ? " " + text : text + "\n";
            default -> text + text;
        };
    }

    private Node sequence(Sequence sequence) {
        List<Node> items = new ArrayList<>(sequence.items());
        switch (random.nextInt(6)) {
            case 0 -> items.clear();
            case 1 -> items.add(anything());
            case 2 -> items.add(NULL);
            case 3 -> {
                for (int i = 0; i < 70 && !sequence.items().isEmpty(); i++) {
                    items.add(pick(sequence.items()));
                }
            }
            case 4 -> {
                if (!items.isEmpty()) {
                    items.remove(random.nextInt(items.size()));
                }
            }
            default -> {
                if (!items.isEmpty()) {
                    items.add(pick(items));
                }
            }
        }
        return new Sequence(items, HERE);
    }

    private Node mapping(String key, Mapping mapping) {
        List<Mapping.Entry> entries = new ArrayList<>(mapping.entries());
        List<Mapping.Entry> free = entries.stream()
                .filter(entry -> !ADDRESS.contains(entry.name()))
                .toList();
        switch (random.nextInt(8)) {
            case 0 -> put(entries, Scalar.of("bogus", HERE), anything());
            case 1 -> entries.removeAll(free);
            case 2, 3, 4 -> {
                List<Mapping.Entry> others = pool.getOrDefault(key, List.of());
                if (!others.isEmpty()) {
                    Mapping.Entry other = pick(others);
                    put(entries, other.key(), other.value());
                }
            }
            case 5 -> {
                if (!free.isEmpty()) {
                    Mapping.Entry old = pick(free);
                    entries.remove(old);
                    put(entries, Scalar.of(spoil(old.name()), HERE), old.value());
                }
            }
            default -> {
                if (!free.isEmpty()) {
                    entries.remove(pick(free));
                }
            }
        }
        return new Mapping(entries, HERE);
    }

    private static void put(List<Mapping.Entry> entries, Scalar key, Node value) {
        entries.removeIf(entry -> entry.name().equals(key.value()));
        entries.add(new Mapping.Entry(key, value));
    }

    private Node anything() {
        return switch (random.nextInt(8)) {
            case 0 -> new Sequence(List.of(), HERE);
            case 1 -> new Mapping(List.of(), HERE);
            case 2 -> new Sequence(List.of(Scalar.of(pick(SCALARS), HERE)), HERE);
            case 3 -> NULL;
            default -> Scalar.of(pick(SCALARS), HERE);
        };
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
