package dev.bellman.compile;

import dev.bellman.model.AdvertisementClass;
import dev.bellman.model.ClusterNode;
import dev.bellman.model.Prefix;
import dev.bellman.plan.Cause;
import dev.bellman.plan.PlannedPrefix;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The classes that each node announces for, and their prefixes that it announces whole.
final class NodePrefixes {
    private final Map<String, List<String>> classes = new HashMap<>();
    // Nodes of the same classes share their list.
    private final Map<List<String>, List<PlannedPrefix>> planned = new HashMap<>();
    private final Map<List<String>, Set<PlannedPrefix>> leftOut = new HashMap<>();

    NodePrefixes(Index index, Findings findings) {
        Limits limits = new Limits(findings);
        for (ClusterNode node : index.nodes()) {
            List<AdvertisementClass> mine = index.model().classes().stream()
                    .filter(advertisementClass -> advertisementClass.announcesFrom(node))
                    .toList();
            List<String> names = mine.stream().map(AdvertisementClass::name).toList();
            classes.put(node.name(), names);
            planned.computeIfAbsent(names, _ -> plan(node, names, mine, limits));
        }
    }

    private List<PlannedPrefix> plan(
            ClusterNode node, List<String> names, List<AdvertisementClass> mine, Limits limits) {
        List<PlannedPrefix> all = mine.stream()
                .flatMap(advertisementClass -> advertisementClass.prefixes().stream()
                        .filter(prefix -> prefix.advertise() == Prefix.Advertise.ALWAYS)
                        .map(prefix -> planned(advertisementClass, prefix)))
                .sorted(Comparator.comparing(PlannedPrefix::cidr)
                        .thenComparing(PlannedPrefix::kind)
                        .thenComparing(PlannedPrefix::className))
                .toList();
        List<PlannedPrefix> within = limits.prefixes(node.name(), all);
        if (within.size() < all.size()) {
            leftOut.put(names, Set.copyOf(all.subList(within.size(), all.size())));
        }
        return List.copyOf(within);
    }

    private static PlannedPrefix planned(AdvertisementClass advertisementClass, Prefix prefix) {
        return new PlannedPrefix(
                prefix.cidr(),
                prefix.kind(),
                advertisementClass.name(),
                advertisementClass.backend().value(),
                NodePlans.attributes(advertisementClass.attributes()),
                new Cause(prefix.span(), null));
    }

    /// The names of the classes that a node announces for.
    List<String> classes(ClusterNode node) {
        return classes.getOrDefault(node.name(), List.of());
    }

    /// Sorted.
    List<PlannedPrefix> of(ClusterNode node) {
        return planned.getOrDefault(classes(node), List.of());
    }

    /// Of nodes of a class those whose plans have one of its prefixes: mostly the very list.
    List<ClusterNode> announcing(List<ClusterNode> nodes, AdvertisementClass advertisementClass, Prefix prefix) {
        if (leftOut.isEmpty()) {
            return nodes;
        }
        PlannedPrefix wanted = planned(advertisementClass, prefix);
        return nodes.stream()
                .filter(node -> !leftOut.getOrDefault(classes(node), Set.of()).contains(wanted))
                .toList();
    }
}
