package dev.bellman.model;

import dev.bellman.address.Cidr;
import java.util.List;

/// What the agents do about Service rules on the nodes.
///
/// @param rules Disabled, Verify or Program
/// @param ruleBackend Auto, iptables or nftables
/// @param clusterCidrs the pods' addresses, at most one per family, as kube-proxy's `--cluster-cidr`
public record Dataplane(String rules, String ruleBackend, List<Located<Cidr>> clusterCidrs) {
    public static final Dataplane DEFAULT = new Dataplane("Verify", "Auto", List.of());

    public Dataplane {
        clusterCidrs = List.copyOf(clusterCidrs);
    }
}
