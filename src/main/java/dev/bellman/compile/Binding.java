package dev.bellman.compile;

import dev.bellman.diagnostic.Span;
import dev.bellman.model.AdvertisementClass;
import dev.bellman.model.Policy;
import dev.bellman.model.Service;
import org.jspecify.annotations.Nullable;

/// One policy's claim on one service.
///
/// @param asked the service's name or the selector in the policy
record Binding(Policy policy, AdvertisementClass advertisementClass, Subject subject, Span asked) {

    /// A service by name, which offline may be all that is known of it.
    record Subject(String namespace, String name, @Nullable Service service) {
        String id() {
            return namespace + "/" + name;
        }
    }

    String object() {
        return policy.manifest().object();
    }
}
