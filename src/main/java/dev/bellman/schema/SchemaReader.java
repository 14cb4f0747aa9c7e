package dev.bellman.schema;

import com.google.re2j.Pattern;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import dev.bellman.schema.Schema.Bounds;
import dev.bellman.schema.Schema.Range;
import dev.bellman.schema.Schema.Traits;
import dev.bellman.schema.Schema.Unique;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads an OpenAPI v3 structural schema out of a definition.
///
/// A keyword that it does not know stops it: a check that the server makes and Bellman does not would make `lint` lie.
final class SchemaReader {
    private static final Set<String> KNOWN = Set.of(
            "type",
            "description",
            "title",
            "example",
            "externalDocs",
            "nullable",
            "default",
            "enum",
            "format",
            "pattern",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "minLength",
            "maxLength",
            "items",
            "minItems",
            "maxItems",
            "properties",
            "required",
            "additionalProperties",
            "minProperties",
            "maxProperties",
            "x-kubernetes-list-type",
            "x-kubernetes-list-map-keys",
            "x-kubernetes-map-type",
            "x-kubernetes-int-or-string",
            "x-kubernetes-preserve-unknown-fields",
            "x-kubernetes-validations",
            "x-bellman-blank-is-none");

    private SchemaReader() {}

    static Schema read(Mapping source) {
        for (Mapping.Entry entry : source.entries()) {
            if (!KNOWN.contains(entry.name())) {
                throw new IllegalStateException(
                        entry.key().span() + ": schema keyword `" + entry.name() + "` is not one that Bellman checks");
            }
        }
        Traits traits = traits(source);
        if (flag(source, "x-kubernetes-int-or-string")) {
            return new Schema.IntOrString(traits, bounds(source, "Length"), pattern(source), range(source));
        }
        return switch (source.text("type")) {
            case "object" -> fields(source, traits);
            case "array" -> items(source, traits);
            case "string" ->
                new Schema.Text(traits, bounds(source, "Length"), pattern(source), Format.of(source.text("format")));
            case "integer" -> new Schema.Numeric(traits, true, range(source));
            case "number" -> new Schema.Numeric(traits, false, range(source));
            case "boolean" -> new Schema.Flag(traits);
            case null -> new Schema.Anything(traits);
            default -> throw new IllegalStateException(source.span() + ": unknown type");
        };
    }

    private static Schema.Fields fields(Mapping source, Traits traits) {
        Map<String, Schema> properties = new LinkedHashMap<>();
        if (source.get("properties") instanceof Mapping written) {
            for (Mapping.Entry entry : written.entries()) {
                properties.put(entry.name(), read((Mapping) entry.value()));
            }
        }
        Node others = source.get("additionalProperties");
        boolean anyOther = others instanceof Scalar scalar && Boolean.TRUE.equals(scalar.value());
        return Schema.Fields.of(
                traits,
                properties,
                texts(source, "required"),
                others instanceof Mapping mapping ? read(mapping) : null,
                anyOther || flag(source, "x-kubernetes-preserve-unknown-fields"),
                bounds(source, "Properties"));
    }

    private static Schema.Items items(Mapping source, Traits traits) {
        Unique unique = switch (source.text("x-kubernetes-list-type")) {
            case "set" -> new Unique.Whole();
            case "map" -> new Unique.Keys(texts(source, "x-kubernetes-list-map-keys"));
            case null, default -> new Unique.Nothing();
        };
        return new Schema.Items(
                traits,
                source.get("items") instanceof Mapping item ? read(item) : null,
                flag(source, "x-kubernetes-preserve-unknown-fields"),
                bounds(source, "Items"),
                unique);
    }

    private static Traits traits(Mapping source) {
        List<Node> choices = source.get("enum") instanceof Sequence sequence ? sequence.items() : List.of();
        List<ValidationRule> rules = source.get("x-kubernetes-validations") instanceof Sequence sequence
                ? sequence.items().stream()
                        .map(item -> ValidationRule.read((Mapping) item))
                        .toList()
                : List.of();
        String description = source.text("description");
        return new Traits(
                description == null ? "" : description,
                flag(source, "nullable"),
                source.get("default"),
                choices,
                rules,
                flag(source, "x-bellman-blank-is-none"));
    }

    private static Bounds bounds(Mapping source, String what) {
        Double least = number(source, "min" + what);
        Double most = number(source, "max" + what);
        if (least == null && most == null) {
            return Bounds.NONE;
        }
        return new Bounds(least == null ? 0 : least.longValue(), most == null ? Long.MAX_VALUE : most.longValue());
    }

    private static Range range(Mapping source) {
        Double minimum = number(source, "minimum");
        Double maximum = number(source, "maximum");
        if (minimum == null && maximum == null) {
            return Range.ANY;
        }
        return new Range(minimum, flag(source, "exclusiveMinimum"), maximum, flag(source, "exclusiveMaximum"));
    }

    private static @Nullable Pattern pattern(Mapping source) {
        String pattern = source.text("pattern");
        return pattern == null ? null : Pattern.compile(pattern);
    }

    private static List<String> texts(Mapping source, String key) {
        if (!(source.get(key) instanceof Sequence sequence)) {
            return List.of();
        }
        return sequence.items().stream()
                .map(item -> String.valueOf(((Scalar) item).value()))
                .toList();
    }

    private static boolean flag(Mapping source, String key) {
        return source.get(key) instanceof Scalar scalar && Boolean.TRUE.equals(scalar.value());
    }

    private static @Nullable Double number(Mapping source, String key) {
        if (!(source.get(key) instanceof Scalar scalar)) {
            return null;
        }
        return switch (scalar.value()) {
            case Long whole -> (double) whole;
            case Double real -> real;
            case null, default -> throw new IllegalStateException(scalar.span() + ": not a number");
        };
    }
}
