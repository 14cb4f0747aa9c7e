package dev.bellman.netfilter;

import dev.bellman.address.Family;
import java.util.List;

/// All Service rules of one node for one IP family.
///
/// @param chains our own, in the order in which they are written
/// @param hooks our rules in the kernel's chains, in the order in which they have to stand there
public record Ruleset(Family family, List<Chain> chains, List<Hook> hooks) {
    public Ruleset {
        chains = List.copyOf(chains);
        hooks = List.copyOf(hooks);
    }
}
