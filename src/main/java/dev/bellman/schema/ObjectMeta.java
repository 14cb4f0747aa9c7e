package dev.bellman.schema;

import dev.bellman.diagnostic.Span;
import dev.bellman.document.Scalar;
import dev.bellman.schema.Schema.Bounds;
import dev.bellman.schema.Schema.Range;
import dev.bellman.schema.Schema.Traits;
import dev.bellman.schema.Schema.Unique;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The fields that every object has, which no definition repeats (`metav1.ObjectMeta` of Kubernetes 1.35).
final class ObjectMeta {
    private static final Traits PLAIN = new Traits("", false, null, List.of(), List.of(), false);
    private static final Schema TEXT = new Schema.Text(PLAIN, Bounds.NONE, null, Format.NONE);
    private static final Schema TIME = new Schema.Text(PLAIN, Bounds.NONE, null, Format.DATE_TIME);
    private static final Schema WHOLE = new Schema.Numeric(PLAIN, true, Range.ANY);
    private static final Schema FLAG = new Schema.Flag(PLAIN);
    private static final Schema ANYTHING = new Schema.Anything(PLAIN);
    /// A string that is empty where it has no value.
    private static final Schema OR_BLANK = new Schema.Text(
            new Traits("", false, Scalar.of("", Span.ofFile("metadata")), List.of(), List.of(), false),
            Bounds.NONE,
            null,
            Format.NONE);
    private static final Schema TEXTS = Schema.Fields.of(PLAIN, Map.of(), List.of(), OR_BLANK, false, Bounds.NONE);

    private static final Schema.Fields SCHEMA = fields(
            List.of(),
            "name",
            TEXT,
            "namespace",
            TEXT,
            "labels",
            TEXTS,
            "annotations",
            TEXTS,
            "generateName",
            TEXT,
            "finalizers",
            list(TEXT),
            "ownerReferences",
            list(fields(
                    List.of("apiVersion", "kind", "name", "uid"),
                    "apiVersion",
                    TEXT,
                    "kind",
                    TEXT,
                    "name",
                    TEXT,
                    "uid",
                    TEXT,
                    "controller",
                    FLAG,
                    "blockOwnerDeletion",
                    FLAG)),
            "uid",
            TEXT,
            "resourceVersion",
            TEXT,
            "generation",
            WHOLE,
            "creationTimestamp",
            TIME,
            "deletionTimestamp",
            TIME,
            "deletionGracePeriodSeconds",
            WHOLE,
            "selfLink",
            TEXT,
            "managedFields",
            list(ANYTHING));

    private ObjectMeta() {}

    /// The root of a kind with `apiVersion`, `kind` and the whole of `metadata`. What a definition says of metadata,
    /// such as a stricter name, holds as well.
    static Schema.Fields around(Schema.Fields root) {
        Map<String, Schema> properties = new LinkedHashMap<>();
        properties.put("apiVersion", TEXT);
        properties.put("kind", TEXT);
        properties.put("metadata", metadata(root.properties().get("metadata")));
        root.properties().forEach(properties::putIfAbsent);
        List<String> required = Stream.concat(Stream.of("metadata"), root.required().stream())
                .distinct()
                .toList();
        return Schema.Fields.of(root.traits(), properties, required, root.others(), root.open(), root.count());
    }

    private static Schema metadata(@Nullable Schema stricter) {
        if (!(stricter instanceof Schema.Fields written) || written.properties().isEmpty()) {
            return SCHEMA;
        }
        Map<String, Schema> properties = new LinkedHashMap<>(SCHEMA.properties());
        properties.putAll(written.properties());
        return Schema.Fields.of(written.traits(), properties, written.required(), null, false, Bounds.NONE);
    }

    private static Schema list(Schema item) {
        return new Schema.Items(PLAIN, item, false, Bounds.NONE, new Unique.Nothing());
    }

    private static Schema.Fields fields(List<String> required, Object... namesAndSchemas) {
        Map<String, Schema> properties = new LinkedHashMap<>();
        for (int i = 0; i < namesAndSchemas.length; i += 2) {
            properties.put((String) namesAndSchemas[i], (Schema) namesAndSchemas[i + 1]);
        }
        return Schema.Fields.of(PLAIN, properties, required, null, false, Bounds.NONE);
    }
}
