package dev.bellman.schema;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import java.util.List;

/// Gives the verdict of `kubectl create --validate=strict` on one object, with places.
///
/// An error is found exactly where Kubernetes 1.35 would refuse the object. Where the server stops early, Bellman goes
/// on, and reports every mistake at once, but never one that is only the shadow of another. Objects that a cluster
/// exported were accepted once, perhaps by another version; whoever calls this leaves them out.
/// Beside errors there are warnings, of what Kubernetes takes but does not mean to keep.
public final class Validation {
    private Validation() {}

    /// All that is wrong with an object, sorted. Empty for a kind that Bellman does not know.
    public static List<Diagnostic> check(Manifest manifest) {
        Findings findings = new Findings(manifest.object());
        ResourceKind kind = Kinds.builtIn().find(manifest.apiVersion(), manifest.kind());
        if (kind != null) {
            return check(manifest, kind);
        }
        Diagnostic unknown = Kinds.builtIn().unknown(manifest, findings);
        return unknown == null ? List.of() : List.of(unknown);
    }

    /// All that is wrong with an object of one kind, sorted.
    public static List<Diagnostic> check(Manifest manifest, ResourceKind kind) {
        Findings findings = new Findings(manifest.object());
        Mapping known = new KnownFields(findings).keep(manifest.root(), kind.root());
        Mapping object = Defaults.apply(writable(known, kind), kind);
        new Metadata(findings, kind).check(object);
        new Values(findings).check(object, kind.root(), FieldPath.ROOT);
        new Validations(findings).check(object, kind.root(), FieldPath.ROOT);
        new Deprecations(findings).check(object, kind);
        return findings.sorted();
    }

    /// Whoever creates an object of a kind with a status subresource cannot set its status: the server drops it after
    /// it has looked for unknown fields.
    private static Mapping writable(Mapping object, ResourceKind kind) {
        if (!kind.statusApart() || object.entry("status") == null) {
            return object;
        }
        return new Mapping(
                object.entries().stream()
                        .filter(entry -> !entry.name().equals("status"))
                        .toList(),
                object.empty(),
                object.span());
    }
}
