package dev.bellman.agent;

import dev.bellman.address.Cidr;
import dev.bellman.address.Ip;
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
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Decides what comes before what, so that no router sends packets to a node that does not deliver them.
///
/// - Rules are in before an address is announced: whoever carries out a [Decision] does it in that order. Where
///   somebody else programs them, [Awaited] decides what waits.
/// - When the last local endpoint of an address goes and another node has one, the address stays announced for
///   the overlap, in which the other node makes itself heard: make before break. Only while the new rules still
///   deliver.
/// - When an address is withdrawn and the new rules would refuse its packets, the old rules of its Service stay
///   until it really is, and then for the settle time, in which routers learn of it.
final class Handover {
    private final long overlap;
    private final long settle;
    private final Map<Cidr, Long> leaving = new HashMap<>();
    private final Map<String, Kept> kept = new HashMap<>();
    private final Set<String> unconfirmed = new HashSet<>();
    private List<ServicePort> last = List.of();

    /// Rules of a Service that has no need of them any more.
    ///
    /// @param until if the router is told now; as long as it does not listen, this moves on
    private record Kept(List<ServicePort> ports, long until) {
        Stream<Cidr> prefixes() {
            return ports.stream()
                    .map(ServicePort::addresses)
                    .flatMap(List::stream)
                    .map(Ip::host);
        }
    }

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

    /// @param announced what the router knows of this node now, with its attributes
    /// @param now nanoseconds of a clock that never goes back
    Decision decide(Intent intent, NavigableMap<Cidr, RouteAttributes> announced, long now) {
        Map<Cidr, List<ServicePort>> byAddress = Intent.byAddress(intent.ports(), announced.keySet());
        NavigableMap<Cidr, RouteAttributes> routes = new TreeMap<>(intent.routes());
        leaving.keySet().removeIf(prefix -> intent.routes().containsKey(prefix) || !announced.containsKey(prefix));
        announced.forEach((prefix, attributes) -> {
            List<ServicePort> ports = byAddress.getOrDefault(prefix, List.of());
            boolean stays = !intent.routes().containsKey(prefix)
                    && intent.planned().contains(prefix)
                    && ports.stream().anyMatch(ServicePort::hasReadyEndpoint)
                    && delivers(ports, prefix);
            if (stays && now < leaving.computeIfAbsent(prefix, _ -> now + overlap)) {
                routes.put(prefix, attributes);
            }
        });
        keepRules(byAddress, announced.keySet(), routes.keySet(), now);
        List<ServicePort> ports = withKept(intent.ports());
        last = ports;
        Set<Cidr> held =
                Set.copyOf(leaving.keySet().stream().filter(routes::containsKey).toList());
        return new Decision(ports, routes, held, again(held));
    }

    /// What the last decision withdraws is withdrawn by now. Until this is said its rules stay.
    void told(long now) {
        settleFrom(now);
        unconfirmed.clear();
    }

    private void settleFrom(long now) {
        unconfirmed.forEach(service -> kept.computeIfPresent(service, (_, one) -> new Kept(one.ports(), now + settle)));
    }

    private static boolean delivers(List<ServicePort> ports, Cidr prefix) {
        return ports.stream().anyMatch(port -> port.deliversTo(prefix.address()));
    }

    private void keepRules(Map<Cidr, List<ServicePort>> byAddress, Set<Cidr> announced, Set<Cidr> routes, long now) {
        Map<Cidr, List<ServicePort>> before = Intent.byAddress(last, announced);
        for (Cidr prefix : announced) {
            List<ServicePort> old = before.getOrDefault(prefix, List.of());
            if (!routes.contains(prefix)
                    && delivers(old, prefix)
                    && !delivers(byAddress.getOrDefault(prefix, List.of()), prefix)) {
                String service = old.getFirst().serviceId();
                kept.computeIfAbsent(
                        service,
                        _ -> new Kept(
                                last.stream()
                                        .filter(port -> port.serviceId().equals(service))
                                        .toList(),
                                now + settle));
            }
        }
        kept.values().removeIf(one -> one.prefixes().anyMatch(routes::contains));
        unconfirmed.clear();
        kept.forEach((service, one) -> {
            if (one.prefixes().anyMatch(announced::contains)) {
                unconfirmed.add(service);
            }
        });
        settleFrom(now);
        kept.values().removeIf(one -> one.until() <= now);
    }

    private List<ServicePort> withKept(List<ServicePort> ports) {
        if (kept.isEmpty()) {
            return ports;
        }
        List<ServicePort> all = new ArrayList<>(ports.stream()
                .filter(port -> !kept.containsKey(port.serviceId()))
                .toList());
        kept.values().forEach(one -> all.addAll(one.ports()));
        return all.stream().sorted(ServicePort.ORDER).toList();
    }

    private OptionalLong again(Set<Cidr> held) {
        return LongStream.concat(
                        held.stream().mapToLong(prefix -> leaving.getOrDefault(prefix, 0L)),
                        kept.values().stream().mapToLong(Kept::until))
                .min();
    }
}
