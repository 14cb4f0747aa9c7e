package dev.bellman.model;

import dev.bellman.address.Cidr;
import dev.bellman.address.Family;
import dev.bellman.address.Ip;
import dev.bellman.diagnostic.Span;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A Node. Called so to keep it apart from the nodes of a document.
///
/// @param internalIps `status.addresses` of type InternalIP, in the order given
/// @param span where its name stands
public record ClusterNode(
        String name,
        Map<String, String> labels,
        List<Located<Ip>> internalIps,
        List<Located<Cidr>> podCidrs,
        Span span) {
    /// Keeps a node out of everything that attracts traffic from outside.
    public static final String EXCLUDE_LABEL = "node.kubernetes.io/exclude-from-external-load-balancers";

    public ClusterNode {
        internalIps = List.copyOf(internalIps);
        podCidrs = List.copyOf(podCidrs);
    }

    /// Kubernetes excludes on the label's presence, whatever its value.
    public boolean excluded() {
        return labels.containsKey(EXCLUDE_LABEL);
    }

    /// Calico excludes only where the label's value is exactly `true`.
    public boolean excludedByCalico() {
        return "true".equals(labels.get(EXCLUDE_LABEL));
    }

    /// The next hop that a router sees for this node's routes of a family, or null.
    public @Nullable Ip internalIp(Family family) {
        for (Located<Ip> ip : internalIps) {
            if (ip.value().family() == family) {
                return ip.value();
            }
        }
        return null;
    }
}
