package dev.bellman.operator;

import dev.bellman.document.Manifest;
import dev.bellman.document.Node;
import dev.bellman.document.Plain;
import dev.bellman.model.AdvertisementClass;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.NodePlanReader;
import dev.bellman.report.Hash;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Classes of which nothing is changed for now, each with why, since a change would withdraw more addresses than its
/// guardrail allows.
///
/// Only accidents are held back: a change of up to [#MANY] addresses is work, and what somebody deleted is deliberate.
///
/// @param classes what waits, by class
record Hold(Map<String, Waiting> classes) {
    /// `maxWithdrawnPercent` speaks of changes that withdraw more addresses than this.
    static final int MANY = 5;

    /// The annotation of a class that lets a plan pass; its value is [Waiting#hash].
    static final String APPROVAL = "bellman.dev/approved-plan";

    /// @param withdrawn how many addresses would no longer be advertised, of how many
    /// @param hash of what would be withdrawn, for the approval
    record Waiting(int withdrawn, int of, long allowedPercent, String hash) {}

    static Hold of(Judgement judgement, PresentPlans present) {
        Map<String, Set<String>> before = new TreeMap<>();
        present.distinct().forEach(plan -> addPresent(plan, judgement, before));
        Map<String, Set<String>> after = new TreeMap<>();
        Set<Object> lists = Collections.newSetFromMap(new IdentityHashMap<>());
        for (NodePlan plan : judgement.result().plan().nodePlans()) {
            boolean services = lists.add(plan.services());
            boolean prefixes = lists.add(plan.prefixes());
            if (services || prefixes) {
                addPlanned(plan, after);
            }
        }
        Map<String, Waiting> held = new TreeMap<>();
        for (AdvertisementClass advertisementClass : judgement.result().model().classes()) {
            Waiting waiting = waiting(
                    advertisementClass,
                    before.getOrDefault(advertisementClass.name(), Set.of()),
                    after.getOrDefault(advertisementClass.name(), Set.of()));
            if (waiting != null) {
                held.put(advertisementClass.name(), waiting);
            }
        }
        return new Hold(held);
    }

    private static @Nullable Waiting waiting(
            AdvertisementClass advertisementClass, Set<String> before, Set<String> after) {
        Set<String> gone = new TreeSet<>(before);
        gone.removeAll(after);
        long allowed = advertisementClass.guardrails().maxWithdrawnPercent().value();
        if (gone.size() <= MANY || gone.size() * 100L <= allowed * before.size()) {
            return null;
        }
        String hash = Hash.of(gone);
        String approved = advertisementClass.manifest().root().text("metadata", "annotations", APPROVAL);
        return hash.equals(approved) ? null : new Waiting(gone.size(), before.size(), allowed, hash);
    }

    /// The addresses that a plan of the cluster announces, but for those of policies that somebody deleted.
    private static void addPresent(Manifest plan, Judgement judgement, Map<String, Set<String>> addresses) {
        for (Node item : items(plan, "services")) {
            List<String> policies = item.items("policies").stream()
                    .map(policy -> String.valueOf(Plain.of(policy)))
                    .toList();
            boolean deleted = !policies.isEmpty() && policies.stream().noneMatch(policy -> isThere(policy, judgement));
            if (!deleted && !NodePlanReader.isCollateral(item)) {
                item.items("addresses")
                        .forEach(address -> add(addresses, item.text("className"), address.text("address")));
            }
        }
        for (Node item : items(plan, "prefixes")) {
            add(addresses, item.text("className"), item.text("cidr"));
        }
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
