package dev.bellman.netfilter;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Whether a kernel leads packets for some ports to their endpoints, whoever programmed it and whatever else it
/// holds.
public final class Delivery {
    private Delivery() {}

    /// Whether the kernel has each of these ports' own chains, and what leads into them from the port's addresses.
    /// Node ports and answers for what has no endpoint do not matter, and neither do comments.
    ///
    /// @param ports those of the settings' family
    public static boolean isIn(SavedRules kernel, List<ServicePort> ports, NodeSettings settings) {
        Set<String> services =
                new HashSet<>(Comments.without(kernel.of(Table.NAT).getOrDefault(FixedRules.SERVICES, List.of())));
        return ports.stream().allMatch(port -> isIn(kernel, services, PortRules.of(port, settings, true), settings));
    }

    private static boolean isIn(SavedRules kernel, Set<String> services, PortRules port, NodeSettings settings) {
        return port.services.stream()
                        .map(rule -> IptablesText.line(settings.family(), FixedRules.SERVICES, rule))
                        .allMatch(line -> services.contains(Comments.without(line)))
                && port.chains.stream().allMatch(chain -> isIn(kernel, chain, settings));
    }

    private static boolean isIn(SavedRules kernel, Chain chain, NodeSettings settings) {
        List<String> there = kernel.of(chain.table()).getOrDefault(chain.name(), List.of());
        return Comments.without(IptablesText.lines(settings.family(), chain)).equals(Comments.without(there));
    }

    /// Whether anybody programs rules of Services into the kernel that could be found.
    public static boolean isProgrammed(SavedRules kernel) {
        return kernel.of(Table.NAT).keySet().stream().anyMatch(Wanted::ofService);
    }
}
