package dev.bellman.agent;

import dev.bellman.address.Cidr;
import dev.bellman.address.Family;
import dev.bellman.address.Ip;
import dev.bellman.netfilter.ServicePort;
import dev.bellman.netfilter.ServicePorts;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.NodeState;
import dev.bellman.plan.RouteAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a node should do if nothing had to be done one after the other.
///
/// @param ports the Services' ports to make rules for, of both families
/// @param routes the prefixes to announce
/// @param planned the addresses that the plan lets the node announce, whether it has an endpoint for them now
/// or not
record Intent(List<ServicePort> ports, NavigableMap<Cidr, RouteAttributes> routes, Set<Cidr> planned) {
    static final Intent NOTHING = new Intent(List.of(), new TreeMap<>(), Set.of());

    Intent {
        ports = List.copyOf(ports);
        routes = Collections.unmodifiableNavigableMap(new TreeMap<>(routes));
        planned = Set.copyOf(planned);
    }

    /// Makes one intent after the other, of which each differs little from the one before.
    static final class Maker {
        private final Map<Family, ServicePorts> families = new EnumMap<>(Family.class);
        private @Nullable NodePlan plan;
        private Set<Cidr> planned = Set.of();

        /// @param node whose endpoints are local
        Maker(String node) {
            for (Family family : Family.values()) {
                families.put(family, new ServicePorts(family, node));
            }
        }

        Intent next(NodeState state, NavigableMap<Cidr, RouteAttributes> routes) {
            List<ServicePort> ports = new ArrayList<>();
            families.values()
                    .forEach(family -> ports.addAll(family.next(state.services(), state.slices(), state.patches())));
            if (!state.plan().equals(plan)) {
                plan = state.plan();
                planned = planned(state.plan());
            }
            return new Intent(ports, routes, planned);
        }

        private static Set<Cidr> planned(NodePlan plan) {
            Set<Cidr> planned = new HashSet<>();
            plan.services()
                    .forEach(service -> service.addresses().forEach(address -> {
                        if (address.ip() != null) {
                            planned.add(address.ip().host());
                        }
                    }));
            return Set.copyOf(planned);
        }
    }

    /// The ports by those of some addresses that a packet from outside may be sent to.
    static Map<Cidr, List<ServicePort>> byAddress(List<ServicePort> ports, Set<Cidr> addresses) {
        if (addresses.isEmpty()) {
            return Map.of();
        }
        Set<Ip> asked = new HashSet<>();
        addresses.forEach(address -> asked.add(address.address()));
        Map<Cidr, List<ServicePort>> found = new HashMap<>();
        for (ServicePort port : ports) {
            for (Ip ip : port.addresses()) {
                if (asked.contains(ip)) {
                    found.computeIfAbsent(ip.host(), _ -> new ArrayList<>()).add(port);
                }
            }
        }
        return found;
    }
}
