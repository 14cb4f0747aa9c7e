package dev.bellman.agent;

import dev.bellman.address.Family;
import dev.bellman.netfilter.NodeSettings;
import dev.bellman.netfilter.RulesChange;
import dev.bellman.netfilter.SavedRules;
import dev.bellman.netfilter.ServicePort;
import dev.bellman.netfilter.ServiceRules;
import dev.bellman.netfilter.Wanted;
import dev.bellman.netfilter.WantedRules;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps one family's rules in the kernel as they are wanted, or says how they differ.
///
/// What it last saw or wrote is what it takes the kernel for, so that a change costs no reading; [#drift] looks.
final class RulesKeeper {
    private final Kernel kernel;
    private final Family family;
    private final ServiceRules rules = new ServiceRules();
    private final WantedRules text = new WantedRules();
    private @Nullable SavedRules known;
    private @Nullable Wanted wanted;

    RulesKeeper(Kernel kernel, Family family) {
        this.kernel = kernel;
        this.family = family;
    }

    /// What should be in the kernel for these ports of the family.
    Wanted wanted(List<ServicePort> ports, NodeSettings settings) {
        return text.next(rules.next(ports, settings));
    }

    /// Loads what has changed since the last time.
    ///
    /// @return what was changed, for people; empty if nothing
    /// @throws AgentException if the kernel refuses, in which case the next call starts by reading
    List<String> program(Wanted next) {
        wanted = next;
        SavedRules before = known == null ? kernel.read(family) : known;
        known = null;
        RulesChange change = RulesChange.between(before, next);
        if (!change.isEmpty()) {
            kernel.load(family, change.input());
        }
        known = change.after();
        return change.differences();
    }

    /// What is different in the kernel, whoever did it; empty if it is as wanted.
    ///
    /// @throws AgentException if the kernel's rules cannot be read
    List<String> drift(Wanted next) {
        wanted = next;
        known = kernel.read(family);
        return RulesChange.between(known, next).differences();
    }

    /// Reads the kernel and repairs it.
    ///
    /// @return what was repaired
    List<String> repair() {
        if (wanted == null) {
            return List.of();
        }
        known = null;
        return program(wanted);
    }
}
