package dev.bellman.compile;

import dev.bellman.compile.Decide.Decision;
import dev.bellman.plan.BgpConfigurationPlan;
import dev.bellman.plan.BgpConfigurationPlan.PrefixAdvertisement;
import dev.bellman.plan.Cause;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.PlannedPeer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds what would make an object of the plan larger than its definition allows: the API server would refuse it.
final class Limits {
    /// Calico 3.31's `BGPConfiguration.spec.prefixAdvertisements`, and the communities of one of them.
    static final int PREFIX_ADVERTISEMENTS = 500;

    static final int COMMUNITIES_OF_PREFIX = 50;

    /// Those of a NodePlan, as `crds/nodeplans.bellman.dev.yaml` has them.
    static final int PREFIXES = 1024;

    static final int PEERS = 256;
    static final int POLICIES_OF_SERVICE = 64;
    static final int ADDRESSES_OF_SERVICE = 64;
    static final int COMMUNITIES_OF_SERVICE = 1000;

    private static final String RULE = "beyond-limits";

    private final Findings findings;

    private Limits(Findings findings) {
        this.findings = findings;
    }

    static void check(
            List<Decision> decisions,
            @Nullable BgpConfigurationPlan bgpConfiguration,
            List<NodePlan> nodePlans,
            Findings findings) {
        Limits limits = new Limits(findings);
        decisions.stream().filter(Decision::hostRoutes).forEach(limits::check);
        if (bgpConfiguration != null) {
            limits.check(bgpConfiguration.prefixAdvertisements());
        }
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        nodePlans.stream().filter(plan -> seen.add(plan.prefixes())).forEach(limits::checkPrefixes);
        nodePlans.forEach(limits::checkPeers);
    }

    private void check(Decision decision) {
        Advertisement advertisement = decision.advertisement();
        List<Binding> bindings = advertisement.bindings();
        String service = "Service `" + advertisement.subject().name() + "`";
        if (advertisement.policies().size() > POLICIES_OF_SERVICE) {
            Binding last = bindings.getLast();
            findings.report(
                    RULE,
                    last.asked(),
                    last.object(),
                    tooMany(advertisement.policies().size(), "policies ask for " + service, POLICIES_OF_SERVICE));
        }
        int addresses = NodePlans.addresses(advertisement.grants()).size();
        Binding first = bindings.getFirst();
        if (addresses > ADDRESSES_OF_SERVICE) {
            findings.report(
                    RULE,
                    first.asked(),
                    first.object(),
                    tooMany(addresses, "addresses of " + service + " get host routes", ADDRESSES_OF_SERVICE));
        }
        int communities = advertisement.attributes().communities().size();
        if (communities > COMMUNITIES_OF_SERVICE) {
            findings.report(
                    RULE,
                    first.asked(),
                    first.object(),
                    tooMany(communities, "communities are united on " + service, COMMUNITIES_OF_SERVICE));
        }
    }

    private void check(List<PrefixAdvertisement> advertisements) {
        if (advertisements.size() > PREFIX_ADVERTISEMENTS) {
            report(
                    advertisements.get(PREFIX_ADVERTISEMENTS).cause(),
                    tooMany(
                            advertisements.size(),
                            "prefixes have communities, each an entry of BGPConfiguration's prefixAdvertisements",
                            PREFIX_ADVERTISEMENTS));
        }
        for (PrefixAdvertisement advertisement : advertisements) {
            int size = advertisement.communities().size();
            if (size > COMMUNITIES_OF_PREFIX) {
                report(
                        advertisement.cause(),
                        tooMany(
                                size,
                                "communities are united on " + advertisement.cidr()
                                        + " in BGPConfiguration's prefixAdvertisements",
                                COMMUNITIES_OF_PREFIX));
            }
        }
    }

    private void report(Cause cause, String message) {
        String policy = cause.policy();
        findings.report(
                RULE,
                cause.span(),
                policy == null ? "BGPConfiguration default" : "ServiceAdvertisementPolicy " + policy,
                message);
    }

    private void checkPrefixes(NodePlan plan) {
        if (plan.prefixes().size() > PREFIXES) {
            findings.report(
                    RULE,
                    plan.prefixes().get(PREFIXES).cause().span(),
                    "AdvertisementClass " + plan.prefixes().get(PREFIXES).className(),
                    tooMany(plan.prefixes().size(), "prefixes are announced by node `" + plan.node() + "`", PREFIXES));
        }
    }

    private void checkPeers(NodePlan plan) {
        if (plan.peers().size() > PEERS) {
            PlannedPeer peer = plan.peers().get(PEERS);
            findings.report(
                    RULE,
                    peer.cause().span(),
                    "BGPSpeaker " + peer.speaker(),
                    tooMany(plan.peers().size(), "peers are for node `" + plan.node() + "`", PEERS));
        }
    }

    private static String tooMany(int number, String what, int limit) {
        return number + " " + what + "; " + limit + " is the most";
    }
}
