package dev.bellman.operator;

import dev.bellman.cluster.ApiAnswer;
import dev.bellman.cluster.ClusterKind;
import dev.bellman.cluster.ClusterWatch;
import dev.bellman.document.Scalar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds out how Calico's objects are served (Calico 3.32: `libcalico-go/lib/backend/k8s/discovery.go`).
///
/// It asks each time that a pass may write: a migration deletes the API service and for a moment answers with objects
/// that are not there.
final class CalicoLookout {
    static final String API_SERVICE = "v3.projectcalico.org";

    private static final ResourceDefinitionContext API_SERVICES = new ResourceDefinitionContext.Builder()
            .withGroup("apiregistration.k8s.io")
            .withVersion("v1")
            .withKind("APIService")
            .withPlural("apiservices")
            .withNamespaced(false)
            .build();
    private static final String MIGRATIONS = "migration.projectcalico.org/v1beta1";
    private static final ResourceDefinitionContext MIGRATION = new ResourceDefinitionContext.Builder()
            .withGroup("migration.projectcalico.org")
            .withVersion("v1beta1")
            .withKind("DatastoreMigration")
            .withPlural("datastoremigrations")
            .withNamespaced(false)
            .build();

    private final KubernetesClient client;
    private final ClusterWatch cluster;

    CalicoLookout(KubernetesClient client, ClusterWatch cluster) {
        this.client = client;
        this.cluster = cluster;
    }

    CalicoService look() {
        try {
            if (isMigrating()) {
                return CalicoService.MIGRATING;
            }
            if (cluster.isUnknown(ClusterKind.BGP_CONFIGURATION)) {
                return CalicoService.UNKNOWN;
            }
            if (!cluster.isServed(ClusterKind.BGP_CONFIGURATION)) {
                return client.getApiResources("crd.projectcalico.org/v1") == null
                        ? CalicoService.ABSENT
                        : CalicoService.V1_ONLY;
            }
            GenericKubernetesResource service = client.genericKubernetesResources(API_SERVICES)
                    .withName(API_SERVICE)
                    .get();
            return service != null && at(service.getAdditionalProperties(), "spec", "service") != null
                    ? CalicoService.AGGREGATED
                    : CalicoService.NATIVE;
        } catch (KubernetesClientException e) {
            Log.warn("cannot find out how Calico is served", "error", ApiAnswer.of(e));
            return CalicoService.UNKNOWN;
        }
    }

    private boolean isMigrating() {
        boolean notReady = cluster.manifests(ClusterKind.CLUSTER_INFORMATION).stream()
                .map(information -> information.root().at("spec", "datastoreReady"))
                .anyMatch(ready -> ready instanceof Scalar scalar && Boolean.FALSE.equals(scalar.value()));
        if (notReady) {
            return true;
        }
        return client.getApiResources(MIGRATIONS) != null
                && client.genericKubernetesResources(MIGRATION).list().getItems().stream()
                        .anyMatch(migration ->
                                !"Complete".equals(at(migration.getAdditionalProperties(), "status", "phase")));
    }

    private static @Nullable Object at(Map<?, ?> map, String key, String inner) {
        return map.get(key) instanceof Map<?, ?> below ? below.get(inner) : null;
    }
}
