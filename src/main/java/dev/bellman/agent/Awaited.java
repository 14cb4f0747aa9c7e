package dev.bellman.agent;

import dev.bellman.address.Cidr;
import dev.bellman.address.Family;
import dev.bellman.netfilter.ServicePort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Decides which new addresses wait for rules that somebody else programs, so that no router sends packets to a
/// node that does not deliver them yet.
///
/// None waits for ever: kube-proxy in another mode, or what takes its place, programs no rules that could be found.
/// Once one has waited in vain for such, others do not wait at all.
final class Awaited {
    /// From one look at the kernel to the next. kube-proxy takes up to a second or so, and to read many rules a
    /// tenth of one.
    private static final long PAUSE = Duration.ofMillis(200).toNanos();

    private final long patience;
    private final Map<Cidr, Long> since = new HashMap<>();
    private final Set<Cidr> givenUp = new HashSet<>();

    /// In whose tables rules of Services were found the last time.
    private final Set<Family> programmed = EnumSet.noneOf(Family.class);

    /// For whose rules somebody has waited in vain, and none of any Service have been found since.
    private final Set<Family> unseen = EnumSet.noneOf(Family.class);

    /// @param patience how long an address waits at most
    Awaited(Duration patience) {
        this.patience = patience.toNanos();
    }

    /// @param waiting addresses that are not to be announced unless the rules of these ports are in
    /// @param givenUp addresses that have waited long enough; each is said once
    /// @param unseen families for whose rules nobody waits from now on
    record Decision(NavigableMap<Cidr, List<ServicePort>> waiting, List<Cidr> givenUp, List<Family> unseen) {}

    /// Takes what a look at the kernel's rules found.
    ///
    /// @param services whether rules of any Service are there
    void looked(Family family, boolean services) {
        if (services) {
            programmed.add(family);
            unseen.remove(family);
        } else {
            programmed.remove(family);
        }
    }

    /// @param fresh what is to be announced and is not yet; of it only the addresses of Services wait for anything
    /// @param ports whose rules are to be in
    /// @param now nanoseconds of a clock that never goes back
    Decision decide(Set<Cidr> fresh, List<ServicePort> ports, long now) {
        NavigableMap<Cidr, List<ServicePort>> waiting = delivering(fresh, ports);
        waiting.keySet().removeIf(prefix -> unseen.contains(prefix.family()));
        since.keySet().retainAll(waiting.keySet());
        givenUp.retainAll(waiting.keySet());
        List<Cidr> late = new ArrayList<>();
        Set<Family> inVain = EnumSet.noneOf(Family.class);
        for (Cidr prefix : new TreeSet<>(waiting.keySet())) {
            if (now - since.computeIfAbsent(prefix, _ -> now) >= patience) {
                waiting.remove(prefix);
                if (givenUp.add(prefix)) {
                    late.add(prefix);
                }
                if (!programmed.contains(prefix.family())) {
                    inVain.add(prefix.family());
                }
            }
        }
        unseen.addAll(inVain);
        waiting.keySet().removeIf(prefix -> inVain.contains(prefix.family()));
        return new Decision(waiting, List.copyOf(late), List.copyOf(inVain));
    }

    /// No rules deliver to an address that has no endpoint for it, so there are none to wait for.
    private static NavigableMap<Cidr, List<ServicePort>> delivering(Set<Cidr> fresh, List<ServicePort> ports) {
        NavigableMap<Cidr, List<ServicePort>> delivering = new TreeMap<>();
        Intent.byAddress(ports, fresh).forEach((prefix, found) -> {
            List<ServicePort> to = found.stream()
                    .filter(port -> port.deliversTo(prefix.address()))
                    .toList();
            if (fresh.contains(prefix) && !to.isEmpty()) {
                delivering.put(prefix, to);
            }
        });
        return delivering;
    }

    /// When to look at the kernel again, by the clock of `now`.
    ///
    /// @param waiting what still waits of the last decision; not empty
    long again(Set<Cidr> waiting, long now) {
        return Math.min(
                now + PAUSE,
                waiting.stream()
                        .mapToLong(prefix -> since.getOrDefault(prefix, now) + patience)
                        .min()
                        .orElse(now));
    }
}
