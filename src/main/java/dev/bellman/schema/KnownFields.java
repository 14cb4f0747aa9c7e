package dev.bellman.schema;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Nearest;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Rewrite;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reports the fields that a kind does not have, and takes them out as the API server would.
///
/// One slip should be one finding: where it is plain which field was meant, the value is moved there, so that nothing
/// complains that the field is missing and the value is still checked.
final class KnownFields {
    private final Findings findings;

    KnownFields(Findings findings) {
        this.findings = findings;
    }

    Mapping keep(Mapping object, Schema.Fields schema) {
        return mapping(object, schema, FieldPath.ROOT);
    }

    private Node node(Node node, @Nullable Schema schema, FieldPath path) {
        return switch (node) {
            case Mapping mapping when schema instanceof Schema.Fields fields -> mapping(mapping, fields, path);
            case Sequence sequence
            when schema instanceof Schema.Items items && items.item() != null -> sequence(sequence, items.item(), path);
            case Mapping _, Sequence _, Scalar _ -> node;
        };
    }

    private Sequence sequence(Sequence sequence, Schema item, FieldPath path) {
        List<Node> items = new ArrayList<>(sequence.items().size());
        for (Node node : sequence.items()) {
            items.add(node(node, item, path.item(items.size())));
        }
        return new Sequence(items, sequence.span());
    }

    private Mapping mapping(Mapping mapping, Schema.Fields schema, FieldPath path) {
        List<Mapping.Entry> kept = new ArrayList<>(mapping.entries().size());
        Slips slips = new Slips(mapping, schema);
        for (Mapping.Entry entry : mapping.entries()) {
            Mapping.Entry known = slips.isKnown(entry.key()) ? entry : meant(entry, slips, schema, path);
            if (known != null) {
                Node value = node(known.value(), schema.field(known.name()), path.field(known.name()));
                kept.add(new Mapping.Entry(known.key(), value));
            }
        }
        for (Scalar key : mapping.empty()) {
            if (!slips.isKnown(key)) {
                meant(new Mapping.Entry(key, key), slips, schema, path);
            }
        }
        return new Mapping(kept, mapping.empty(), mapping.span());
    }

    /// The keys of one mapping that are no fields, and what was meant by each.
    private static final class Slips {
        private final Mapping mapping;
        private final Schema.Fields schema;
        /// Filled when it is first asked for: hardly any mapping has such a key.
        private final Map<String, Nearest> nearest = new HashMap<>();

        private final Map<String, Integer> claims = new HashMap<>();
        private final Set<String> given = new HashSet<>();

        Slips(Mapping mapping, Schema.Fields schema) {
            this.mapping = mapping;
            this.schema = schema;
        }

        boolean isKnown(Scalar key) {
            return schema.open() || schema.field(String.valueOf(key.value())) != null;
        }

        Nearest of(String written) {
            if (nearest.isEmpty()) {
                List<String> free = schema.properties().keySet().stream()
                        .filter(name -> mapping.entry(name) == null)
                        .toList();
                Stream.concat(mapping.entries().stream().map(Mapping.Entry::key), mapping.empty().stream())
                        .filter(key -> !isKnown(key))
                        .map(key -> String.valueOf(key.value()))
                        .forEach(key -> add(key, Nearest.to(key, free)));
            }
            return nearest.getOrDefault(written, new Nearest(List.of()));
        }

        private void add(String written, Nearest near) {
            nearest.put(written, near);
            if (near.only() != null) {
                claims.merge(near.only(), 1, Integer::sum);
            }
        }

        /// Whether a field can be written where a slip stands, so that no key is there twice.
        boolean isFree(String field) {
            return claims.getOrDefault(field, 0) < 2 && !mapping.isWritten(field);
        }

        /// Whether nothing else was taken for this field so far.
        boolean give(String field) {
            return given.add(field);
        }
    }

    /// The entry as it was meant, or null when that cannot be known.
    private Mapping.@Nullable Entry meant(Mapping.Entry entry, Slips slips, Schema.Fields schema, FieldPath path) {
        Nearest nearest = slips.of(entry.name());
        String only = nearest.only();
        Diagnostic finding = findings.error(
                "unknown-field",
                entry.key().span(),
                "unknown field " + Shown.of(entry.name()),
                nearest.help(known(schema, path)));
        if (only == null) {
            findings.add(finding);
            return null;
        }
        findings.add(slips.isFree(only) ? finding.withFix(Rewrite.of(entry.key(), only)) : finding);
        return slips.give(only) ? new Mapping.Entry(Scalar.of(only, entry.key().span()), entry.value()) : null;
    }

    private static String known(Schema.Fields schema, FieldPath path) {
        if (schema.properties().isEmpty()) {
            return path.text() + " has no fields";
        }
        List<String> names = schema.properties().keySet().stream()
                .map(name -> "`" + name + "`")
                .toList();
        return "fields of " + path.text() + " are " + String.join(", ", names);
    }
}
