package dev.bellman.compile;

import dev.bellman.compile.Decide.Decision;
import dev.bellman.diagnostic.Related;
import dev.bellman.model.AdvertisementClass;
import dev.bellman.model.BgpConfiguration;
import dev.bellman.model.CalicoPeer;
import java.util.List;

/// Finds where Calico's nodes hand on to routers what they hear from each other, so that every one of them becomes a
/// next
/// hop of a Local service.
final class MeshChecks {
    private MeshChecks() {}

    static void check(Index index, List<Decision> decisions, Findings findings) {
        BgpConfiguration present = index.model().bgpConfiguration();
        if (present != null && !present.mesh()) {
            return;
        }
        String own = present == null ? BgpConfiguration.DEFAULT_ASN : present.asn();
        List<CalicoPeer> external = index.model().calicoPeers().stream()
                .filter(peer -> !peer.filtered() && !peer.asn().value().equals(own))
                .toList();
        if (external.isEmpty()) {
            return;
        }
        index.model().classes().stream()
                .filter(LowerCalico::isCalico)
                .filter(one -> decisions.stream().anyMatch(decision -> isLocal(decision, one)))
                .forEach(one -> report(one, external, own, findings));
    }

    private static boolean isLocal(Decision decision, AdvertisementClass advertisementClass) {
        return decision.local()
                && decision.hostRoutes()
                && decision.advertisement().advertisementClass().name().equals(advertisementClass.name());
    }

    private static void report(
            AdvertisementClass advertisementClass, List<CalicoPeer> external, String own, Findings findings) {
        CalicoPeer peer = external.getFirst();
        findings.report(
                "mesh-passes-routes-on",
                advertisementClass.backend().span(),
                advertisementClass.manifest().object(),
                "nodes peer with each other and, in another AS than their own " + own + ", with BGPPeer `"
                        + peer.name() + "`"
                        + (external.size() > 1 ? " and " + (external.size() - 1) + " more" : "")
                        + ": every node announces the host routes of Local services to it",
                List.of(new Related(
                        peer.asn().span(),
                        "BGPPeer " + peer.name() + " is in AS " + peer.asn().value())));
    }
}
