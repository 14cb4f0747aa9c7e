package dev.bellman.operator;

import dev.bellman.document.Manifest;
import dev.bellman.document.Node;
import dev.bellman.document.Plain;
import dev.bellman.model.AdvertisementClass;
import dev.bellman.model.ClusterNode;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.NodePlanReader;
import dev.bellman.plan.PlannedPrefix;
import dev.bellman.plan.PlannedService;
import dev.bellman.report.Hash;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Classes of which nothing is changed for now, each with why, since a change would withdraw more addresses than its
/// guardrails allow, or leave fewer nodes that announce them.
///
/// Only accidents are held back: a change of up to [#MANY] addresses is work, and what somebody deleted is
/// deliberate. So is the exclusion of a node.
///
/// @param classes what waits, by class
record Hold(Map<String, Waiting> classes) {
    /// `maxWithdrawnPercent` speaks of changes that withdraw more addresses than this.
    static final int MANY = 5;

    /// The annotation of a class that lets a plan pass; its value is [Waiting#hash].
    static final String APPROVAL = "bellman.dev/approved-plan";

    /// @param withdrawn how many addresses would no longer be advertised, of how many
    /// @param nextHops how many nodes would announce the class, of how many that still could
    /// @param hash of what would be withdrawn, for the approval
    record Waiting(
            int withdrawn, int of, long allowedPercent, int nextHops, int ofNextHops, long leastNextHops, String hash) {
        Waiting withHash(String other) {
            return new Waiting(withdrawn, of, allowedPercent, nextHops, ofNextHops, leastNextHops, other);
        }

        boolean withdrawsTooMuch() {
            return withdrawn > MANY && withdrawn * 100L > allowedPercent * of;
        }

        boolean leavesTooFew() {
            return nextHops < leastNextHops && nextHops < ofNextHops;
        }
    }

    static Hold of(Judgement judgement, PresentPlans present) {
        Set<String> able = judgement.result().model().nodes().stream()
                .filter(node -> !node.excluded())
                .map(ClusterNode::name)
                .collect(Collectors.toSet());
        List<Manifest> plans = present.whole().stream()
                .filter(plan -> able.contains(plan.name()))
                .toList();
        Map<String, Set<String>> before = new TreeMap<>();
        PresentPlans.distinct(plans).forEach(plan -> addPresent(plan, judgement, before));
        Map<String, Set<String>> after = new TreeMap<>();
        Set<Object> lists = Collections.newSetFromMap(new IdentityHashMap<>());
        for (NodePlan plan : judgement.result().plan().nodePlans()) {
            boolean services = lists.add(plan.services());
            boolean prefixes = lists.add(plan.prefixes());
            if (services || prefixes) {
                addPlanned(plan, after);
            }
        }
        // What another class announces now is not withdrawn.
        Set<String> staying = after.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        Map<String, Set<String>> nodesBefore = new HashMap<>();
        Map<String, Set<String>> nodesAfter = new HashMap<>();
        addNodes(judgement, plans, nodesBefore, nodesAfter);
        Map<String, Waiting> held = new TreeMap<>();
        for (AdvertisementClass advertisementClass : judgement.result().model().classes()) {
            String name = advertisementClass.name();
            Waiting waiting = waiting(
                    advertisementClass,
                    before.getOrDefault(name, Set.of()),
                    staying,
                    nodesBefore.getOrDefault(name, Set.of()),
                    judgement.announcesNothing(advertisementClass)
                            ? nodesBefore.getOrDefault(name, Set.of())
                            : nodesAfter.getOrDefault(name, Set.of()));
            if (waiting != null) {
                held.put(name, waiting);
            }
        }
        return new Hold(held);
    }

    /// The nodes that announce a class.
    private static void addNodes(
            Judgement judgement,
            List<Manifest> plans,
            Map<String, Set<String>> before,
            Map<String, Set<String>> after) {
        IdentityHashMap<Node, Set<String>> classes = new IdentityHashMap<>();
        for (Manifest plan : plans) {
            Node spec = plan.root().get("spec");
            if (spec != null) {
                classes.computeIfAbsent(spec, _ -> classes(plan).collect(Collectors.toSet()))
                        .forEach(name -> before.computeIfAbsent(name, _ -> new TreeSet<>())
                                .add(plan.name()));
            }
        }
        IdentityHashMap<List<?>, Set<String>> ofLists = new IdentityHashMap<>();
        for (NodePlan plan : judgement.result().plan().nodePlans()) {
            Stream.concat(
                            ofLists
                                    .computeIfAbsent(
                                            plan.services(), _ -> names(plan.services(), PlannedService::className))
                                    .stream(),
                            ofLists
                                    .computeIfAbsent(
                                            plan.prefixes(), _ -> names(plan.prefixes(), PlannedPrefix::className))
                                    .stream())
                    .forEach(name ->
                            after.computeIfAbsent(name, _ -> new TreeSet<>()).add(plan.node()));
        }
    }

    /// The class of each item of a NodePlan.
    static Stream<String> classes(Manifest plan) {
        return Stream.of("prefixes", "services")
                .flatMap(list -> items(plan, list).stream())
                .map(item -> String.valueOf(item.text("className")));
    }

    private static <T> Set<String> names(List<T> items, Function<T, String> name) {
        return items.stream().map(name).collect(Collectors.toSet());
    }

    private static @Nullable Waiting waiting(
            AdvertisementClass advertisementClass,
            Set<String> before,
            Set<String> staying,
            Set<String> nodesBefore,
            Set<String> nodesAfter) {
        Set<String> gone = new TreeSet<>(before);
        gone.removeAll(staying);
        AdvertisementClass.Guardrails guardrails = advertisementClass.guardrails();
        Waiting waiting = new Waiting(
                gone.size(),
                before.size(),
                guardrails.maxWithdrawnPercent().value(),
                nodesAfter.size(),
                nodesBefore.size(),
                guardrails.minNextHops().value(),
                "");
        if (!waiting.withdrawsTooMuch() && !waiting.leavesTooFew()) {
            return null;
        }
        // Of this very change: an approval must not let another one pass.
        List<Object> what = new ArrayList<>(List.of("class", advertisementClass.name()));
        if (waiting.withdrawsTooMuch()) {
            what.addAll(gone);
        }
        if (waiting.leavesTooFew()) {
            what.add("from");
            what.addAll(nodesBefore);
            what.add("to");
            what.addAll(nodesAfter);
        }
        String hash = Hash.of(what);
        String approved = advertisementClass.manifest().root().text("metadata", "annotations", APPROVAL);
        return hash.equals(approved) ? null : waiting.withHash(hash);
    }

    /// The addresses that a plan of the cluster announces, but for those of policies that somebody deleted.
    private static void addPresent(Manifest plan, Judgement judgement, Map<String, Set<String>> addresses) {
        for (Node item : items(plan, "services")) {
            if (!isAbandoned(item, judgement) && !NodePlanReader.isCollateral(item)) {
                item.items("addresses")
                        .forEach(address -> add(addresses, item.text("className"), address.text("address")));
            }
        }
        for (Node item : items(plan, "prefixes")) {
            add(addresses, item.text("className"), item.text("cidr"));
        }
    }

    /// Whether the policies that asked for an item of a NodePlan are all deleted.
    static boolean isAbandoned(Node item, Judgement judgement) {
        List<String> policies = item.items("policies").stream()
                .map(policy -> String.valueOf(Plain.of(policy)))
                .toList();
        return !policies.isEmpty() && policies.stream().noneMatch(policy -> isThere(policy, judgement));
    }

    private static boolean isThere(String policy, Judgement judgement) {
        String object = "ServiceAdvertisementPolicy " + policy;
        return !judgement.leaving().contains(object)
                && (judgement.accepted().contains(object)
                        || judgement.findings().containsKey(object));
    }

    private static void addPlanned(NodePlan plan, Map<String, Set<String>> addresses) {
        plan.services().stream()
                .filter(service -> !service.collateral())
                .forEach(service -> service.addresses()
                        .forEach(address -> add(
                                addresses,
                                service.className(),
                                address.ip() == null ? null : address.ip().toString())));
        plan.prefixes()
                .forEach(prefix ->
                        add(addresses, prefix.className(), prefix.cidr().toString()));
    }

    private static void add(Map<String, Set<String>> addresses, @Nullable String className, @Nullable String address) {
        if (className != null && address != null) {
            addresses.computeIfAbsent(className, _ -> new HashSet<>()).add(address);
        }
    }

    /// The items of a list of a NodePlan's spec.
    static List<Node> items(Manifest plan, String list) {
        return plan.root().items("spec", list);
    }
}
