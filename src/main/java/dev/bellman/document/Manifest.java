package dev.bellman.document;

import dev.bellman.diagnostic.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One Kubernetes object as it was written or exported.
///
/// @param namespace empty for a cluster-scoped object, or where the manifest leaves it out
/// @param observed whether it is the cluster's state (an inventory) rather than somebody's intent (Git)
/// @param root the whole object
public record Manifest(String apiVersion, String kind, String namespace, String name, boolean observed, Mapping root) {
    private static final String METADATA = "metadata";

    /// The object that a mapping holds; what it does not say, or says in the wrong type, is empty.
    public static Manifest of(Mapping root, boolean observed) {
        return new Manifest(
                orEmpty(root.text("apiVersion")),
                orEmpty(root.text("kind")),
                orEmpty(root.text("metadata", "namespace")),
                orEmpty(root.text("metadata", "name")),
                observed,
                root);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /// `Kind namespace/name`, or `Kind name` without a namespace: how findings name an object.
    public String object() {
        return namespace.isEmpty() ? kind + " " + name : kind + " " + namespace + "/" + name;
    }

    /// `namespace/name`, as plans name it.
    public String id() {
        return namespace + "/" + name;
    }

    /// The API group, empty for the core group.
    public String group() {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    /// The same object in a namespace that its manifest leaves to whoever applies it.
    public Manifest in(String chosen) {
        return new Manifest(apiVersion, kind, chosen, name, observed, root);
    }

    /// This manifest laid over another of the same object: its fields win, the other's stay where it is silent.
    public Manifest over(Manifest base) {
        return with(root.over(base.root()));
    }

    /// The same object with other content.
    public Manifest with(Mapping content) {
        return new Manifest(apiVersion, kind, namespace, name, observed, content);
    }

    /// Whether another version of the same object says the same: they differ in `metadata.resourceVersion` at most.
    public boolean saysSameAs(Manifest other) {
        return object().equals(other.object())
                && without(root, METADATA).equals(without(other.root, METADATA))
                && root.get(METADATA) instanceof Mapping mine
                && other.root.get(METADATA) instanceof Mapping theirs
                && without(mine, "resourceVersion").equals(without(theirs, "resourceVersion"));
    }

    /// The same object with nothing said of how it is.
    public Manifest withoutStatus() {
        return with(new Mapping(without(root, "status"), root.empty(), root.span()));
    }

    private static List<Mapping.Entry> without(Mapping mapping, String key) {
        return mapping.entries().stream()
                .filter(entry -> !entry.name().equals(key))
                .toList();
    }

    /// `metadata.generation`, which counts the versions of its spec, or null where nobody counts them.
    public @Nullable Long generation() {
        return root.at("metadata", "generation") instanceof Scalar scalar && scalar.value() instanceof Long number
                ? number
                : null;
    }

    /// The whole object.
    public Span span() {
        return root.span();
    }

    /// Where its name stands, which is enough to say which object is meant.
    public Span nameSpan() {
        Node name = root.at("metadata", "name");
        return name == null ? root.span() : name.span();
    }
}
