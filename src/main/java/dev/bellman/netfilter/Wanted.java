package dev.bellman.netfilter;

import dev.bellman.address.Family;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A ruleset as lines of iptables-save: what should be in the kernel.
///
/// @param chains our own, by table and name
/// @param hooks the lines of ours in the kernel's chains, by table and chain
public record Wanted(
        Family family, Map<Table, Map<String, List<String>>> chains, Map<Table, Map<String, List<String>>> hooks) {
    /// Chains that belong to one Service or endpoint, and go with it.
    private static final Set<String> OF_SERVICES =
            Set.of("KUBE-SVC-", "KUBE-SVL-", "KUBE-EXT-", "KUBE-FW-", "KUBE-SEP-");

    public static Wanted of(Ruleset ruleset) {
        Map<Table, Map<String, List<String>>> chains = new EnumMap<>(Table.class);
        Map<Table, Map<String, List<String>>> hooks = new EnumMap<>(Table.class);
        for (Chain chain : ruleset.chains()) {
            chains.computeIfAbsent(chain.table(), _ -> new LinkedHashMap<>())
                    .put(chain.name(), IptablesText.lines(ruleset.family(), chain));
        }
        for (Hook hook : ruleset.hooks()) {
            hooks.computeIfAbsent(hook.table(), _ -> new LinkedHashMap<>())
                    .computeIfAbsent(hook.chain(), _ -> new ArrayList<>())
                    .add(IptablesText.line(ruleset.family(), hook));
        }
        return new Wanted(ruleset.family(), chains, hooks);
    }

    /// Nothing of ours at all.
    public static Wanted nothing(Family family) {
        return new Wanted(family, Map.of(), Map.of());
    }

    static boolean ofService(String chain) {
        return OF_SERVICES.stream().anyMatch(chain::startsWith);
    }
}
