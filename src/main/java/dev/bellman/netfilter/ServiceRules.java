package dev.bellman.netfilter;

import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What kube-proxy 1.35 in iptables mode would program on a node (`pkg/proxy/iptables/proxier.go`), in an order
/// that is always the same.
///
/// One that is asked again and again makes only the rules of ports that are not the very same objects as the
/// last time; what it answers is the same as if it had just begun.
public final class ServiceRules {
    /// With more endpoints than this, counted once for each port, rules about single endpoints have no comments: they
    /// would be the larger part of what is loaded (`largeClusterEndpointsThreshold` of kube-proxy 1.35).
    static final int LARGE = 1000;

    private IdentityHashMap<ServicePort, PortRules> made = new IdentityHashMap<>();
    private @Nullable NodeSettings settings;
    private boolean terse;

    /// @param ports those of the settings' family, in the order in which their rules are to stand
    public static Ruleset of(List<ServicePort> ports, NodeSettings settings) {
        return new ServiceRules().next(ports, settings);
    }

    /// @param ports those of the settings' family, in the order in which their rules are to stand
    public Ruleset next(List<ServicePort> ports, NodeSettings next) {
        boolean large = ports.stream().mapToInt(port -> port.endpoints().size()).sum() > LARGE;
        IdentityHashMap<ServicePort, PortRules> before =
                next.equals(settings) && large == terse ? made : new IdentityHashMap<>();
        // By identity: to compare two ports takes longer than to make the rules of one.
        IdentityHashMap<ServicePort, PortRules> now = new IdentityHashMap<>(ports.size());
        FixedRules fixed = new FixedRules(next);
        for (ServicePort port : ports) {
            PortRules known = before.get(port);
            PortRules rules = known == null ? PortRules.of(port, next, large) : known;
            now.put(port, rules);
            fixed.add(rules);
        }
        made = now;
        settings = next;
        terse = large;
        return fixed.ruleset();
    }
}
