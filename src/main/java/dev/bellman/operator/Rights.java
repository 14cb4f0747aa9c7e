package dev.bellman.operator;

import dev.bellman.cluster.ClusterKind;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributesBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the operator has to be allowed. It is asked for beforehand, since what is missing would else show one by one,
/// perhaps only when something is deleted.
final class Rights {
    private final KubernetesClient client;
    private final OperatorSettings settings;

    Rights(KubernetesClient client, OperatorSettings settings) {
        this.client = client;
        this.settings = settings;
    }

    /// One resource, and what is done with it.
    ///
    /// @param resource with its subresource, as `services` or `services/status`
    /// @param name of the one object that it is about, or null
    private record Right(
            String group,
            String resource,
            @Nullable String namespace,
            @Nullable String name,
            List<String> verbs) {
        static Right of(ClusterKind kind, String... verbs) {
            return of(kind.group(), kind.plural(), null, verbs);
        }

        static Right of(String group, String resource, @Nullable String name, String... verbs) {
            return new Right(group, resource, null, name, List.of(verbs));
        }
    }

    /// Rights that are missing, as `patch services`.
    ///
    /// @param calico whether the API server serves Calico's kinds
    /// @throws io.fabric8.kubernetes.client.KubernetesClientException if it cannot be asked
    List<String> missing(boolean calico) {
        List<String> missing = new ArrayList<>();
        for (Right right : all(calico)) {
            List<String> verbs = right.verbs().stream()
                    .filter(verb -> !isAllowed(right, verb))
                    .toList();
            if (!verbs.isEmpty()) {
                String group = right.group().isEmpty() ? "" : "." + right.group();
                missing.add(String.join(",", verbs) + " " + right.resource() + group);
            }
        }
        return missing;
    }

    private List<Right> all(boolean calico) {
        List<Right> all = new ArrayList<>();
        for (ClusterKind kind : List.of(ClusterKind.POLICY, ClusterKind.CLASS, ClusterKind.SPEAKER, ClusterKind.RULE)) {
            all.add(Right.of(kind, "list", "watch", "patch"));
            all.add(Right.of(kind.group(), kind.plural() + "/status", null, "patch"));
        }
        for (ClusterKind kind : List.of(ClusterKind.NODE_PLAN, ClusterKind.NODE_PLAN_SLICE)) {
            all.add(Right.of(kind, "list", "watch", "create", "patch", "delete"));
        }
        all.add(Right.of(ClusterKind.SERVICE, "get", "list", "watch", "patch"));
        for (ClusterKind kind : List.of(ClusterKind.ENDPOINT_SLICE, ClusterKind.NODE, ClusterKind.NAMESPACE)) {
            all.add(Right.of(kind, "list", "watch"));
        }
        all.add(Right.of("", "events", null, "get", "create", "patch"));
        if (calico) {
            all.add(Right.of(ClusterKind.BGP_CONFIGURATION, "list", "watch"));
            all.add(Right.of(
                    ClusterKind.BGP_CONFIGURATION.group(),
                    ClusterKind.BGP_CONFIGURATION.plural(),
                    "default",
                    "create",
                    "patch"));
            all.add(Right.of(ClusterKind.CLUSTER_INFORMATION, "list", "watch"));
            all.add(Right.of("apiregistration.k8s.io", "apiservices", CalicoLookout.API_SERVICE, "get"));
        }
        String lease = settings.lease();
        if (lease != null) {
            all.add(new Right("coordination.k8s.io", "leases", settings.namespace(), null, List.of("create")));
            all.add(new Right("coordination.k8s.io", "leases", settings.namespace(), lease, List.of("get", "patch")));
        }
        return all;
    }

    private boolean isAllowed(Right right, String verb) {
        int slash = right.resource().indexOf('/');
        ResourceAttributes asked = new ResourceAttributesBuilder()
                .withGroup(right.group())
                .withResource(slash < 0 ? right.resource() : right.resource().substring(0, slash))
                .withSubresource(slash < 0 ? null : right.resource().substring(slash + 1))
                .withNamespace(right.namespace())
                .withName(right.name())
                .withVerb(verb)
                .build();
        SelfSubjectAccessReview answer = client.authorization()
                .v1()
                .selfSubjectAccessReview()
                .create(new SelfSubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withResourceAttributes(asked)
                        .endSpec()
                        .build());
        return answer.getStatus() != null
                && Boolean.TRUE.equals(answer.getStatus().getAllowed());
    }
}
