package dev.bellman.model;

import dev.bellman.document.Manifest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A `ServiceAdvertisementPolicy`: what an application team wants advertised.
///
/// @param className null when the manifest has none, which its schema reports
/// @param addresses the kinds asked for; null means all that the class grants
/// @param trafficPolicy null for `Unchanged`
/// @param routes null where the manifest leaves the choice to the default, [RouteMode#COVERED]
/// @param complete false where a misspelled key or value hides what was meant, which its schema reports
public record Policy(
        String namespace,
        String name,
        @Nullable Located<String> className,
        Selection services,
        @Nullable List<Located<AddressKind>> addresses,
        @Nullable Located<TrafficPolicy> trafficPolicy,
        @Nullable Located<RouteMode> routes,
        Attributes attributes,
        boolean complete,
        Manifest manifest) {
    public Policy {
        addresses = addresses == null ? null : List.copyOf(addresses);
    }

    /// `namespace/name`, as plans, findings and status name it.
    public String id() {
        return namespace + "/" + name;
    }
}
