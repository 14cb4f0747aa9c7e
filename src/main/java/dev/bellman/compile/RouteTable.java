package dev.bellman.compile;

import dev.bellman.address.Cidr;
import dev.bellman.address.Family;
import dev.bellman.address.Ip;
import dev.bellman.model.ClusterNode;
import dev.bellman.plan.Prediction;
import dev.bellman.plan.Prediction.Announcement;
import dev.bellman.plan.Prediction.NodeRoutes;
import dev.bellman.plan.Prediction.UpstreamRoute;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Collects who announces what, and makes of it each node's routes and those of a router that hears all nodes.
final class RouteTable {
    private final TreeMap<Cidr, List<Announced>> routes = new TreeMap<>();

    /// One reason to announce a prefix, and the nodes that have it.
    private record Announced(Announcement announcement, List<ClusterNode> from) {}

    void announce(List<ClusterNode> from, Announcement announcement) {
        if (!from.isEmpty()) {
            routes.computeIfAbsent(announcement.prefix(), _ -> new ArrayList<>(1))
                    .add(new Announced(announcement, from));
        }
    }

    /// The nodes that announce just this prefix, whatever for; mostly the very list that they were announced with.
    List<ClusterNode> from(Cidr prefix) {
        List<Announced> all = routes.getOrDefault(prefix, List.of());
        return all.size() == 1
                ? all.getFirst().from()
                : all.stream()
                        .flatMap(announced -> announced.from().stream())
                        .distinct()
                        .toList();
    }

    /// Prefix by prefix in the order of the table, so that every node's list grows in order too: with 500 nodes and as
    /// many routes from each there is no time to sort.
    ///
    /// @param all every node that may have announced something
    Prediction prediction(List<ClusterNode> all) {
        Map<String, List<Announcement>> nodes = new TreeMap<>();
        all.forEach(node -> nodes.put(node.name(), new ArrayList<>()));
        List<UpstreamRoute> upstream = new ArrayList<>();
        // Many routes come from the very same list of nodes.
        IdentityHashMap<List<ClusterNode>, Map<Family, List<Ip>>> known = new IdentityHashMap<>();
        IdentityHashMap<List<ClusterNode>, List<List<Announcement>>> lists = new IdentityHashMap<>();
        routes.forEach((prefix, announced) -> {
            Announced first = announced.getFirst();
            List<Ip> hops;
            if (announced.size() == 1) {
                lists.computeIfAbsent(
                                first.from(),
                                from -> from.stream()
                                        .map(node -> at(nodes, node.name()))
                                        .toList())
                        .forEach(list -> list.add(first.announcement()));
                hops = known.computeIfAbsent(first.from(), _ -> new EnumMap<>(Family.class))
                        .computeIfAbsent(prefix.family(), _ -> nextHops(prefix, announced));
            } else {
                Map<String, Announcement> best = new TreeMap<>();
                for (Announced one : announced) {
                    one.from().forEach(node -> best.merge(node.name(), one.announcement(), RouteTable::better));
                }
                best.forEach((node, announcement) -> at(nodes, node).add(announcement));
                hops = nextHops(prefix, announced);
            }
            if (!hops.isEmpty()) {
                upstream.add(
                        new UpstreamRoute(prefix, hops, best(prefix, announced).cause()));
            }
        });
        List<NodeRoutes> perNode = new ArrayList<>();
        nodes.forEach((node, announcements) -> perNode.add(new NodeRoutes(node, announcements)));
        return new Prediction(perNode, upstream);
    }

    private static List<Announcement> at(Map<String, List<Announcement>> nodes, String node) {
        return nodes.computeIfAbsent(node, _ -> new ArrayList<>());
    }

    /// Of two reasons for one route, the one that somebody asked for explains it better.
    private static Announcement better(Announcement before, Announcement added) {
        return before.collateral() && !added.collateral() ? added : before;
    }

    /// Of those that give the router a next hop.
    private static Announcement best(Cidr prefix, List<Announced> announced) {
        return announced.stream()
                .filter(one ->
                        announced.size() == 1 || !nextHops(prefix, List.of(one)).isEmpty())
                .map(Announced::announcement)
                .reduce(RouteTable::better)
                .orElseThrow();
    }

    private static List<Ip> nextHops(Cidr prefix, List<Announced> announced) {
        Set<Ip> hops = new TreeSet<>();
        for (Announced one : announced) {
            for (ClusterNode node : one.from()) {
                Ip hop = node.internalIp(prefix.family());
                if (hop != null) {
                    hops.add(hop);
                }
            }
        }
        return List.copyOf(hops);
    }
}
