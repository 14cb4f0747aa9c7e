package dev.bellman.schema;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Related;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Finds items of a list that repeat an earlier one (`x-kubernetes-list-type: set` and `map`).
///
/// As apiextensions-apiserver's `ValidateListSetsAndMaps`; unlike it, every repetition is reported, not only the
/// first.
final class Duplicates {
    private final Findings findings;

    Duplicates(Findings findings) {
        this.findings = findings;
    }

    void check(Sequence sequence, Schema.Unique unique, FieldPath path) {
        switch (unique) {
            case Schema.Unique.Nothing() -> {}
            case Schema.Unique.Whole() -> whole(sequence, path);
            case Schema.Unique.Keys(List<String> names) -> keys(sequence, names, path);
        }
    }

    private void whole(Sequence sequence, FieldPath path) {
        Map<Object, Node> seen = new HashMap<>();
        for (Node item : sequence.items()) {
            Node first = seen.putIfAbsent(Objects.requireNonNullElse(bare(item), Void.class), item);
            if (first != null) {
                String what = item instanceof Scalar scalar
                        ? Shown.of(String.valueOf(scalar.value()))
                        : "this " + path.item(0).noun();
                report(item, first, what + " is in the list twice");
            }
        }
    }

    private void keys(Sequence sequence, List<String> names, FieldPath path) {
        Map<List<Object>, Node> seen = new HashMap<>();
        for (Node item : sequence.items()) {
            if (!(item instanceof Mapping mapping)) {
                continue;
            }
            Node place = Objects.requireNonNullElse(mapping.get(names.getFirst()), mapping);
            Node first = seen.putIfAbsent(key(mapping, names), place);
            if (first != null) {
                report(place, first, "two items of " + path.text() + " have " + words(mapping, names));
            }
        }
    }

    private static List<Object> key(Mapping mapping, List<String> names) {
        List<Object> key = new ArrayList<>();
        for (String name : names) {
            Node value = mapping.get(name);
            key.add(value == null ? Void.class : Objects.requireNonNullElse(bare(value), Void.class));
        }
        return key;
    }

    private static String words(Mapping mapping, List<String> names) {
        List<String> words = new ArrayList<>();
        for (String name : names) {
            if (mapping.get(name) instanceof Scalar scalar && !"".equals(scalar.value())) {
                words.add(name + " " + Shown.of(String.valueOf(scalar.value())));
            }
        }
        return words.isEmpty() ? "no " + String.join(" and ", names) : String.join(" and ", words);
    }

    private void report(Node later, Node first, String message) {
        Diagnostic finding = findings.error("duplicate-item", later.span(), message, "");
        findings.add(finding.withRelated(List.of(new Related(first.span(), "first here"))));
    }

    /// A value without its places, so that equal means equal.
    private static @Nullable Object bare(Node node) {
        return switch (node) {
            case Scalar scalar -> scalar.value();
            case Sequence sequence ->
                sequence.items().stream()
                        .map(item -> Objects.requireNonNullElse(bare(item), Void.class))
                        .toList();
            case Mapping mapping -> {
                Map<String, Object> fields = new TreeMap<>();
                mapping.entries()
                        .forEach(entry ->
                                fields.put(entry.name(), Objects.requireNonNullElse(bare(entry.value()), Void.class)));
                yield fields;
            }
        };
    }
}
