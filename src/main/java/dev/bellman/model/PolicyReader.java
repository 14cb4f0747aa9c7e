package dev.bellman.model;

import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads a ServiceAdvertisementPolicy, and what it shares with the other kinds of bellman.dev: selections and
/// attributes.
final class PolicyReader {
    private static final Set<String> FIELDS =
            Set.of("className", "services", "addresses", "trafficPolicy", "routes", "attributes");

    private PolicyReader() {}

    static Policy read(Overlay.Twin twin) {
        Manifest manifest = twin.manifest();
        Fields spec = new Fields(manifest.root()).fields("spec");
        return new Policy(
                manifest.namespace(),
                manifest.name(),
                spec.string("className"),
                selection(spec, "services"),
                spec.has("addresses") ? spec.each("addresses", AddressKind::parse) : null,
                spec.parsed("trafficPolicy", TrafficPolicy::parse),
                spec.parsed("routes", RouteMode::parse),
                attributes(spec),
                complete(spec),
                manifest);
    }

    /// Whether what decides about routes could be read.
    private static boolean complete(Fields spec) {
        return spec.mapping().entries().stream().map(Mapping.Entry::name).allMatch(FIELDS::contains)
                && reads(spec, "trafficPolicy", word -> word.equals("Unchanged") ? word : TrafficPolicy.parse(word))
                && reads(spec, "routes", RouteMode::parse)
                && spec.each("addresses", AddressKind::parse).size()
                        == spec.items("addresses").size();
    }

    private static boolean reads(Fields spec, String key, Function<String, @Nullable Object> parse) {
        return !spec.has(key) || spec.parsed(key, parse) != null;
    }

    /// `names`, `selector` or `matchAll` below a key; nothing at all where it does not say exactly one of them.
    static Selection selection(Fields parent, String key) {
        Fields fields = parent.fields(key);
        long given =
                Stream.of("names", "selector", "matchAll").filter(fields::has).count();
        LabelSelector selector = selector(fields.fields("selector"));
        if (given == 1 && fields.has("names")) {
            return new Selection.Names(fields.strings("names"), fields.spanOf("names"));
        }
        if (given == 1 && selector != null) {
            return new Selection.Labelled(selector, fields.spanOf("selector"));
        }
        return given == 1 && fields.isTrue("matchAll")
                ? new Selection.All(fields.spanOf("matchAll"))
                : new Selection.None(parent.spanOf(key));
    }

    /// The requirements, or null where there are none or one of them cannot be read: without it the others would
    /// select more than was meant.
    private static @Nullable LabelSelector selector(Fields fields) {
        List<LabelSelector.Requirement> requirements = new ArrayList<>();
        Map<String, String> labels = fields.stringMap("matchLabels");
        Fields given = fields.fields("matchLabels");
        long count = given.mapping().entries().stream()
                .filter(entry -> given.has(entry.name()))
                .count();
        if (labels.size() != count) {
            return null;
        }
        labels.forEach((key, value) -> requirements.add(new LabelSelector.Requirement.In(key, List.of(value))));
        for (Node item : fields.items("matchExpressions")) {
            LabelSelector.Requirement requirement =
                    item instanceof Mapping mapping ? requirement(new Fields(mapping)) : null;
            if (requirement == null) {
                return null;
            }
            requirements.add(requirement);
        }
        return requirements.isEmpty() ? null : new LabelSelector(requirements);
    }

    private static LabelSelector.@Nullable Requirement requirement(Fields expression) {
        Located<String> key = expression.string("key");
        if (key == null) {
            return null;
        }
        List<String> values =
                expression.strings("values").stream().map(Located::value).toList();
        return switch (expression.stringOr("operator", "")) {
            case "In" -> values.isEmpty() ? null : new LabelSelector.Requirement.In(key.value(), values);
            case "NotIn" -> values.isEmpty() ? null : new LabelSelector.Requirement.NotIn(key.value(), values);
            case "Exists" -> new LabelSelector.Requirement.Exists(key.value());
            case "DoesNotExist" -> new LabelSelector.Requirement.DoesNotExist(key.value());
            default -> null;
        };
    }

    static Attributes attributes(Fields spec) {
        Fields fields = spec.fields("attributes");
        if (!(fields.mapping().get("communities") instanceof Sequence)
                && fields.mapping().entries().isEmpty()) {
            return Attributes.NONE;
        }
        return new Attributes(
                fields.strings("communities"),
                fields.integer("localPreference"),
                fields.integer("med"),
                fields.integer("prepend"));
    }
}
