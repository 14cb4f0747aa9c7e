package dev.bellman.netfilter;

import dev.bellman.address.Cidr;
import dev.bellman.address.Family;
import dev.bellman.address.Ip;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What of a node and of its agent's settings the rules depend on, for one IP family.
///
/// @param clusterCidr the pods' addresses, or null where it is not known: then traffic from pods is not told
/// apart
/// @param masqueradeAll whether all traffic to a cluster IP is masqueraded
/// @param nodePortAddresses where node ports are served; empty for all addresses of the node
/// @param nodeIps the node's own addresses
/// @param localhostNodePorts whether node ports are served on 127.0.0.1 too; IPv4 only
/// @param liberalTcp whether the kernel takes packets outside the TCP window (`nf_conntrack_tcp_be_liberal`)
public record NodeSettings(
        Family family,
        @Nullable Cidr clusterCidr,
        boolean masqueradeAll,
        List<Cidr> nodePortAddresses,
        List<Ip> nodeIps,
        boolean localhostNodePorts,
        boolean liberalTcp) {
    public NodeSettings {
        nodePortAddresses = List.copyOf(nodePortAddresses);
        nodeIps = List.copyOf(nodeIps);
    }

    /// kube-proxy's defaults.
    public static NodeSettings of(Family family, List<Cidr> clusterCidrs, List<Ip> nodeIps) {
        return new NodeSettings(
                family,
                clusterCidrs.stream()
                        .filter(cidr -> cidr.family() == family)
                        .findFirst()
                        .orElse(null),
                false,
                List.of(),
                nodeIps.stream().filter(ip -> ip.family() == family).toList(),
                family == Family.IPV4,
                false);
    }
}
