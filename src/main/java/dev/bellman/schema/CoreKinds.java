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

    /// Those that Bellman reads, in the API versions that it reads them in.
    private static final List<String> READ = List.of("Service", "Node", "Namespace");

    private static final List<String> READ_OF_DISCOVERY = List.of("EndpointSlice");

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
        if (!version.equals(VERSION) && version.equalsIgnoreCase(VERSION) && READ.contains(kind)) {
            Node node = Kinds.place(manifest, "apiVersion");
            return findings.error(
                            "unknown-kind",
                            node.span(),
                            "there is no API version `" + version + "`",
                            "write `" + VERSION + "`")
                    .withFix(Rewrite.of(node, VERSION));
        }
        List<String> read = switch (version) {
            case VERSION -> READ;
            case "discovery.k8s.io/v1" -> READ_OF_DISCOVERY;
            default -> List.of();
        };
        Nearest nearest = Nearest.to(kind, read);
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
