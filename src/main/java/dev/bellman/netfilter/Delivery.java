package dev.bellman.netfilter;

import java.util.List;

/// Whether a kernel leads packets for some ports to their endpoints, whoever programmed it and whatever else it
/// holds.
public final class Delivery {
    private Delivery() {}

    /// Whether the kernel has each of these ports' own chains to the letter, and what leads into them from the
    /// port's addresses. Node ports and answers for what has no endpoint do not matter.
    ///
    /// @param ports those of the settings' family
    public static boolean isIn(SavedRules kernel, List<ServicePort> ports, NodeSettings settings) {
        return ports.stream().allMatch(port -> isIn(kernel, PortRules.of(port, settings), settings));
    }

    private static boolean isIn(SavedRules kernel, PortRules port, NodeSettings settings) {
        List<String> services = kernel.of(Table.NAT).getOrDefault(FixedRules.SERVICES, List.of());
        return port.services.stream()
                        .map(rule -> IptablesText.line(settings.family(), FixedRules.SERVICES, rule))
                        .allMatch(services::contains)
                && port.chains.stream()
                        .allMatch(chain -> IptablesText.lines(settings.family(), chain)
                                .equals(kernel.of(chain.table()).get(chain.name())));
    }
}
