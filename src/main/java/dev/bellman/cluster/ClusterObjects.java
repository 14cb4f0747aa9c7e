package dev.bellman.cluster;

import dev.bellman.document.Manifest;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.internal.OperationSupport;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Reads and writes single objects of a cluster.
///
/// Whatever the API server refuses is a `KubernetesClientException`.
public final class ClusterObjects {
    /// Bellman's name among the managers of fields.
    public static final String MANAGER = "bellman";

    private static final long ANSWER_SECONDS = 30;

    private final KubernetesClient client;

    public ClusterObjects(KubernetesClient client) {
        this.client = client;
    }

    /// The whole object, with who owns its fields, or null.
    public @Nullable Manifest get(ClusterKind kind, @Nullable String namespace, String name) {
        GenericKubernetesResource found = resource(kind, namespace, name).get();
        return found == null ? null : ClusterDocument.whole(found, kind);
    }

    /// Server-side apply: afterwards the manager owns exactly the fields that are given.
    ///
    /// @param object with `metadata.name` and, if it has one, `metadata.namespace`
    /// @param force whether fields of others are taken over
    public void apply(ClusterKind kind, Map<String, ?> object, String manager, boolean force) {
        apply(kind, object, manager, force, false, false);
    }

    /// As [#apply] without force, but nothing is changed: it only fails where that would.
    public void tryToApply(ClusterKind kind, Map<String, ?> object, String manager) {
        apply(kind, object, manager, false, false, true);
    }

    /// As [#apply], of the object's status.
    public void applyStatus(ClusterKind kind, Map<String, ?> object, String manager) {
        apply(kind, object, manager, true, true, false);
    }

    private void apply(
            ClusterKind kind, Map<String, ?> object, String manager, boolean force, boolean status, boolean dryRun) {
        GenericKubernetesResource resource = resource(kind, object);
        PatchContext context = new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(manager)
                .withForce(force)
                .withDryRun(dryRun ? List.of("All") : List.of())
                .build();
        String namespace = resource.getMetadata().getNamespace();
        Resource<GenericKubernetesResource> target = namespace == null
                ? client.genericKubernetesResources(kind.context()).resource(resource)
                : client.genericKubernetesResources(kind.context())
                        .inNamespace(namespace)
                        .resource(resource);
        if (status) {
            target.subresource("status").patch(context, resource);
        } else {
            target.patch(context);
        }
    }

    /// Creates an object without a namespace.
    public void create(ClusterKind kind, Map<String, ?> object) {
        client.genericKubernetesResources(kind.context())
                .resource(resource(kind, object))
                .create();
    }

    /// Merges fields into an object (RFC 7396).
    public void merge(
            ClusterKind kind, @Nullable String namespace, String name, Map<String, ?> fields, String manager) {
        PatchContext context = new PatchContext.Builder()
                .withPatchType(PatchType.JSON_MERGE)
                .withFieldManager(manager)
                .build();
        resource(kind, namespace, name)
                .patch(context, client.getKubernetesSerialization().asJson(fields));
    }

    /// Gives an object without a namespace another spec, all of it (RFC 6902).
    ///
    /// By a request of its own: the client would ask for the whole object before, each time.
    public void replaceSpec(ClusterKind kind, String name, Map<String, ?> spec, String manager) {
        String body = client.getKubernetesSerialization()
                .asJson(List.of(Map.of("op", "replace", "path", "/spec", "value", spec)));
        HttpRequest request = client.getHttpClient()
                .newHttpRequestBuilder()
                .uri(client.getMasterUrl() + "apis/" + kind.apiVersion() + "/" + kind.plural() + "/" + name
                        + "?fieldManager=" + manager)
                .method("PATCH", OperationSupport.JSON_PATCH, body)
                .build();
        HttpResponse<byte[]> response = answer(request);
        if (!response.isSuccessful()) {
            throw OperationSupport.requestFailure(
                    request, OperationSupport.createStatus(response, client.getKubernetesSerialization()));
        }
    }

    private HttpResponse<byte[]> answer(HttpRequest request) {
        try {
            return client.getHttpClient().sendAsync(request, byte[].class).get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw OperationSupport.requestException(request, e);
        } catch (ExecutionException e) {
            throw OperationSupport.requestException(request, Objects.requireNonNullElse(e.getCause(), e), null);
        } catch (TimeoutException e) {
            throw OperationSupport.requestException(request, e);
        }
    }

    /// Takes an annotation away, and all that a manager owns of an object, whose other fields stay as they are.
    ///
    /// @param version that the object has to have
    public void disown(
            ClusterKind kind,
            @Nullable String namespace,
            String name,
            String version,
            String annotation,
            String manager) {
        GenericKubernetesResource present = resource(kind, namespace, name).get();
        if (present == null || !version.equals(present.getMetadata().getResourceVersion())) {
            return;
        }
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("resourceVersion", version);
        Map<String, @Nullable Object> annotations = new LinkedHashMap<>();
        annotations.put(annotation, null);
        metadata.put("annotations", annotations);
        metadata.put(
                "managedFields",
                present.getMetadata().getManagedFields().stream()
                        .filter(entry -> !(manager.equals(entry.getManager()) && entry.getSubresource() == null))
                        .toList());
        merge(kind, namespace, name, Map.of("metadata", metadata), manager);
    }

    public void delete(ClusterKind kind, @Nullable String namespace, String name) {
        resource(kind, namespace, name).delete();
    }

    private GenericKubernetesResource resource(ClusterKind kind, Map<String, ?> object) {
        Map<String, Object> full = new LinkedHashMap<>();
        full.put("apiVersion", kind.apiVersion());
        full.put("kind", kind.kind());
        full.putAll(object);
        return client.getKubernetesSerialization().convertValue(full, GenericKubernetesResource.class);
    }

    private Resource<GenericKubernetesResource> resource(ClusterKind kind, @Nullable String namespace, String name) {
        return namespace == null
                ? client.genericKubernetesResources(kind.context()).withName(name)
                : client.genericKubernetesResources(kind.context())
                        .inNamespace(namespace)
                        .withName(name);
    }
}
