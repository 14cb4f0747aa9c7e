package dev.bellman.model;

import dev.bellman.address.Cidr;
import java.util.ArrayList;
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

    /// One prefix, or one per family with a comma between, as kube-proxy's `--cluster-cidr`.
    ///
    /// What is no prefix is left out: whoever reads the text has to say so.
    public static List<Located<Cidr>> clusterCidrs(Located<String> text) {
        List<Located<Cidr>> found = new ArrayList<>();
        for (String part : text.value().split(",", -1)) {
            Cidr cidr = Cidr.parse(part.strip());
            if (cidr != null) {
                found.add(new Located<>(cidr.masked(), text.span()));
            }
        }
        return found;
    }
}
