package dev.bellman.plan;

import dev.bellman.address.Cidr;
import dev.bellman.model.AddressKind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Bellman's fields of Calico's BGPConfiguration `default`.
///
/// @param lists the three service lists, each sorted and without duplicates; a kind without entries is absent
/// @param aggregated the range of load balancer addresses for which `serviceLoadBalancerAggregation` has to be Enabled
///     again, or null where the field can stay as it is
/// @param prefixAdvertisements communities per prefix, sorted by prefix
public record BgpConfigurationPlan(
        Map<AddressKind, List<Entry>> lists,
        @Nullable Entry aggregated,
        List<PrefixAdvertisement> prefixAdvertisements) {
    public BgpConfigurationPlan {
        lists = Map.copyOf(lists);
        prefixAdvertisements = List.copyOf(prefixAdvertisements);
    }

    public List<Entry> list(AddressKind kind) {
        return lists.getOrDefault(kind, List.of());
    }

    /// One `cidr` of a service list.
    public record Entry(Cidr cidr, Cause cause) {}

    /// Communities that Calico adds to every route inside a prefix.
    public record PrefixAdvertisement(Cidr cidr, List<String> communities, Cause cause) {
        public PrefixAdvertisement {
            communities = List.copyOf(communities);
        }
    }
}
