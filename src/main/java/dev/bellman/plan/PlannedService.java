package dev.bellman.plan;

import dev.bellman.address.Ip;
import dev.bellman.model.AddressKind;
import dev.bellman.model.AdvertisementClass.Backend;
import dev.bellman.model.TrafficPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A service with host routes of its own.
///
/// @param trafficPolicy the one that holds once the plan is carried out
/// @param policies who asked, as `namespace/name`, sorted
/// @param collateral whether the backend announces it by itself although no policy asked
public record PlannedService(
        String namespace,
        String name,
        String className,
        Backend backend,
        TrafficPolicy trafficPolicy,
        When announceWhen,
        List<Address> addresses,
        RouteAttributes attributes,
        List<String> policies,
        boolean collateral,
        Cause cause) {
    public PlannedService {
        addresses = List.copyOf(addresses);
        policies = List.copyOf(policies);
    }

    public String service() {
        return namespace + "/" + name;
    }

    /// What a node waits for before it announces the addresses of a family.
    public enum When {
        /// A ready endpoint on the node itself.
        LOCAL_ENDPOINT("LocalEndpoint"),
        /// A ready endpoint anywhere.
        ANY_ENDPOINT("AnyEndpoint");

        private final String word;

        When(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /// @param ip null where the cluster has assigned it and no inventory says what it is
    public record Address(AddressKind kind, @Nullable Ip ip) {}
}
