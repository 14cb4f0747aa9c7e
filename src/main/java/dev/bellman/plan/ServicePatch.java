package dev.bellman.plan;

import dev.bellman.model.TrafficPolicy;
import org.jspecify.annotations.Nullable;

/// The one field of a Service that Bellman ever sets: `spec.externalTrafficPolicy`.
///
/// @param before the value to put back when the policy goes, or null where it is not known offline
public record ServicePatch(
        String namespace,
        String name,
        TrafficPolicy value,
        @Nullable TrafficPolicy before,
        Cause cause) {
    public String service() {
        return namespace + "/" + name;
    }
}
