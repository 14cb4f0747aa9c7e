package dev.bellman.operator;

import dev.bellman.cluster.Conditions;
import dev.bellman.document.Manifest;
import dev.bellman.document.Node;
import dev.bellman.document.Plain;
import dev.bellman.model.AdvertisementClass;
import dev.bellman.model.ClusterNode;
import dev.bellman.model.Model;
import dev.bellman.model.Policy;
import dev.bellman.model.Speaker;
import dev.bellman.plan.NodePlan;
import dev.bellman.report.Hash;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
/// @param approved classes of which a change that would be held is approved
record Hold(Map<String, Waiting> classes, Set<String> approved) {
    /// The reason of the condition `Programmed` of a class that is held.
    static final String REASON = "GuardrailHolds";

    /// `maxWithdrawnPercent` speaks of changes that withdraw more addresses than this.
    static final int MANY = 5;

    /// The annotation of a class that lets a plan pass; its value is [Waiting#hash].
    static final String APPROVAL = "bellman.dev/approved-plan";

    /// @param withdrawn how many addresses would no longer be advertised, of how many
    /// @param lately how many of them were withdrawn in the last minute
    /// @param wasHeld whether the class is held already, so that no change of it is too small
    /// @param nextHops how many nodes would announce the class, of how many that still could
    /// @param starved the services that would be left with too few of them
    /// @param hash of this very change, for the approval
    record Waiting(
            int withdrawn,
            int of,
            int lately,
            boolean wasHeld,
            long allowedPercent,
            int nextHops,
            int ofNextHops,
            List<NextHops.Starved> starved,
            long leastNextHops,
            String hash) {
        Waiting {
            starved = List.copyOf(starved);
        }

        Waiting withHash(String other) {
            return new Waiting(
                    withdrawn,
                    of,
                    lately,
                    wasHeld,
                    allowedPercent,
                    nextHops,
                    ofNextHops,
                    starved,
                    leastNextHops,
                    other);
        }

        boolean withdrawsTooMuch() {
            return withdrawn > (wasHeld ? 0 : MANY) && withdrawn * 100L > allowedPercent * of;
        }

        boolean leavesTooFew() {
            return nextHops < leastNextHops && nextHops < ofNextHops;
        }

        boolean isBreach() {
            return withdrawsTooMuch() || leavesTooFew() || !starved.isEmpty();
        }
    }

    static Hold of(Judgement judgement, PresentPlans present) {
        return of(judgement, present, Map.of(), new Withdrawals(), 0);
    }

    /// @param statuses the cluster's objects by name, with what was said of classes before: a judgement may be older
    /// @param withdrawals of earlier passes; those of this one are added
    /// @param now nanoseconds of a clock that never goes back
    static Hold of(
            Judgement judgement,
            PresentPlans present,
            Map<String, Manifest> statuses,
            Withdrawals withdrawals,
            long now) {
        Model model = judgement.result().model();
        Set<String> able = model.nodes().stream()
                .filter(node -> !node.excluded())
                .map(ClusterNode::name)
                .collect(Collectors.toSet());
        List<Manifest> plans = present.whole().stream()
                .filter(plan -> able.contains(plan.name()))
                .toList();
        List<NodePlan> planned = judgement.result().plan().nodePlans();
        Reach reach = Reach.ofPresent(plans, judgement);
        Set<String> staying = Reach.ofPlanned(planned).all();
        NextHops before = NextHops.ofPresent(plans, model);
        NextHops after = NextHops.ofPlanned(planned);
        Map<String, Waiting> held = new TreeMap<>();
        Set<String> approved = new TreeSet<>();
        for (AdvertisementClass advertisementClass : model.classes()) {
            String name = advertisementClass.name();
            Set<String> gone = new TreeSet<>(reach.of(name));
            gone.removeAll(staying);
            Set<String> addresses = gone.isEmpty() ? reach.of(name) : Reach.addresses(reach.of(name), model);
            Set<String> lost = gone.isEmpty() ? Set.of() : Reach.lost(addresses, staying, model);
            Set<String> lately = withdrawals.of(name, staying, model, now);
            lately.removeAll(addresses);
            AdvertisementClass.Guardrails guardrails = advertisementClass.guardrails();
            long least = guardrails.minNextHops().value();
            Set<String> nodesBefore = before.of(name);
            Set<String> nodesAfter = judgement.announcesNothing(advertisementClass) ? nodesBefore : after.of(name);
            Waiting waiting = new Waiting(
                    lost.isEmpty() ? 0 : lost.size() + lately.size(),
                    addresses.size() + lately.size(),
                    lately.size(),
                    isHeld(statuses.get("AdvertisementClass " + name)),
                    guardrails.maxWithdrawnPercent().value(),
                    nodesAfter.size(),
                    nodesBefore.size(),
                    after.starved(before, name, least, model),
                    least,
                    "");
            if (!waiting.isBreach()) {
                withdrawals.add(name, lost, now);
                continue;
            }
            String hash = hash(
                    advertisementClass,
                    waiting,
                    gone,
                    nodesBefore,
                    nodesAfter,
                    asking(plans, name, gone, waiting.starved(), model),
                    model.speakers(),
                    spentApproval(statuses.get("AdvertisementClass " + name)));
            if (hash.equals(approval(advertisementClass.manifest()))) {
                approved.add(name);
                withdrawals.forget(name);
            } else {
                withdrawals.add(name, lately, now);
                held.put(name, waiting.withHash(hash));
            }
        }
        return new Hold(held, approved);
    }

    static @Nullable String approval(Manifest advertisementClass) {
        return advertisementClass.root().text("metadata", "annotations", APPROVAL);
    }

    private static boolean isHeld(@Nullable Manifest advertisementClass) {
        Map<?, ?> programmed = advertisementClass == null ? null : Conditions.find(advertisementClass, "Programmed");
        return programmed != null && REASON.equals(programmed.get("reason"));
    }

    /// The approval of the last change that one was needed for, which is carried out.
    private static String spentApproval(@Nullable Manifest advertisementClass) {
        String spent =
                advertisementClass == null ? null : advertisementClass.root().text("status", "spentApproval");
        return spent == null ? "" : spent;
    }

    /// Of this very change: an approval must let no other one pass, nor the same one at another time.
    private static String hash(
            AdvertisementClass advertisementClass,
            Waiting waiting,
            Set<String> gone,
            Set<String> nodesBefore,
            Set<String> nodesAfter,
            List<Policy> asking,
            List<Speaker> speakers,
            String spentApproval) {
        List<Object> what =
                new ArrayList<>(List.of("class", version(advertisementClass.manifest()), "after", spentApproval));
        if (waiting.withdrawsTooMuch()) {
            what.addAll(gone);
        }
        if (waiting.leavesTooFew()) {
            what.add("from");
            what.addAll(nodesBefore);
            what.add("to");
            what.addAll(nodesAfter);
        }
        if (!waiting.starved().isEmpty()) {
            what.add("starved");
            waiting.starved().forEach(one -> what.add(one.service()));
        }
        what.add("asked by");
        asking.forEach(policy -> what.add(version(policy.manifest())));
        speakers.forEach(speaker -> what.add(version(speaker.manifest())));
        return Hash.of(what);
    }

    /// The policies that had asked for what goes.
    private static List<Policy> asking(
            List<Manifest> plans, String className, Set<String> gone, List<NextHops.Starved> starved, Model model) {
        Set<String> services = starved.stream().map(NextHops.Starved::service).collect(Collectors.toSet());
        Set<String> asking = new HashSet<>();
        for (Manifest plan : PresentPlans.distinct(plans)) {
            items(plan, "services").stream()
                    .filter(item -> className.equals(item.text("className"))
                            && (services.contains(item.text("namespace") + "/" + item.text("name"))
                                    || item.items("addresses").stream()
                                            .anyMatch(
                                                    address -> gone.contains(String.valueOf(address.text("address"))))))
                    .forEach(item ->
                            item.items("policies").forEach(policy -> asking.add(String.valueOf(Plain.of(policy)))));
        }
        return model.policies().stream()
                .filter(policy -> asking.contains(policy.manifest().id()))
                .toList();
    }

    private static String version(Manifest manifest) {
        return manifest.object() + " " + manifest.root().text("metadata", "uid") + " " + manifest.generation();
    }

    /// The class of each item of a NodePlan.
    static Stream<String> classes(Manifest plan) {
        return Stream.of("prefixes", "services")
                .flatMap(list -> items(plan, list).stream())
                .map(item -> String.valueOf(item.text("className")));
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

    /// The items of a list of a NodePlan's spec.
    static List<Node> items(Manifest plan, String list) {
        return plan.root().items("spec", list);
    }
}
