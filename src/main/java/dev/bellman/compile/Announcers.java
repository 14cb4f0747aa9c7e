package dev.bellman.compile;

import dev.bellman.model.AdvertisementClass;
import dev.bellman.model.ClusterNode;
import dev.bellman.model.Prefix;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The nodes that can announce what a class with the Bird backend advertises. A node announces to its peers, so one
/// without a speaker announces nothing.
final class Announcers {
    private final Index index;
    private final NodePrefixes prefixes;
    private final Map<String, List<ClusterNode>> byClass = new HashMap<>();

    Announcers(Index index, NodePrefixes prefixes) {
        this.index = index;
        this.prefixes = prefixes;
    }

    /// Those that can announce one of its prefixes whole.
    List<ClusterNode> of(AdvertisementClass advertisementClass, Prefix prefix) {
        return prefixes.announcing(of(advertisementClass), advertisementClass, prefix);
    }

    List<ClusterNode> of(AdvertisementClass advertisementClass) {
        return byClass.computeIfAbsent(advertisementClass.name(), _ -> find(advertisementClass));
    }

    private List<ClusterNode> find(AdvertisementClass advertisementClass) {
        return index.nodes().stream()
                .filter(advertisementClass::announcesFrom)
                .filter(node -> index.model().speakers().stream()
                        .anyMatch(speaker -> speaker.nodes().selects(node.name(), node.labels())
                                && !speaker.peers().isEmpty()))
                .toList();
    }
}
