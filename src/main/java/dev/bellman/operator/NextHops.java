package dev.bellman.operator;

import dev.bellman.document.Manifest;
import dev.bellman.document.Node;
import dev.bellman.model.AdvertisementClass.Backend;
import dev.bellman.model.EndpointSlice;
import dev.bellman.model.Model;
import dev.bellman.model.Speaker;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.NodePlanReader;
import dev.bellman.plan.PlannedPrefix;
import dev.bellman.plan.PlannedService;
import dev.bellman.plan.PlannedService.When;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// From where plans announce: the nodes of each class, and of each service with host routes. A node that has nobody to
/// speak to announces nothing of the Bird backend.
final class NextHops {
    private final Map<String, Set<String>> classes = new HashMap<>();
    private final Map<Key, Hops> services = new HashMap<>();

    private record Key(String className, String service) {}

    /// @param local whether only those with a ready endpoint announce it
    /// @param nodes in groups of nodes that are told the same
    private record Hops(boolean local, List<Set<String>> nodes) {
        Set<String> all() {
            return nodes.stream().flatMap(Set::stream).collect(Collectors.toSet());
        }

        int count(Set<String> ready) {
            if (ready.isEmpty()) {
                return 0;
            }
            Set<String> all = all();
            if (local) {
                all.retainAll(ready);
            }
            return all.size();
        }
    }

    private record Moved(Hops before, Hops after) {}

    /// Nodes that are told the same.
    private record Group(Set<String> speaking, Set<String> all) {
        Group() {
            this(new TreeSet<>(), new TreeSet<>());
        }

        void add(String node, boolean speaks) {
            all.add(node);
            if (speaks) {
                speaking.add(node);
            }
        }

        Set<String> of(boolean isBird) {
            return isBird ? speaking : all;
        }
    }

    /// A service that would be left with fewer next hops than its class wants, and fewer than it has.
    record Starved(String service, int before, int after) {}

    /// By NodePlans of the cluster. Who deleted a BGPSpeaker meant its nodes.
    static NextHops ofPresent(Collection<Manifest> plans, Model model) {
        Set<String> speakers = model.speakers().stream().map(Speaker::name).collect(Collectors.toSet());
        IdentityHashMap<Node, Group> groups = new IdentityHashMap<>();
        for (Manifest plan : plans) {
            Node spec = plan.root().get("spec");
            if (spec != null) {
                groups.computeIfAbsent(spec, _ -> new Group())
                        .add(
                                plan.name(),
                                Hold.items(plan, "peers").stream()
                                        .anyMatch(peer -> speakers.contains(String.valueOf(peer.text("speaker")))));
            }
        }
        NextHops hops = new NextHops();
        groups.forEach((spec, group) -> {
            for (Node item : spec.items("services")) {
                Set<String> nodes = group.of(isBird(item));
                hops.addClass(item.text("className"), nodes);
                if (!NodePlanReader.isCollateral(item)) {
                    hops.addService(
                            item.text("className"),
                            item.text("namespace") + "/" + item.text("name"),
                            When.LOCAL_ENDPOINT.word().equals(item.text("announceWhen")),
                            nodes);
                }
            }
            spec.items("prefixes").forEach(item -> hops.addClass(item.text("className"), group.of(isBird(item))));
        });
        return hops;
    }

    private static boolean isBird(Node item) {
        return Backend.BIRD.word().equals(item.text("backend"));
    }

    /// By what the compiler wants NodePlans to say.
    static NextHops ofPlanned(List<NodePlan> plans) {
        IdentityHashMap<List<PlannedService>, Group> services = new IdentityHashMap<>();
        IdentityHashMap<List<PlannedPrefix>, Group> prefixes = new IdentityHashMap<>();
        for (NodePlan plan : plans) {
            boolean speaks = !plan.peers().isEmpty();
            services.computeIfAbsent(plan.services(), _ -> new Group()).add(plan.node(), speaks);
            prefixes.computeIfAbsent(plan.prefixes(), _ -> new Group()).add(plan.node(), speaks);
        }
        NextHops hops = new NextHops();
        services.forEach((list, group) -> list.forEach(service -> {
            Set<String> nodes = group.of(service.backend() == Backend.BIRD);
            hops.addClass(service.className(), nodes);
            if (!service.collateral()) {
                hops.addService(
                        service.className(), service.service(), service.announceWhen() == When.LOCAL_ENDPOINT, nodes);
            }
        }));
        prefixes.forEach((list, group) ->
                list.forEach(prefix -> hops.addClass(prefix.className(), group.of(prefix.backend() == Backend.BIRD))));
        return hops;
    }

    private void addClass(@Nullable String className, Set<String> nodes) {
        if (className != null) {
            Set<String> known = classes.computeIfAbsent(className, _ -> new TreeSet<>());
            if (known.size() < nodes.size() || !known.containsAll(nodes)) {
                known.addAll(nodes);
            }
        }
    }

    private void addService(@Nullable String className, String service, boolean local, Set<String> nodes) {
        if (className != null) {
            services.merge(
                    new Key(className, service),
                    new Hops(local, List.of(nodes)),
                    (one, other) -> new Hops(one.local() || other.local(), joined(one.nodes(), other.nodes())));
        }
    }

    private static List<Set<String>> joined(List<Set<String>> some, List<Set<String>> more) {
        List<Set<String>> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    /// The nodes that announce something of a class.
    Set<String> of(String className) {
        return classes.getOrDefault(className, Set.of());
    }

    /// The services that these leave with fewer next hops than the least, and fewer than those before do, sorted.
    List<Starved> starved(NextHops before, String className, long least, Model model) {
        Map<Key, Moved> changed = new HashMap<>();
        IdentityHashMap<Set<String>, IdentityHashMap<Set<String>, Boolean>> same = new IdentityHashMap<>();
        before.services.forEach((key, hops) -> {
            Hops after = services.get(key);
            if (key.className().equals(className) && after != null && !isSame(hops, after, same)) {
                changed.put(key, new Moved(hops, after));
            }
        });
        if (changed.isEmpty()) {
            return List.of();
        }
        Map<String, Set<String>> ready = ready(model, changed.keySet());
        List<Starved> starved = new ArrayList<>();
        changed.forEach((key, change) -> {
            Set<String> nodes = ready.getOrDefault(key.service(), Set.of());
            int was = change.before().count(nodes);
            int will = change.after().count(nodes);
            if (will < least && will < was) {
                starved.add(new Starved(key.service(), was, will));
            }
        });
        starved.sort((one, other) -> one.service().compareTo(other.service()));
        return starved;
    }

    /// Nodes are in few groups, and of each two the same is asked for thousands of services.
    private static boolean isSame(
            Hops one, Hops other, IdentityHashMap<Set<String>, IdentityHashMap<Set<String>, Boolean>> same) {
        if (one.local() != other.local()) {
            return false;
        }
        if (one.nodes().size() > 1 || other.nodes().size() > 1) {
            return one.all().equals(other.all());
        }
        return same.computeIfAbsent(one.nodes().getFirst(), _ -> new IdentityHashMap<>())
                .computeIfAbsent(other.nodes().getFirst(), one.nodes().getFirst()::equals);
    }

    private static Map<String, Set<String>> ready(Model model, Set<Key> of) {
        Set<String> services = of.stream().map(Key::service).collect(Collectors.toSet());
        Map<String, Set<String>> ready = new HashMap<>();
        for (EndpointSlice slice : model.slices()) {
            if (services.contains(slice.serviceId())) {
                slice.endpoints().stream()
                        .filter(EndpointSlice.Endpoint::ready)
                        .forEach(endpoint -> ready.computeIfAbsent(slice.serviceId(), _ -> new HashSet<>())
                                .add(String.valueOf(endpoint.nodeName())));
            }
        }
        return ready;
    }
}
