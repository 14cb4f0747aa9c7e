package dev.bellman.cluster;

import dev.bellman.document.Manifest;
import dev.bellman.document.Node;
import dev.bellman.document.Plain;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Conditions as Kubernetes writes them (`metav1.Condition`), as plain maps.
///
/// Tools that read kstatus, Argo CD and Flux among them, wait for `Ready`.
public final class Conditions {
    private static final int LONGEST = 4096;

    private Conditions() {}

    /// One aspect of an object.
    ///
    /// @param status True, False or Unknown
    public record Condition(String type, String status, String reason, String message) {
        public Condition {
            message = cut(message, LONGEST);
        }

        public static Condition yes(String type, String reason, String message) {
            return new Condition(type, "True", reason, message);
        }

        public static Condition no(String type, String reason, String message) {
            return new Condition(type, "False", reason, message);
        }

        public static Condition unknown(String type, String reason, String message) {
            return new Condition(type, "Unknown", reason, message);
        }

        public boolean isTrue() {
            return status.equals("True");
        }
    }

    /// A text as it is, or as much of it as there is room for and a sign that there was more.
    public static String cut(String text, int longest) {
        return text.length() > longest ? text.substring(0, longest - 1) + "…" : text;
    }

    /// All of the others together: the first that does not hold says why.
    public static Condition ready(List<Condition> others) {
        return others.stream()
                .filter(condition -> !condition.isTrue())
                .min((a, b) ->
                        Boolean.compare(a.status().equals("Unknown"), b.status().equals("Unknown")))
                .map(condition -> new Condition("Ready", condition.status(), condition.reason(), condition.message()))
                .orElseGet(
                        () -> Condition.yes("Ready", "Ready", others.getLast().message()));
    }

    /// @param present the conditions of the object as it is: a status that stays keeps the time of its last change
    public static List<Object> write(
            List<Condition> conditions, @Nullable Object present, @Nullable Long generation, String now) {
        List<Object> written = new ArrayList<>();
        for (Condition condition : conditions) {
            Map<?, ?> before = find(present, condition.type());
            boolean stays = before != null && Objects.equals(before.get("status"), condition.status());
            Object since = stays && before != null ? before.get("lastTransitionTime") : null;
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("type", condition.type());
            map.put("status", condition.status());
            if (generation != null) {
                map.put("observedGeneration", generation);
            }
            map.put("lastTransitionTime", since == null ? now : since);
            map.put("reason", condition.reason());
            map.put("message", condition.message());
            written.add(map);
        }
        return written;
    }

    /// A condition out of an object's status, or null.
    public static @Nullable Map<?, ?> find(Manifest object, String type) {
        Node conditions = object.root().at("status", "conditions");
        return conditions == null ? null : find(Plain.of(conditions), type);
    }

    /// The condition of a type, or null.
    public static @Nullable Map<?, ?> find(@Nullable Object conditions, String type) {
        if (conditions instanceof List<?> list) {
            for (Object item : list) {
                if (item instanceof Map<?, ?> map && type.equals(map.get("type"))) {
                    return map;
                }
            }
        }
        return null;
    }
}
