package dev.bellman.schema;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Nearest;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Rewrite;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import java.util.ArrayList;
import java.util.List;
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
        for (Mapping.Entry entry : mapping.entries()) {
            Mapping.Entry known =
                    schema.open() || schema.field(entry.name()) != null ? entry : meant(entry, mapping, schema, path);
            if (known != null) {
                Node value = node(known.value(), schema.field(known.name()), path.field(known.name()));
                kept.add(new Mapping.Entry(known.key(), value));
            }
        }
        for (Scalar key : mapping.empty()) {
            if (!schema.open() && schema.field(String.valueOf(key.value())) == null) {
                meant(new Mapping.Entry(key, key), mapping, schema, path);
            }
        }
        return new Mapping(kept, mapping.empty(), mapping.span());
    }

    /// The entry as it was meant, or null when that cannot be known.
    private Mapping.@Nullable Entry meant(Mapping.Entry entry, Mapping mapping, Schema.Fields schema, FieldPath path) {
        List<String> free = schema.properties().keySet().stream()
                .filter(name -> mapping.entry(name) == null)
                .toList();
        Nearest nearest = Nearest.to(entry.name(), free);
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
        findings.add(finding.withFix(Rewrite.of(entry.key(), only)));
        return new Mapping.Entry(Scalar.of(only, entry.key().span()), entry.value());
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
