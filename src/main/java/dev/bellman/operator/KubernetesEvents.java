package dev.bellman.operator;

import dev.bellman.cluster.Conditions;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Says in Events what `kubectl describe` should show: each condition that has changed, once.
final class KubernetesEvents {
    private static final int LONGEST = 1024;
    /// Where Events about objects without a namespace go.
    private static final String DEFAULT_NAMESPACE = "default";

    /// Reasons for which an object that is wrong, or that names what is not there, is not carried out.
    private static final Set<String> FOLLOWING = Set.of(Verdict.NOTHING_TO_DO, Verdict.NOT_IN_FORCE);

    private final KubernetesClient client;
    /// What was said last, by object and condition: a status that has to be written again says nothing new.
    private final Map<String, String> said = new ConcurrentHashMap<>();

    KubernetesEvents(KubernetesClient client) {
        this.client = client;
    }

    void tell(BellmanResource resource, Map<String, Object> before, Map<String, Object> after) {
        if (after.get("conditions") instanceof List<?> conditions) {
            for (Object item : conditions) {
                if (item instanceof Map<?, ?> condition && !follows(condition, conditions)) {
                    tellOf(
                            resource,
                            condition,
                            Conditions.find(before.get("conditions"), String.valueOf(condition.get("type"))));
                }
            }
        }
    }

    /// Whether another condition says it already.
    private static boolean follows(Map<?, ?> condition, List<?> conditions) {
        return "Ready".equals(condition.get("type"))
                || (FOLLOWING.contains(String.valueOf(condition.get("reason")))
                        && (isNotTrue(conditions, "Accepted") || isNotTrue(conditions, "ResolvedRefs")));
    }

    private static boolean isNotTrue(List<?> conditions, String type) {
        Map<?, ?> condition = Conditions.find(conditions, type);
        return condition != null && !"True".equals(condition.get("status"));
    }

    private void tellOf(BellmanResource resource, Map<?, ?> condition, @Nullable Map<?, ?> before) {
        boolean bad = "False".equals(condition.get("status"));
        boolean wasBad = before != null && "False".equals(before.get("status"));
        boolean same = before != null
                && Objects.equals(before.get("status"), condition.get("status"))
                && Objects.equals(before.get("reason"), condition.get("reason"))
                && Objects.equals(before.get("message"), condition.get("message"));
        String message = String.valueOf(condition.get("message"));
        String subject = resource.getMetadata().getUid() + " " + condition.get("type");
        String saying = condition.get("status") + " " + condition.get("reason") + " " + message;
        if (!same && (bad || wasBad) && !saying.equals(said.put(subject, saying))) {
            send(
                    resource,
                    bad ? "Warning" : "Normal",
                    String.valueOf(condition.get("reason")),
                    message.isEmpty() ? mended(condition) : message);
        }
    }

    private static String mended(Map<?, ?> condition) {
        return switch (String.valueOf(condition.get("type"))) {
            case "Accepted" -> "nothing is wrong with it any more";
            case "ResolvedRefs" -> "all that it names is there now";
            default -> condition.get("type") + " is " + condition.get("status");
        };
    }

    private void send(BellmanResource resource, String type, String reason, String message) {
        String namespace = resource.getMetadata().getNamespace();
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        String where = namespace == null ? DEFAULT_NAMESPACE : namespace;
        try {
            client.v1()
                    .events()
                    .inNamespace(where)
                    .resource(new EventBuilder()
                            .withNewMetadata()
                            .withGenerateName(resource.getMetadata().getName() + ".")
                            .withNamespace(where)
                            .endMetadata()
                            .withInvolvedObject(new ObjectReferenceBuilder()
                                    .withApiVersion(resource.getApiVersion())
                                    .withKind(resource.getKind())
                                    .withName(resource.getMetadata().getName())
                                    .withNamespace(namespace)
                                    .withUid(resource.getMetadata().getUid())
                                    .build())
                            .withType(type)
                            .withReason(reason)
                            .withMessage(message.length() > LONGEST ? message.substring(0, LONGEST) : message)
                            .withFirstTimestamp(now)
                            .withLastTimestamp(now)
                            .withCount(1)
                            .withNewSource()
                            .withComponent("bellman")
                            .endSource()
                            .build())
                    .create();
        } catch (KubernetesClientException e) {
            Log.warn(
                    "an event could not be written",
                    "object",
                    resource.object(),
                    "error",
                    String.valueOf(e.getMessage()));
        }
    }
}
