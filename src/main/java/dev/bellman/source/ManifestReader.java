package dev.bellman.source;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Related;
import dev.bellman.diagnostic.Severity;
import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Turns documents into manifests: opens Lists, tells declared from observed, and finds objects that are there twice.
final class ManifestReader {
    private final List<Manifest> manifests = new ArrayList<>();
    private final List<Diagnostic> findings = new ArrayList<>();
    private final Map<Key, Manifest> seen = new HashMap<>();

    private final Predicate<Manifest> isJudged;

    /// @param isJudged whether an object must not be there twice; others may be, such as a patch of Kustomize beside
    ///     the object that it patches
    ManifestReader(Predicate<Manifest> isJudged) {
        this.isJudged = isJudged;
    }

    private record Key(boolean observed, String group, String kind, String namespace, String name) {}

    List<Manifest> manifests() {
        return manifests;
    }

    List<Diagnostic> findings() {
        return findings;
    }

    /// @param inventory whether the document was read as the cluster's state
    void add(Node document, boolean inventory) {
        switch (document) {
            case Mapping mapping -> object(mapping, inventory);
            // Others are patches of Kustomize, or lists for another tool.
            case Sequence sequence
            when sequence.items().stream().allMatch(ManifestReader::isObject) ->
                sequence.items().forEach(item -> add(item, inventory));
            case Sequence _ -> {}
            case Scalar scalar ->
                findings.add(new Diagnostic(
                        "not-an-object",
                        Severity.ERROR,
                        "a manifest must be a mapping, not " + (scalar.value() == null ? "null" : "a " + scalar.type()),
                        "is this YAML at all?",
                        scalar.span(),
                        ""));
        }
    }

    private void object(Mapping root, boolean inventory) {
        String apiVersion = root.text("apiVersion");
        String kind = root.text("kind");
        if (apiVersion == null || kind == null) {
            if (looksLikeAManifest(root)) {
                String lacks = kind == null ? "kind" : "apiVersion";
                findings.add(new Diagnostic(
                        "not-an-object",
                        Severity.ERROR,
                        root.get(lacks) == null ? "missing field `" + lacks + "`" : "`" + lacks + "` must be a string",
                        "without `apiVersion` and `kind` nobody can tell what this is",
                        root.span(),
                        ""));
            }
            return;
        }
        if (root.get("items") instanceof Sequence items && isList(kind, root)) {
            items.items().forEach(item -> add(ofList(item, root), inventory));
            return;
        }
        Manifest manifest = Manifest.of(root, inventory || hasIdentity(root));
        if (!isSecond(manifest)) {
            manifests.add(manifest);
        }
    }

    private static boolean isObject(Node node) {
        return node.text("apiVersion") != null && node.text("kind") != null;
    }

    /// The API server leaves out what every item of a `ServiceList` is.
    private static Node ofList(Node item, Mapping list) {
        Mapping.Entry kind = list.entry("kind");
        Mapping.Entry apiVersion = list.entry("apiVersion");
        boolean complete = !(item instanceof Mapping) || item.at("kind") != null || item.at("apiVersion") != null;
        if (complete || kind == null || apiVersion == null || "List".equals(list.text("kind"))) {
            return item;
        }
        String name = String.valueOf(list.text("kind"));
        List<Mapping.Entry> entries = new ArrayList<>();
        entries.add(apiVersion);
        entries.add(new Mapping.Entry(
                kind.key(),
                Scalar.of(
                        name.substring(0, name.length() - "List".length()),
                        kind.value().span())));
        entries.addAll(((Mapping) item).entries());
        return new Mapping(entries, item.span());
    }

    /// Values of a chart and settings of other tools lie among manifests, and are nobody's mistake.
    private static boolean looksLikeAManifest(Mapping root) {
        return Stream.of("apiVersion", "kind", "metadata", "spec")
                        .filter(field -> root.get(field) != null)
                        .count()
                > 1;
    }

    /// `v1 List`, or a list of one kind such as `ServiceList`, which has no name as objects do.
    private static boolean isList(String kind, Mapping root) {
        return kind.endsWith("List") && root.at("metadata", "name") == null;
    }

    /// Only a cluster gives an object an identity.
    private static boolean hasIdentity(Mapping root) {
        return Stream.of("uid", "resourceVersion")
                .map(field -> root.text("metadata", field))
                .anyMatch(value -> value != null && !value.isEmpty());
    }

    private boolean isSecond(Manifest manifest) {
        if (manifest.name().isEmpty() || !isJudged.test(manifest)) {
            return false;
        }
        // One that leaves its namespace out is one of `default`.
        String namespace = manifest.namespace().equals("default") ? "" : manifest.namespace();
        Key key = new Key(manifest.observed(), manifest.group(), manifest.kind(), namespace, manifest.name());
        Manifest first = seen.putIfAbsent(key, manifest);
        if (first == null) {
            return false;
        }
        findings.add(new Diagnostic(
                "duplicate-object",
                Severity.ERROR,
                manifest.object() + " is there twice",
                "remove one of the two; this one is passed over",
                manifest.nameSpan(),
                manifest.object(),
                List.of(new Related(first.nameSpan(), "the first one is here")),
                null));
        return true;
    }
}
