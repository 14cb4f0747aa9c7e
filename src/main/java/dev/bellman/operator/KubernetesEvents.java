package dev.bellman.operator;

import dev.bellman.cluster.ApiAnswer;
import dev.bellman.cluster.Conditions;
import dev.bellman.digest.Sha256;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Says in Events what `kubectl describe` should show: what [News] has of an object. What happens again is the same
/// Event, with a higher count, as Kubernetes' own components do it.
final class KubernetesEvents {
    private static final int LONGEST = 1024;
    private static final int LONGEST_NAME = 253;
    private static final int HASH_BYTES = 8;
    /// Where Events about objects without a namespace go.
    private static final String DEFAULT_NAMESPACE = "default";

    private final KubernetesClient client;
    /// By the object's uid: a status that has to be written again says nothing new.
    private final Map<String, Map<String, News.Known>> known = new ConcurrentHashMap<>();

    KubernetesEvents(KubernetesClient client) {
        this.client = client;
    }

    void tell(BellmanResource resource, Map<String, Object> before, Map<String, Object> after) {
        String uid = resource.getMetadata().getUid();
        Map<String, News.Known> last = known.get(uid);
        News news = News.of(last == null ? News.knownOf(before.get("conditions")) : last, after.get("conditions"));
        known.put(uid, news.known());
        news.sayings().forEach(saying -> send(resource, saying));
    }

    /// Has an object's status speak for itself again.
    void forget(BellmanResource resource) {
        known.remove(resource.getMetadata().getUid());
    }

    /// As [#forget], of all objects: another replica tells of them from now on.
    void forgetAll() {
        known.clear();
    }

    private void send(BellmanResource resource, News.Saying saying) {
        Event event = event(
                resource, saying, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        try {
            if (!create(event)) {
                countOneMore(event);
            }
        } catch (KubernetesClientException e) {
            if (!isOfNamespaceThatGoes(e)) {
                Log.warn("an event could not be written", "object", resource.object(), "error", ApiAnswer.of(e));
            }
        }
    }

    /// @return false if there is one already
    private boolean create(Event event) {
        try {
            client.v1()
                    .events()
                    .inNamespace(event.getMetadata().getNamespace())
                    .resource(event)
                    .create();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
            return false;
        }
    }

    private void countOneMore(Event event) {
        client.v1()
                .events()
                .inNamespace(event.getMetadata().getNamespace())
                .withName(event.getMetadata().getName())
                .edit(present -> new EventBuilder(present)
                        .withCount(Objects.requireNonNullElse(present.getCount(), 1) + 1)
                        .withLastTimestamp(event.getLastTimestamp())
                        .build());
    }

    static Event event(BellmanResource resource, News.Saying saying, String now) {
        ObjectMeta about = resource.getMetadata();
        String where = about.getNamespace() == null ? DEFAULT_NAMESPACE : about.getNamespace();
        String type = saying.bad() ? "Warning" : "Normal";
        String message = Conditions.cut(saying.message(), LONGEST);
        return new EventBuilder()
                .withNewMetadata()
                .withName(name(about.getName(), about.getUid(), type, saying.reason(), message))
                .withNamespace(where)
                .endMetadata()
                .withInvolvedObject(new ObjectReferenceBuilder()
                        .withApiVersion(resource.getApiVersion())
                        .withKind(resource.getKind())
                        .withName(about.getName())
                        .withNamespace(about.getNamespace())
                        .withUid(about.getUid())
                        .build())
                .withType(type)
                .withReason(saying.reason())
                .withMessage(message)
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .withNewSource()
                .withComponent("bellman")
                .endSource()
                .build();
    }

    /// The same for the same: whoever leads knows nothing of what another replica said.
    private static String name(String object, String... of) {
        String hash = Sha256.hex(String.join("\n", of), HASH_BYTES);
        int room = LONGEST_NAME - 1 - hash.length();
        String begin = object.length() > room ? object.substring(0, room).replaceFirst("[^a-z0-9]+$", "") : object;
        return begin + "." + hash;
    }

    /// Whether nothing can be made in its namespace any more.
    private static boolean isOfNamespaceThatGoes(KubernetesClientException e) {
        return e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
                || (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN && hasCause(e.getStatus(), "NamespaceTerminating"));
    }

    private static boolean hasCause(@Nullable Status status, String reason) {
        return status != null
                && status.getDetails() != null
                && status.getDetails().getCauses().stream().anyMatch(cause -> reason.equals(cause.getReason()));
    }
}
