package dev.bellman.schema;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Nearest;
import dev.bellman.document.Manifest;
import dev.bellman.document.Node;
import dev.bellman.document.Rewrite;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Kinds that Kubernetes itself serves, of which there are no others: one that is nearly `Service` is no Service, and
/// would be passed over without a word.
final class CoreKinds {
    private static final String VERSION = "v1";
    private static final String LIST = "List";

    /// The API versions of which Bellman reads kinds.
    private static final Set<String> VERSIONS = Set.of(VERSION, "discovery.k8s.io/v1");

    /// All others of `v1`, as Kubernetes 1.35 serves them.
    private static final Set<String> OTHERS = Set.of(
            "Binding",
            "ComponentStatus",
            "ConfigMap",
            "Endpoints",
            "Event",
            "LimitRange",
            "PersistentVolume",
            "PersistentVolumeClaim",
            "Pod",
            "PodTemplate",
            "ReplicationController",
            "ResourceQuota",
            "Secret",
            "ServiceAccount",
            "Status");

    private CoreKinds() {}

    /// The finding about a kind that is nearly one that Bellman reads, and that nobody serves, or null.
    static @Nullable Diagnostic misspelled(Manifest manifest, Findings findings) {
        String version = manifest.apiVersion();
        String kind = manifest.kind();
        if (!version.equals(VERSION)
                && version.equalsIgnoreCase(VERSION)
                && Kinds.of(VERSION).contains(kind)) {
            return Kinds.noSuchVersion(manifest, findings, VERSION);
        }
        Nearest nearest = Nearest.to(kind, VERSIONS.contains(version) ? Kinds.of(version) : List.of());
        String only = nearest.only();
        if (only == null || only.equals(kind) || OTHERS.contains(kind) || kind.endsWith(LIST)) {
            return null;
        }
        Node node = Kinds.place(manifest, "kind");
        return findings.error(
                        "unknown-kind",
                        node.span(),
                        "unknown kind `" + kind + "` of `" + version + "`",
                        nearest.help(""))
                .withFix(Rewrite.of(node, only));
    }
}
