package dev.bellman.netfilter;

import dev.bellman.address.Family;
import java.util.List;
import java.util.Map;

/// A ruleset as lines of iptables-save: what should be in the kernel.
///
/// @param chains our own, by table and name
/// @param hooks the lines of ours in the kernel's chains, by table and chain
public record Wanted(
        Family family, Map<Table, Map<String, List<String>>> chains, Map<Table, Map<String, List<String>>> hooks) {
    /// Chains that belong to one Service or endpoint, and go with it.
    private static final List<String> OF_SERVICES =
            List.of("KUBE-SVC-", "KUBE-SVL-", "KUBE-EXT-", "KUBE-FW-", "KUBE-SEP-");

    public static Wanted nothing(Family family) {
        return new Wanted(family, Map.of(), Map.of());
    }

    public static Wanted of(Ruleset ruleset) {
        return new WantedRules().next(ruleset);
    }

    /// The same rules for packets, if not for people.
    public Wanted withoutComments() {
        return new Wanted(family, Comments.without(chains), Comments.without(hooks));
    }

    /// A short name for just these rules, the same wherever it is computed.
    public String fingerprint() {
        int hash = 0;
        for (Table table : Table.values()) {
            hash = 31 * hash + chains.getOrDefault(table, Map.of()).hashCode();
            hash = 31 * hash + hooks.getOrDefault(table, Map.of()).hashCode();
        }
        return "%08x".formatted(hash);
    }

    static boolean ofService(String chain) {
        // Asked of every chain at every change, so without a stream.
        for (String prefix : OF_SERVICES) {
            if (chain.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
