package dev.bellman.compile;

import dev.bellman.address.Family;
import dev.bellman.diagnostic.Nearest;
import dev.bellman.diagnostic.Related;
import dev.bellman.diagnostic.Severity;
import dev.bellman.model.AdvertisementClass;
import dev.bellman.model.ClusterNode;
import dev.bellman.model.Located;
import dev.bellman.model.Prefix;
import dev.bellman.model.Selection;
import dev.bellman.model.Speaker;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Checks that classes and speakers find their nodes, and that nodes can do what they are chosen for.
final class NodeChecks {
    private final Index index;
    private final Findings findings;

    private NodeChecks(Index index, Findings findings) {
        this.index = index;
        this.findings = findings;
    }

    static void check(Index index, Findings findings) {
        NodeChecks checks = new NodeChecks(index, findings);
        for (AdvertisementClass advertisementClass : index.model().classes()) {
            checks.checkSelection(
                    advertisementClass.nodes(), advertisementClass.manifest().object());
            checks.checkFamilies(advertisementClass);
            if (advertisementClass.backend().value() == AdvertisementClass.Backend.BIRD) {
                checks.checkSpeakers(advertisementClass);
            }
        }
        for (Speaker speaker : index.model().speakers()) {
            checks.checkSelection(speaker.nodes(), speaker.manifest().object());
            checks.checkOtherSpeakers(speaker);
        }
        checks.checkDataplanes();
    }

    private void checkSelection(Selection selection, String object) {
        if (!index.nodesKnown()) {
            return;
        }
        if (selection instanceof Selection.Names names) {
            List<String> known = index.nodes().stream().map(ClusterNode::name).toList();
            names.names().stream()
                    .filter(name -> !known.contains(name.value()))
                    .forEach(name -> findings.reportWithHelp(
                            "nodes-match-nothing",
                            name.span(),
                            object,
                            "there is no node `" + name.value() + "`",
                            Nearest.help(name.value(), known),
                            List.of()));
            return;
        }
        boolean any = index.nodes().stream().anyMatch(node -> selection.selects(node.name(), node.labels()));
        if (!any && !(selection instanceof Selection.None)) {
            findings.report("nodes-match-nothing", selection.span(), object, "no node has these labels");
        }
    }

    /// A node without an address of a family is no next hop for prefixes of that family.
    private void checkFamilies(AdvertisementClass advertisementClass) {
        List<ClusterNode> eligible =
                index.nodes().stream().filter(advertisementClass::announcesFrom).toList();
        for (Prefix prefix : advertisementClass.prefixes()) {
            Family family = prefix.cidr().family();
            List<ClusterNode> without = eligible.stream()
                    .filter(node -> node.internalIp(family) == null)
                    .toList();
            if (!without.isEmpty()) {
                findings.report(
                        "node-without-address",
                        prefix.span(),
                        advertisementClass.manifest().object(),
                        count(without.size(), "node") + " of " + eligible.size() + " cannot be a next hop for "
                                + prefix.cidr() + ": no " + family.word() + " InternalIP",
                        without.stream()
                                .limit(3)
                                .map(node -> new Related(node.span(), "node " + node.name()))
                                .toList());
            }
        }
    }

    private void checkSpeakers(AdvertisementClass advertisementClass) {
        List<Speaker> speakers = index.model().speakers();
        if (speakers.isEmpty()) {
            findings.report(
                    "speaker-missing",
                    advertisementClass.backend().span(),
                    advertisementClass.manifest().object(),
                    "class `" + advertisementClass.name() + "` has the Bird backend, but there is no BGPSpeaker");
            return;
        }
        // A speaker that selects nothing is a finding of its own, and the likely reason.
        boolean lost = speakers.stream()
                .anyMatch(speaker ->
                        index.nodes().stream().noneMatch(node -> speaker.nodes().selects(node.name(), node.labels())));
        List<ClusterNode> silent = index.nodes().stream()
                .filter(advertisementClass::announcesFrom)
                .filter(node ->
                        speakers.stream().noneMatch(speaker -> speaker.nodes().selects(node.name(), node.labels())))
                .toList();
        if (!silent.isEmpty() && !lost) {
            findings.report(
                    "speaker-missing",
                    Severity.WARNING,
                    advertisementClass.nodes().span(),
                    advertisementClass.manifest().object(),
                    "no BGPSpeaker runs on " + count(silent.size(), "node") + " of class `" + advertisementClass.name()
                            + "`",
                    silent.stream()
                            .limit(3)
                            .map(node -> new Related(node.span(), "node " + node.name()))
                            .toList());
        }
        checkLocalPreference(advertisementClass);
    }

    /// Local preference stays inside an AS (RFC 4271, section 5.1.5): an external neighbour never sees it.
    private void checkLocalPreference(AdvertisementClass advertisementClass) {
        boolean onlyExternal = index.model().speakers().stream()
                .allMatch(speaker -> speaker.peers().stream()
                        .allMatch(peer -> peer.asn() != speaker.localAsn().value()));
        if (!onlyExternal) {
            return;
        }
        report(
                advertisementClass.attributes().localPreference(),
                advertisementClass.manifest().object());
        index.model().policies().stream()
                .filter(policy ->
                        policy.className() != null && policy.className().value().equals(advertisementClass.name()))
                .forEach(policy -> report(
                        policy.attributes().localPreference(), policy.manifest().object()));
    }

    private void report(@Nullable Located<Long> localPreference, String object) {
        if (localPreference != null) {
            findings.report(
                    "local-preference-to-external-peer",
                    localPreference.span(),
                    object,
                    "every peer is in another AS, and local preference is not sent to those");
        }
    }

    private void checkOtherSpeakers(Speaker speaker) {
        for (Speaker other : index.model().speakers()) {
            if (other.name().equals(speaker.name())) {
                continue;
            }
            index.nodes().stream()
                    .filter(node -> speaker.nodes().selects(node.name(), node.labels())
                            && other.nodes().selects(node.name(), node.labels()))
                    .findFirst()
                    .ifPresent(node -> checkTogether(speaker, other, node));
        }
    }

    private void checkTogether(Speaker speaker, Speaker other, ClusterNode node) {
        if (!other.localAsn().value().equals(speaker.localAsn().value())) {
            findings.report(
                    "speaker-conflict",
                    speaker.localAsn().span(),
                    speaker.manifest().object(),
                    "node `" + node.name() + "` would speak as AS "
                            + speaker.localAsn().value() + " and, for BGPSpeaker `" + other.name() + "`, as AS "
                            + other.localAsn().value(),
                    List.of(new Related(other.localAsn().span(), "BGPSpeaker " + other.name())));
            return;
        }
        speaker.peers().stream()
                .filter(peer -> other.peers().stream()
                        .anyMatch(theirs -> theirs.address().equals(peer.address())))
                .forEach(peer -> findings.report(
                        "speaker-conflict",
                        speaker.nodes().span(),
                        speaker.manifest().object(),
                        "node `" + node.name() + "` would open two sessions with " + peer.address()
                                + ", one of them for BGPSpeaker `" + other.name() + "`",
                        List.of(new Related(other.nodes().span(), "BGPSpeaker " + other.name()))));
    }

    /// One node has one set of Service rules, so classes that share nodes must agree on them.
    private void checkDataplanes() {
        List<AdvertisementClass> classes = index.model().classes();
        for (AdvertisementClass one : classes) {
            for (AdvertisementClass other : classes) {
                boolean differs = !one.name().equals(other.name()) && !sameDataplane(one, other);
                boolean meet = index.nodes().stream()
                        .anyMatch(node -> one.nodes().selects(node.name(), node.labels())
                                && other.nodes().selects(node.name(), node.labels()));
                if (differs && meet) {
                    findings.report(
                            "dataplane-conflict",
                            one.dataplaneSpan(),
                            one.manifest().object(),
                            "classes `" + one.name() + "` and `" + other.name()
                                    + "` share nodes but differ in their dataplane",
                            List.of(new Related(other.dataplaneSpan(), "class " + other.name())));
                }
            }
        }
    }

    private static boolean sameDataplane(AdvertisementClass one, AdvertisementClass other) {
        return one.dataplane().rules().equals(other.dataplane().rules())
                && one.dataplane().ruleBackend().equals(other.dataplane().ruleBackend())
                && one.dataplane().clusterCidrs().stream()
                        .map(Located::value)
                        .toList()
                        .equals(other.dataplane().clusterCidrs().stream()
                                .map(Located::value)
                                .toList());
    }

    private static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
