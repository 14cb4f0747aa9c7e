package dev.bellman.parity;

import dev.bellman.diagnostic.Span;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Spoils a good object the way people do, and in ways that nobody would: a seed decides.
final class Mutation {
    private static final Span HERE = Span.ofFile("mutation");
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
    /// Fields that name the request's address: another server route would answer.
    private static final Set<String> ADDRESS =
            Set.of("apiVersion", "kind", "namespace", "uid", "resourceVersion", "managedFields");

    private final Random random;

    Mutation(long seed) {
        this.random = new Random(seed);
    }

    Mapping spoil(Mapping object) {
        Mapping spoilt = object;
        for (int times = 1 + random.nextInt(2); times > 0; times--) {
            spoilt = (Mapping) once(spoilt);
        }
        return spoilt;
    }

    private Node once(Mapping object) {
        int places = places(object);
        return replace(object, new int[] {random.nextInt(places)}, this::change, true);
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
    private Node replace(Node node, int[] countdown, UnaryOperator<Node> change, boolean root) {
        if (countdown[0]-- == 0) {
            return root ? inside(node) : change.apply(node);
        }
        return switch (node) {
            case Scalar scalar -> scalar;
            case Sequence sequence ->
                new Sequence(
                        sequence.items().stream()
                                .map(item -> countdown[0] < 0 ? item : replace(item, countdown, change, false))
                                .toList(),
                        HERE);
            case Mapping mapping ->
                new Mapping(
                        mapping.entries().stream()
                                .map(entry -> countdown[0] < 0 || ADDRESS.contains(entry.name())
                                        ? entry
                                        : new Mapping.Entry(
                                                entry.key(), replace(entry.value(), countdown, change, false)))
                                .toList(),
                        HERE);
        };
    }

    private Node change(Node node) {
        return random.nextInt(3) == 0 ? anything() : inside(node);
    }

    private Node inside(Node node) {
        return switch (node) {
            case Scalar scalar -> scalar(scalar);
            case Sequence sequence -> sequence(sequence);
            case Mapping mapping -> mapping(mapping);
        };
    }

    private Node scalar(Scalar scalar) {
        return switch (scalar.value()) {
            case String text when random.nextInt(3) == 0 -> Scalar.of(spoil(text), HERE);
            case Long number when random.nextBoolean() -> Scalar.of(number + random.nextInt(3) - 1, HERE);
            case null, default -> Scalar.of(pick(SCALARS), HERE);
        };
    }

    private String spoil(String text) {
        return switch (random.nextInt(5)) {
            case 0 -> text.toUpperCase(Locale.ROOT);
            case 1 -> text + "x";
            case 2 -> text + "/1";
            case 3 -> text.isEmpty() ? "y" : text.substring(1);
            default -> text + text;
        };
    }

    private Node sequence(Sequence sequence) {
        List<Node> items = new ArrayList<>(sequence.items());
        switch (random.nextInt(5)) {
            case 0 -> items.clear();
            case 1 -> items.add(anything());
            case 2 -> items.add(new Scalar(null, Scalar.Style.PLAIN, HERE));
            case 3 -> {
                for (int i = 0; i < 70 && !sequence.items().isEmpty(); i++) {
                    items.add(pick(sequence.items()));
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

    private Node mapping(Mapping mapping) {
        List<Mapping.Entry> entries = new ArrayList<>(mapping.entries());
        List<Mapping.Entry> free = entries.stream()
                .filter(entry -> !ADDRESS.contains(entry.name()))
                .toList();
        switch (random.nextInt(4)) {
            case 0 -> entries.add(new Mapping.Entry(Scalar.of("bogus", HERE), anything()));
            case 1 -> entries.removeAll(free);
            default -> {
                if (!free.isEmpty()) {
                    Mapping.Entry gone = pick(free);
                    entries.remove(gone);
                    if (random.nextInt(4) == 0) {
                        entries.add(new Mapping.Entry(Scalar.of(gone.name() + "s", HERE), gone.value()));
                    }
                }
            }
        }
        return new Mapping(entries, HERE);
    }

    private Node anything() {
        return switch (random.nextInt(6)) {
            case 0 -> new Sequence(List.of(), HERE);
            case 1 -> new Mapping(List.of(), HERE);
            case 2 -> new Sequence(List.of(Scalar.of(pick(SCALARS), HERE)), HERE);
            default -> Scalar.of(pick(SCALARS), HERE);
        };
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
