package dev.bellman.model;

import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.document.Sequence;
import java.util.ArrayList;
import java.util.List;

/// Reads a ServiceAdvertisementPolicy, and what it shares with the other kinds of bellman.dev: selections and
/// attributes.
final class PolicyReader {
    private PolicyReader() {}

    static Policy read(Overlay.Twin twin) {
        Manifest manifest = twin.manifest();
        Fields spec = new Fields(manifest.root()).fields("spec");
        return new Policy(
                manifest.namespace(),
                manifest.name(),
                spec.string("className"),
                selection(spec, "services"),
                spec.each("addresses", AddressKind::parse),
                spec.parsed("trafficPolicy", TrafficPolicy::parse),
                spec.parsed("routes", RouteMode::parse),
                attributes(spec),
                manifest);
    }

    /// `names`, `selector` or `matchAll` below a key.
    static Selection selection(Fields parent, String key) {
        Fields fields = parent.fields(key);
        if (fields.has("names")) {
            return new Selection.Names(fields.strings("names"), fields.spanOf("names"));
        }
        if (fields.mapping().get("selector") instanceof Mapping selector) {
            return new Selection.Labelled(selector(new Fields(selector)), selector.span());
        }
        return fields.isTrue("matchAll")
                ? new Selection.All(fields.spanOf("matchAll"))
                : new Selection.None(parent.spanOf(key));
    }

    private static LabelSelector selector(Fields fields) {
        List<LabelSelector.Requirement> requirements = new ArrayList<>();
        fields.stringMap("matchLabels")
                .forEach((key, value) -> requirements.add(new LabelSelector.Requirement.In(key, List.of(value))));
        for (Fields expression : fields.mappings("matchExpressions")) {
            String key = expression.stringOr("key", "");
            List<String> values =
                    expression.strings("values").stream().map(Located::value).toList();
            switch (expression.stringOr("operator", "")) {
                case "In" -> requirements.add(new LabelSelector.Requirement.In(key, values));
                case "NotIn" -> requirements.add(new LabelSelector.Requirement.NotIn(key, values));
                case "Exists" -> requirements.add(new LabelSelector.Requirement.Exists(key));
                case "DoesNotExist" -> requirements.add(new LabelSelector.Requirement.DoesNotExist(key));
                default -> {
                    // An operator that does not exist selects nothing rather than more than was meant.
                    requirements.add(new LabelSelector.Requirement.In(key, List.of()));
                }
            }
        }
        return new LabelSelector(requirements);
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
