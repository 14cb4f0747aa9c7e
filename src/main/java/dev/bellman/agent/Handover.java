package dev.bellman.agent;

import dev.bellman.address.Cidr;
import dev.bellman.netfilter.ServicePort;
import dev.bellman.plan.RouteAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// Decides what comes before what, so that no router sends packets to a node that does not deliver them.
///
/// - Rules are in before an address is announced: whoever carries out a [Decision] does it in that order. Where
///   somebody else programs them, [Awaited] decides what waits.
/// - When the last local endpoint of an address goes and another node has one, the address stays announced while
///   the other node makes itself heard: make before break. That is for the overlap where the new rules still
///   deliver. Where they do not, and the other node's endpoint is new, it is for the settle time from when it came,
///   and the old rules stay. Where nothing delivers any more, it is not.
/// - When an address is withdrawn and the new rules would refuse its packets, those of before lead to it until it
///   really is, and then for the settle time, in which routers learn of it. Other addresses of the Service follow
///   the new rules meanwhile, unless those have no endpoint either: the chains of a port are one for all its addresses.
final class Handover {
    private final long overlap;
    private final long settle;

    /// Until when an address stays announced that is not due any more.
    private final Map<Cidr, Long> leaving = new HashMap<>();

    /// When another node got its first ready endpoint for an announced address, as long as that is new.
    private final Map<Cidr, Long> arrived = new HashMap<>();

    /// Until when routers may send packets for an address, if they are told now that it is withdrawn; as long as they
    /// are not, this moves on.
    private final Map<Cidr, Long> heard = new HashMap<>();

    /// What was decided to be withdrawn, until routers are told.
    private final Set<Cidr> unconfirmed = new HashSet<>();

    /// By what rules an address is delivered to that are not wanted any more.
    private final NavigableMap<Cidr, List<ServicePort>> kept = new TreeMap<>();

    private List<ServicePort> last = List.of();

    Handover(Duration overlap, Duration settle) {
        this.overlap = overlap.toNanos();
        this.settle = settle.toNanos();
    }

    /// @param ports to make rules for, first
    /// @param routes to announce, then
    /// @param again when to decide again even if nothing changes, by the clock of `now`
    record Decision(
            List<ServicePort> ports,
            NavigableMap<Cidr, RouteAttributes> routes,
            Set<Cidr> leaving,
            OptionalLong again) {}

    /// An address that routers may have heard of.
    ///
    /// @param before its ports by the last decision
    /// @param now its ports by the new intent
    private record Address(Cidr prefix, List<ServicePort> before, List<ServicePort> now) {
        boolean delivers() {
            return now.stream().anyMatch(port -> port.deliversTo(prefix.address()));
        }

        /// Those of some old ports that would go on delivering. To an endpoint that is on another node now they do not.
        List<ServicePort> keepable(List<ServicePort> old) {
            return old.stream()
                    .filter(port -> port.deliversTo(prefix.address()))
                    .filter(this::canStay)
                    .toList();
        }

        private boolean canStay(ServicePort old) {
            return now.stream()
                    .filter(port -> port.isSamePort(old))
                    .allMatch(port -> port.delivering(prefix.address(), old).deliversTo(prefix.address()));
        }

        boolean hasReadyEndpoint() {
            return now.stream().anyMatch(ServicePort::hasReadyEndpoint);
        }

        boolean isNewElsewhere() {
            return now.stream().anyMatch(ServicePort::isReadyElsewhere)
                    && before.stream().noneMatch(ServicePort::isReadyElsewhere);
        }
    }

    /// @param announced what routers are to know of this node now, with its attributes
    /// @param programs whether rules are as decided here. Where somebody else programs them, none stay for longer
    /// @param now nanoseconds of a clock that never goes back
    Decision decide(Intent intent, NavigableMap<Cidr, RouteAttributes> announced, boolean programs, long now) {
        heard.values().removeIf(until -> until <= now);
        announced.keySet().forEach(prefix -> heard.put(prefix, now + settle));
        unconfirmed.forEach(prefix -> heard.put(prefix, now + settle));
        List<Address> addresses = addresses(intent, heard.keySet());
        keepRules(intent, addresses, programs);
        Set<Cidr> held = hold(intent, addresses, announced.keySet(), now);
        NavigableMap<Cidr, RouteAttributes> routes = new TreeMap<>(announced);
        routes.keySet().retainAll(held);
        routes.putAll(intent.routes());
        announced.keySet().stream()
                .filter(prefix -> !routes.containsKey(prefix))
                .forEach(unconfirmed::add);
        last = withKept(intent.ports());
        return new Decision(last, routes, held, again(held));
    }

    private List<Address> addresses(Intent intent, Set<Cidr> prefixes) {
        Map<Cidr, List<ServicePort>> before = Intent.byAddress(last, prefixes);
        Map<Cidr, List<ServicePort>> now = Intent.byAddress(intent.ports(), prefixes);
        return prefixes.stream()
                .map(prefix -> new Address(
                        prefix, before.getOrDefault(prefix, List.of()), now.getOrDefault(prefix, List.of())))
                .toList();
    }

    private void keepRules(Intent intent, List<Address> addresses, boolean programs) {
        kept.keySet().retainAll(heard.keySet());
        if (!programs) {
            kept.clear();
            return;
        }
        for (Address address : addresses) {
            Cidr prefix = address.prefix();
            List<ServicePort> old = intent.routes().containsKey(prefix) || address.delivers()
                    ? List.of()
                    : address.keepable(kept.getOrDefault(prefix, address.before()));
            if (old.isEmpty()) {
                kept.remove(prefix);
            } else {
                kept.put(prefix, old);
            }
        }
    }

    /// @return what stays announced although it is not due
    private Set<Cidr> hold(Intent intent, List<Address> addresses, Set<Cidr> announced, long now) {
        Map<Cidr, Long> before = new HashMap<>(leaving);
        leaving.clear();
        arrived.values().removeIf(since -> since + settle <= now);
        for (Address address : addresses) {
            Cidr prefix = address.prefix();
            if (address.isNewElsewhere()) {
                arrived.put(prefix, now);
            }
            boolean isTaken = announced.contains(prefix)
                    && !intent.routes().containsKey(prefix)
                    && intent.planned().contains(prefix)
                    && address.hasReadyEndpoint();
            if (isTaken) {
                long most = atMost(address, now);
                leaving.put(prefix, Math.min(most, before.getOrDefault(prefix, most)));
            }
        }
        return leaving.entrySet().stream()
                .filter(one -> now < one.getValue())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Until when an address may stay announced that another node takes over.
    private long atMost(Address address, long now) {
        if (address.delivers()) {
            return now + overlap;
        }
        Long since = arrived.get(address.prefix());
        return since != null && kept.containsKey(address.prefix()) ? since + settle : now;
    }

    /// What was decided to be withdrawn is withdrawn by now, and routers are told.
    void told(long now) {
        unconfirmed.forEach(prefix -> heard.put(prefix, now + settle));
        unconfirmed.clear();
    }

    private List<ServicePort> withKept(List<ServicePort> ports) {
        if (kept.isEmpty()) {
            return ports;
        }
        List<ServicePort> all = new ArrayList<>(ports);
        Map<String, List<Integer>> places = places(ports);
        List<ServicePort> gone = new ArrayList<>();
        kept.forEach((prefix, olds) -> {
            for (ServicePort old : olds) {
                List<Integer> own = places.getOrDefault(old.serviceId(), List.of());
                own.stream()
                        .filter(place -> all.get(place).isSamePort(old))
                        .findFirst()
                        .ifPresentOrElse(
                                place -> all.set(place, all.get(place).delivering(prefix.address(), old)),
                                () -> gone.add(old));
            }
        });
        return gone.isEmpty() ? all : withGone(all, gone);
    }

    /// Where the ports of those Services are that have rules kept.
    private Map<String, List<Integer>> places(List<ServicePort> ports) {
        Map<String, List<Integer>> places = new HashMap<>();
        kept.values().forEach(olds -> olds.forEach(old -> places.put(old.serviceId(), new ArrayList<>())));
        for (int i = 0; i < ports.size(); i++) {
            List<Integer> own = places.get(ports.get(i).serviceId());
            if (own != null) {
                own.add(i);
            }
        }
        return places;
    }

    /// Chains are called after ports. Of one that is another under the same name now, the old chains cannot stay.
    private static List<ServicePort> withGone(List<ServicePort> all, List<ServicePort> gone) {
        for (ServicePort old : gone) {
            if (all.stream().noneMatch(port -> port.hasChainsOf(old))) {
                all.add(old);
            }
        }
        return all.stream().sorted(ServicePort.ORDER).toList();
    }

    private OptionalLong again(Set<Cidr> held) {
        return LongStream.concat(
                        held.stream().mapToLong(prefix -> leaving.getOrDefault(prefix, 0L)),
                        kept.keySet().stream().mapToLong(prefix -> heard.getOrDefault(prefix, 0L)))
                .min();
    }
}
