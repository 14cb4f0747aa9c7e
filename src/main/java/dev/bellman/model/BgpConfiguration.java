package dev.bellman.model;

import dev.bellman.address.Cidr;
import dev.bellman.document.Manifest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The service part of Calico's BGPConfiguration `default`, as it stands before Bellman.
///
/// @param declared the lists that Git states
/// @param declaredAdvertisements the prefixes that Git gives communities
/// @param mesh whether nodes peer with each other, which they do by default
/// @param asn that of the nodes, as it is written
/// @param aggregation `Enabled` or `Disabled`, or null for Calico's default, Enabled
/// @param declaresAggregation whether it is Git that states it
public record BgpConfiguration(
        List<Located<Cidr>> clusterIps,
        List<Located<Cidr>> externalIps,
        List<Located<Cidr>> loadBalancerIps,
        @Nullable Located<String> aggregation,
        boolean declaresAggregation,
        Set<AddressKind> declared,
        List<Located<Cidr>> declaredAdvertisements,
        boolean mesh,
        String asn,
        Manifest manifest) {
    /// The AS of nodes where nobody says otherwise.
    public static final String DEFAULT_ASN = "64512";

    public BgpConfiguration {
        clusterIps = List.copyOf(clusterIps);
        externalIps = List.copyOf(externalIps);
        loadBalancerIps = List.copyOf(loadBalancerIps);
        declared = Set.copyOf(declared);
        declaredAdvertisements = List.copyOf(declaredAdvertisements);
    }

    /// Whether Git states a list; else it is the cluster's.
    public boolean declares(AddressKind kind) {
        return declared.contains(kind);
    }

    /// Whether Calico announces no range of load balancer addresses, but each service by itself.
    public boolean disablesAggregation() {
        return aggregation != null && aggregation.value().equals("Disabled");
    }

    /// The field of `spec` that lists what is announced of a kind of address.
    public static String field(AddressKind kind) {
        return switch (kind) {
            case CLUSTER_IP -> "serviceClusterIPs";
            case EXTERNAL_IP -> "serviceExternalIPs";
            case LOAD_BALANCER_IP -> "serviceLoadBalancerIPs";
        };
    }

    public List<Located<Cidr>> list(AddressKind kind) {
        return switch (kind) {
            case CLUSTER_IP -> clusterIps;
            case EXTERNAL_IP -> externalIps;
            case LOAD_BALANCER_IP -> loadBalancerIps;
        };
    }
}
