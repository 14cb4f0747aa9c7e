package dev.bellman.schema;

/// One kind of object, and all that the API server checks of a single one.
///
/// @param apiVersion group and version, such as `bellman.dev/v1alpha1` or `v1`
/// @param namespaced whether objects live in a namespace
/// @param naming which names the server takes
/// @param statusApart whether `status` is a subresource, so that whoever writes the object cannot set it
/// @param root the schema of the whole object
public record ResourceKind(
        String apiVersion, String kind, boolean namespaced, Naming naming, boolean statusApart, Schema.Fields root) {

    /// Rules for `metadata.name` (Kubernetes 1.35, `k8s.io/apimachinery/pkg/api/validation`).
    public enum Naming {
        /// RFC 1123 subdomain, at most 253 characters: nearly every kind.
        SUBDOMAIN,
        /// RFC 1123 label, at most 63 characters: Namespace.
        LABEL,
        /// RFC 1035 label, at most 63 characters and not starting with a digit: Service.
        SERVICE
    }
}
