package dev.bellman.operator;

import dev.bellman.address.Cidr;
import dev.bellman.address.Ip;
import dev.bellman.document.Manifest;
import dev.bellman.document.Node;
import dev.bellman.model.AddressKind;
import dev.bellman.model.Located;
import dev.bellman.model.Model;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.NodePlanReader;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the plans of nodes advertise, by class: addresses, and whole prefixes, as plans have them.
///
/// They stay texts for as long as nothing is withdrawn, since there may be ten thousand.
///
/// @param classes what is advertised, by the name of the class that asks for it
record Reach(Map<String, Set<String>> classes) {
    /// What NodePlans of the cluster say, but for policies that somebody deleted.
    static Reach ofPresent(Collection<Manifest> plans, Judgement judgement) {
        Reach reach = new Reach(new TreeMap<>());
        for (Manifest plan : PresentPlans.distinct(plans)) {
            for (Node item : Hold.items(plan, "services")) {
                if (!Hold.isAbandoned(item, judgement) && !NodePlanReader.isCollateral(item)) {
                    item.items("addresses")
                            .forEach(address -> reach.add(item.text("className"), address.text("address")));
                }
            }
            for (Node item : Hold.items(plan, "prefixes")) {
                reach.add(item.text("className"), item.text("cidr"));
            }
        }
        return reach;
    }

    /// What the compiler wants them to say.
    static Reach ofPlanned(List<NodePlan> plans) {
        Reach reach = new Reach(new TreeMap<>());
        Set<Object> lists = Collections.newSetFromMap(new IdentityHashMap<>());
        for (NodePlan plan : plans) {
            if (lists.add(plan.services())) {
                plan.services().stream()
                        .filter(service -> !service.collateral())
                        .forEach(service -> service.addresses()
                                .forEach(address -> reach.add(
                                        service.className(),
                                        address.ip() == null
                                                ? null
                                                : address.ip().toString())));
            }
            if (lists.add(plan.prefixes())) {
                plan.prefixes()
                        .forEach(prefix ->
                                reach.add(prefix.className(), prefix.cidr().toString()));
            }
        }
        return reach;
    }

    private void add(@Nullable String className, @Nullable String advertised) {
        if (className != null && advertised != null) {
            classes.computeIfAbsent(className, _ -> new HashSet<>()).add(advertised);
        }
    }

    Set<String> of(String className) {
        return classes.getOrDefault(className, Set.of());
    }

    /// Of all classes together: what another class advertises now is not withdrawn.
    Set<String> all() {
        return classes.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
    }

    /// The addresses that lead somewhere by what is advertised. A prefix stands for the addresses of Services that are
    /// in it, and for itself while there are none.
    static Set<String> addresses(Set<String> advertised, Model model) {
        Set<String> addresses = new HashSet<>();
        for (String one : advertised) {
            Cidr prefix = Cidr.parse(one);
            List<String> inside = prefix == null ? List.of() : inside(prefix, model);
            addresses.addAll(inside.isEmpty() ? List.of(one) : inside);
        }
        return addresses;
    }

    private static Stream<Ip> addresses(Model model) {
        return model.services().stream()
                .flatMap(service -> Stream.of(AddressKind.values()).flatMap(kind -> service.addresses(kind).stream()))
                .map(Located::value);
    }

    private static List<String> inside(Cidr prefix, Model model) {
        return addresses(model).filter(prefix::contains).map(Ip::toString).toList();
    }

    /// Those that no longer lead anywhere. An address that no Service has any more is none of them: who deleted the
    /// Service meant it, and another one may get the address.
    ///
    /// @param staying what is still advertised
    static Set<String> lost(Set<String> addresses, Set<String> staying, Model model) {
        List<Cidr> prefixes =
                staying.stream().map(Cidr::parse).filter(Objects::nonNull).toList();
        Set<String> there = addresses(model).map(Ip::toString).collect(Collectors.toSet());
        return addresses.stream()
                .filter(address -> address.indexOf('/') >= 0 || there.contains(address))
                .filter(address -> !staying.contains(address) && !isWithin(prefixes, address))
                .collect(Collectors.toSet());
    }

    private static boolean isWithin(List<Cidr> prefixes, String address) {
        Ip ip = Ip.parse(address);
        Cidr whole = ip == null ? Cidr.parse(address) : ip.host();
        return whole != null && prefixes.stream().anyMatch(prefix -> prefix.contains(whole));
    }
}
