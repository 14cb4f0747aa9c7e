package dev.bellman.document;

import dev.bellman.diagnostic.Span;

/// One Kubernetes object as it was written or exported.
///
/// @param namespace empty for a cluster-scoped object, or where the manifest leaves it out
/// @param observed whether it is the cluster's state (an inventory) rather than somebody's intent (Git)
/// @param root the whole object
public record Manifest(String apiVersion, String kind, String namespace, String name, boolean observed, Mapping root) {

    /// `Kind namespace/name`, or `Kind name` without a namespace: how findings name an object.
    public String object() {
        return namespace.isEmpty() ? kind + " " + name : kind + " " + namespace + "/" + name;
    }

    /// The API group, empty for the core group.
    public String group() {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    /// This manifest laid over another of the same object: its fields win, the other's stay where it is silent.
    public Manifest over(Manifest base) {
        return new Manifest(apiVersion, kind, namespace, name, observed, root.over(base.root()));
    }

    public Span span() {
        return root.span();
    }
}
