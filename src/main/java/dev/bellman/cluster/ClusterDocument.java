package dev.bellman.cluster;

import dev.bellman.diagnostic.Span;
import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Repeated;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Turns an object of the API server into a manifest. It has no text, so each of its places is the object itself.
///
/// Only what somebody reads is kept: a cluster has ten thousand Services, and the half of each says who wrote it.
final class ClusterDocument {
    /// Notes of those who write objects to themselves.
    private static final Set<String> NOTES = Set.of(
            "kubectl.kubernetes.io/last-applied-configuration", "endpoints.kubernetes.io/last-change-trigger-time");

    /// What is left out, by kind and path.
    private static final Map<String, Set<String>> PASSED_OVER = Map.of(
            "EndpointSlice",
            Set.of("endpoints.targetRef", "endpoints.deprecatedTopology"),
            "Node",
            Set.of(
                    "status.images",
                    "status.conditions",
                    "status.nodeInfo",
                    "status.capacity",
                    "status.allocatable",
                    "status.volumesInUse",
                    "status.volumesAttached",
                    "status.runtimeHandlers",
                    "status.config",
                    "status.features"));

    /// What nearly all objects of a kind say alike, by kind and path.
    private static final Map<String, Set<String>> ALIKE =
            Map.of("EndpointSlice", Set.of("endpoints.conditions", "ports"));

    private static final Repeated TEXTS = new Repeated();

    private final Span span;
    /// Values that are there more than once are held once.
    private final Map<Object, Scalar> scalars = new HashMap<>();
    private final Keys keys;
    private final SharedNodes shared;
    private final Set<String> passedOver;
    private final Set<String> alike;
    private final boolean whole;

    private ClusterDocument(
            Span span, Keys keys, SharedNodes shared, Set<String> passedOver, Set<String> alike, boolean whole) {
        this.span = span;
        this.keys = keys;
        this.shared = shared;
        this.passedOver = passedOver;
        this.alike = alike;
        this.whole = whole;
    }

    /// What is worth keeping of an object. Who owns the fields of BGPConfiguration is, since there is only one, and
    /// what
    /// Bellman owns of a Service, which few are.
    ///
    /// @param shared of objects of this kind; what NodePlans say is the same for most nodes
    /// @param keys of objects of this kind
    static Manifest of(GenericKubernetesResource resource, ClusterKind kind, SharedNodes shared, Keys keys) {
        Manifest manifest = of(resource, kind, shared, keys, kind.equals(ClusterKind.BGP_CONFIGURATION));
        Node spec = kind.equals(ClusterKind.NODE_PLAN) ? manifest.root().get("spec") : null;
        return spec == null ? manifest : manifest.with(manifest.root().with("spec", shared.share(spec)));
    }

    /// All of an object.
    static Manifest whole(GenericKubernetesResource resource, ClusterKind kind) {
        return of(resource, kind, new SharedNodes(), new Keys(Span.ofObject(kind.kind())), true);
    }

    private static Manifest of(
            GenericKubernetesResource resource, ClusterKind kind, SharedNodes shared, Keys keys, boolean whole) {
        ObjectMeta metadata = resource.getMetadata();
        String namespace = metadata.getNamespace();
        String object = kind.kind() + " " + (namespace == null ? "" : namespace + "/") + metadata.getName();
        // What several objects share has no place in one of them.
        ClusterDocument document = new ClusterDocument(
                Span.ofObject(kind.equals(ClusterKind.NODE_PLAN) ? kind.kind() : object),
                keys,
                shared,
                whole ? Set.of() : PASSED_OVER.getOrDefault(kind.kind(), Set.of()),
                whole ? Set.of() : ALIKE.getOrDefault(kind.kind(), Set.of()),
                whole);
        List<Mapping.Entry> entries = new ArrayList<>();
        entries.add(document.entry("apiVersion", kind.apiVersion()));
        entries.add(document.entry("kind", kind.kind()));
        entries.add(new Mapping.Entry(document.keys.of("metadata"), document.metadata(metadata, kind)));
        document.add(entries, "", resource.getAdditionalProperties());
        return Manifest.of(new Mapping(entries, document.span), true);
    }

    private Mapping metadata(ObjectMeta metadata, ClusterKind kind) {
        List<Mapping.Entry> entries = new ArrayList<>();
        entries.add(entry("name", metadata.getName()));
        addIfThere(entries, "namespace", metadata.getNamespace());
        if (whole || !kind.equals(ClusterKind.ENDPOINT_SLICE)) {
            // Nobody writes to slices, nor asks which version this is.
            addIfThere(entries, "uid", metadata.getUid());
            addIfThere(entries, "resourceVersion", metadata.getResourceVersion());
            addIfThere(entries, "generation", metadata.getGeneration());
        }
        addIfThere(entries, "deletionTimestamp", metadata.getDeletionTimestamp());
        if (metadata.getLabels() != null && !metadata.getLabels().isEmpty()) {
            entries.add(new Mapping.Entry(keys.of("labels"), mapping("", metadata.getLabels())));
        }
        if (metadata.getAnnotations() != null) {
            List<Mapping.Entry> annotations = new ArrayList<>();
            metadata.getAnnotations().forEach((key, value) -> {
                if (whole || !NOTES.contains(key)) {
                    annotations.add(entry(key, value));
                }
            });
            entries.add(new Mapping.Entry(keys.of("annotations"), new Mapping(annotations, span)));
        }
        if (metadata.getFinalizers() != null && !metadata.getFinalizers().isEmpty()) {
            entries.add(new Mapping.Entry(keys.of("finalizers"), node("", metadata.getFinalizers())));
        }
        List<Node> owners = metadata.getManagedFields() == null
                ? List.of()
                : metadata.getManagedFields().stream()
                        .filter(owner -> whole
                                || (kind.equals(ClusterKind.SERVICE)
                                        && ClusterObjects.MANAGER.equals(owner.getManager())))
                        .map(owner -> whole ? owner(owner) : ownClaims(owner))
                        .toList();
        if (!owners.isEmpty()) {
            entries.add(new Mapping.Entry(keys.of("managedFields"), new Sequence(owners, span)));
        }
        return new Mapping(entries, span);
    }

    /// The same for all Services that are patched.
    private Node ownClaims(ManagedFieldsEntry owner) {
        return shared.share(new ClusterDocument(keys.span(), keys, shared, Set.of(), Set.of(), false).owner(owner));
    }

    private Node owner(ManagedFieldsEntry owner) {
        List<Mapping.Entry> entries = new ArrayList<>();
        addIfThere(entries, "manager", owner.getManager());
        addIfThere(entries, "operation", owner.getOperation());
        addIfThere(entries, "subresource", owner.getSubresource());
        if (owner.getFieldsV1() != null) {
            entries.add(entry("fieldsV1", owner.getFieldsV1().getAdditionalProperties()));
        }
        return new Mapping(entries, span);
    }

    private void addIfThere(List<Mapping.Entry> entries, String key, @Nullable Object value) {
        if (value != null) {
            entries.add(entry(key, value));
        }
    }

    private Mapping.Entry entry(String key, Object value) {
        return new Mapping.Entry(keys.of(key), node("", value));
    }

    private Scalar scalar(Object value) {
        return scalars.computeIfAbsent(value, one -> Scalar.of(one, span));
    }

    private Mapping mapping(String path, Map<?, ?> map) {
        List<Mapping.Entry> entries = new ArrayList<>(map.size());
        add(entries, path, map);
        return new Mapping(entries, span);
    }

    private void add(List<Mapping.Entry> entries, String path, Map<?, ?> map) {
        map.forEach((key, value) -> {
            String inner = path.isEmpty() ? String.valueOf(key) : path + "." + key;
            if (value != null && !passedOver.contains(inner)) {
                entries.add(new Mapping.Entry(keys.of(String.valueOf(key)), node(inner, value)));
            }
        });
    }

    private Node node(String path, @Nullable Object value) {
        if (alike.contains(path)) {
            // What several objects share has no place in one of them.
            return shared.share(
                    new ClusterDocument(keys.span(), keys, shared, passedOver, Set.of(), false).node(path, value));
        }
        return switch (value) {
            case Map<?, ?> map -> mapping(path, map);
            case List<?> list ->
                new Sequence(list.stream().map(item -> node(path, item)).toList(), span);
            case String text -> scalar(TEXTS.of(text));
            case Boolean bool -> scalar(bool);
            case Double number -> scalar(number);
            case Float number -> scalar(number.doubleValue());
            case Number number -> scalar(number.longValue());
            case null -> new Scalar(null, Scalar.Style.PLAIN, span);
            default -> scalar(value.toString());
        };
    }
}
