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
import org.jspecify.annotations.Nullable;

/// Turns the documents of one file into manifests: opens Lists, and tells declared from observed.
final class ManifestReader {
    private final List<Candidate> objects = new ArrayList<>();
    private final List<Diagnostic> findings = new ArrayList<>();

    private final Predicate<Manifest> isJudged;
    private final boolean inventory;

    /// @param isJudged whether an object must not be there twice; others may be, such as a patch of Kustomize beside
    ///     the object that it patches
    /// @param inventory whether the file holds the cluster's state
    ManifestReader(Predicate<Manifest> isJudged, boolean inventory) {
        this.isJudged = isJudged;
        this.inventory = inventory;
    }

    /// An object that counts unless it is there already.
    ///
    /// @param key what no two may share, or null where nobody minds
    record Candidate(Manifest manifest, @Nullable String key) {}

    List<Candidate> objects() {
        return objects;
    }

    List<Diagnostic> findings() {
        return findings;
    }

    void add(Node document) {
        switch (document) {
            case Mapping mapping -> object(mapping);
            // Others are patches of Kustomize, or lists for another tool.
            case Sequence sequence
            when sequence.items().stream().allMatch(ManifestReader::isObject) ->
                sequence.items().forEach(this::add);
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

    private void object(Mapping root) {
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
            items.items().forEach(item -> add(ofList(item, root)));
            return;
        }
        Manifest manifest = Manifest.of(root, inventory || hasIdentity(root));
        objects.add(new Candidate(manifest, key(manifest)));
    }

    private @Nullable String key(Manifest manifest) {
        if (manifest.name().isEmpty() || !isJudged.test(manifest)) {
            return null;
        }
        // One that leaves its namespace out is one of `default`.
        String namespace = manifest.namespace().equals("default") ? "" : manifest.namespace();
        return String.join(
                "\0",
                manifest.observed() ? "observed" : "declared",
                manifest.group(),
                manifest.kind(),
                namespace,
                manifest.name());
    }

    /// Puts objects of all files together.
    ///
    /// @param manifests gets each object once, the first one that was met
    /// @param repeated gets the others
    /// @param findings says so of those
    static void unite(
            List<Candidate> objects, List<Manifest> manifests, List<Manifest> repeated, List<Diagnostic> findings) {
        Map<String, Manifest> seen = HashMap.newHashMap(objects.size());
        for (Candidate object : objects) {
            Manifest manifest = object.manifest();
            Manifest first = object.key() == null ? null : seen.putIfAbsent(object.key(), manifest);
            if (first == null) {
                manifests.add(manifest);
            } else {
                repeated.add(manifest);
                findings.add(new Diagnostic(
                        "duplicate-object",
                        Severity.ERROR,
                        manifest.object() + " is there twice",
                        "remove one of the two; only the first one is compiled",
                        manifest.nameSpan(),
                        manifest.object(),
                        List.of(new Related(first.nameSpan(), "the first one is here")),
                        null));
            }
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
}
