package dev.bellman.model;

import dev.bellman.address.Cidr;
import dev.bellman.document.Manifest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The service part of Calico's BGPConfiguration `default`, as it stands before Bellman.
///
/// @param aggregation `Enabled` or `Disabled`, or null for Calico's default, Enabled
public record BgpConfiguration(
        List<Located<Cidr>> clusterIps,
        List<Located<Cidr>> externalIps,
        List<Located<Cidr>> loadBalancerIps,
        @Nullable Located<String> aggregation,
        boolean observed,
        Manifest manifest) {
    public BgpConfiguration {
        clusterIps = List.copyOf(clusterIps);
        externalIps = List.copyOf(externalIps);
        loadBalancerIps = List.copyOf(loadBalancerIps);
    }

    public List<Located<Cidr>> list(AddressKind kind) {
        return switch (kind) {
            case CLUSTER_IP -> clusterIps;
            case EXTERNAL_IP -> externalIps;
            case LOAD_BALANCER_IP -> loadBalancerIps;
        };
    }
}
