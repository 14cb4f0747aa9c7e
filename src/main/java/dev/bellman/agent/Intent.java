package dev.bellman.agent;

import dev.bellman.address.Cidr;
import dev.bellman.address.Family;
import dev.bellman.netfilter.NodeRules;
import dev.bellman.netfilter.ServicePort;
import dev.bellman.plan.NodeState;
import dev.bellman.plan.RouteAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

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

    static Intent of(NodeState state, NavigableMap<Cidr, RouteAttributes> routes) {
        List<ServicePort> ports = new ArrayList<>();
        for (Family family : Family.values()) {
            ports.addAll(NodeRules.ports(state, family));
        }
        Set<Cidr> planned = new HashSet<>();
        state.plan()
                .services()
                .forEach(service -> service.addresses().forEach(address -> {
                    if (address.ip() != null) {
                        planned.add(address.ip().host());
                    }
                }));
        return new Intent(ports, routes, planned);
    }

    /// The ports by the addresses that a packet from outside may be sent to.
    Map<Cidr, List<ServicePort>> byAddress() {
        return byAddress(ports);
    }

    static Map<Cidr, List<ServicePort>> byAddress(List<ServicePort> ports) {
        return ports.stream()
                .flatMap(port -> port.addresses().map(ip -> Map.entry(ip.host(), port)))
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }
}
