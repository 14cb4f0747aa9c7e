package dev.bellman.compile;

import dev.bellman.address.Cidr;
import dev.bellman.diagnostic.Related;
import dev.bellman.model.AdvertisementClass;
import dev.bellman.model.ClusterNode;
import dev.bellman.model.Located;
import dev.bellman.model.Prefix;
import dev.bellman.model.Selection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Checks that the prefixes of classes keep out of each other's, the pods' and the nodes' way.
final class PrefixChecks {
    private final Index index;
    private final Findings findings;

    private PrefixChecks(Index index, Findings findings) {
        this.index = index;
        this.findings = findings;
    }

    static void check(Index index, List<Located<Cidr>> clusterCidrs, Findings findings) {
        PrefixChecks checks = new PrefixChecks(index, findings);
        List<Located<Cidr>> pods = checks.pods(clusterCidrs);
        for (AdvertisementClass advertisementClass : index.model().classes()) {
            for (Prefix prefix : advertisementClass.prefixes()) {
                checks.checkPods(advertisementClass, prefix, pods);
                checks.checkNodes(advertisementClass, prefix);
                checks.checkOthers(advertisementClass, prefix);
                checks.checkNamespaces(advertisementClass, prefix);
            }
            checks.checkUse(advertisementClass);
        }
    }

    private List<Located<Cidr>> pods(List<Located<Cidr>> clusterCidrs) {
        List<Located<Cidr>> pods = new ArrayList<>(clusterCidrs);
        index.model().classes().forEach(one -> pods.addAll(one.dataplane().clusterCidrs()));
        index.nodes().forEach(node -> pods.addAll(node.podCidrs()));
        return pods;
    }

    private void checkPods(AdvertisementClass advertisementClass, Prefix prefix, List<Located<Cidr>> pods) {
        pods.stream()
                .filter(pod -> pod.value().overlaps(prefix.cidr()))
                .findFirst()
                .ifPresent(pod -> findings.report(
                        "prefix-overlaps-pods",
                        prefix.span(),
                        advertisementClass.manifest().object(),
                        "prefix " + prefix.cidr() + " overlaps the pods' addresses " + pod.value(),
                        List.of(new Related(pod.span(), "the pods' addresses are given here"))));
    }

    private void checkNodes(AdvertisementClass advertisementClass, Prefix prefix) {
        List<Related> inside = new ArrayList<>();
        for (ClusterNode node : index.nodes()) {
            node.internalIps().stream()
                    .filter(ip -> prefix.cidr().contains(ip.value()))
                    .forEach(ip -> inside.add(new Related(ip.span(), "node " + node.name() + " has " + ip.value())));
        }
        if (!inside.isEmpty()) {
            findings.report(
                    "prefix-overlaps-nodes",
                    prefix.span(),
                    advertisementClass.manifest().object(),
                    "prefix " + prefix.cidr() + " holds addresses of nodes",
                    inside.stream().limit(3).toList());
        }
    }

    /// Once for each pair of classes that meet in a prefix: at the later of the two places, as with duplicates. In a
    /// cluster both hear of it: which of them was there first is not for the compiler to say.
    private void checkOthers(AdvertisementClass advertisementClass, Prefix prefix) {
        for (AdvertisementClass other : index.model().classes()) {
            if (other.name().equals(advertisementClass.name())) {
                continue;
            }
            List<Prefix> overlapping = other.prefixes().stream()
                    .filter(theirs -> theirs.cidr().overlaps(prefix.cidr()))
                    .filter(theirs -> advertisementClass.manifest().observed()
                            || theirs.span().compareTo(prefix.span()) < 0)
                    .toList();
            if (!overlapping.isEmpty()) {
                findings.report(
                        "prefix-overlap",
                        prefix.span(),
                        advertisementClass.manifest().object(),
                        "prefix " + prefix.cidr() + " overlaps "
                                + overlapping.stream()
                                        .map(theirs -> theirs.cidr().toString())
                                        .distinct()
                                        .collect(Collectors.joining(", "))
                                + " of class `" + other.name() + "`",
                        overlapping.stream()
                                .map(theirs -> new Related(theirs.span(), "class " + other.name() + " has it here"))
                                .toList());
            }
        }
    }

    private void checkNamespaces(AdvertisementClass advertisementClass, Prefix prefix) {
        Set<String> known = new HashSet<>(index.model().namespaces().keySet());
        if (known.isEmpty()) {
            return;
        }
        index.model().services().forEach(service -> known.add(service.namespace()));
        index.model().policies().forEach(policy -> known.add(policy.namespace()));
        boolean any = known.stream()
                .anyMatch(
                        name -> prefix.namespaces().selects(name, index.model().namespaceLabels(name)));
        if (!any && !(prefix.namespaces() instanceof Selection.None)) {
            findings.report(
                    "namespaces-match-nothing",
                    prefix.namespaces().span(),
                    advertisementClass.manifest().object(),
                    "no known namespace may advertise out of " + prefix.cidr());
        }
    }

    /// A class that announces no prefix by itself and that no policy names does nothing.
    private void checkUse(AdvertisementClass advertisementClass) {
        boolean named = index.model().policies().stream()
                .anyMatch(policy ->
                        policy.className() != null && policy.className().value().equals(advertisementClass.name()));
        // One of them may mean this class.
        boolean anyLost = index.model().policies().stream()
                .anyMatch(policy -> policy.className() == null
                        || index.advertisementClass(policy.className().value()) == null);
        boolean announces = advertisementClass.prefixes().stream()
                .anyMatch(prefix -> prefix.advertise() == Prefix.Advertise.ALWAYS);
        if (!named && !anyLost && !announces && !advertisementClass.prefixes().isEmpty()) {
            findings.report(
                    "unused-class",
                    advertisementClass.manifest().nameSpan(),
                    advertisementClass.manifest().object(),
                    "no policy names class `" + advertisementClass.name() + "`, and none of its prefixes is announced");
        }
    }
}
