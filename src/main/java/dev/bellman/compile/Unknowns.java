package dev.bellman.compile;

import dev.bellman.compile.Decide.Decision;
import dev.bellman.model.AddressKind;
import dev.bellman.model.AdvertisementClass;
import dev.bellman.model.BgpConfiguration;
import dev.bellman.plan.Cause;
import dev.bellman.plan.Undecided;
import java.util.List;
import java.util.stream.Stream;

/// Says what cannot be predicted because the cluster's state is not known, or not all of it.
final class Unknowns {
    private final Index index;
    private final List<Undecided> undecided;

    private Unknowns(Index index, List<Undecided> undecided) {
        this.index = index;
        this.undecided = undecided;
    }

    static void add(Index index, List<Decision> decisions, List<Undecided> undecided) {
        Unknowns unknowns = new Unknowns(index, undecided);
        if (!index.nodesKnown()) {
            index.model().classes().forEach(unknowns::addNodes);
            unknowns.addCalicosNodes();
        }
        decisions.forEach(unknowns::add);
    }

    private void addNodes(AdvertisementClass advertisementClass) {
        undecided.add(new Undecided(
                "which nodes announce what class " + advertisementClass.name() + " advertises",
                "add an inventory that has the Nodes",
                advertisementClass.name(),
                new Cause(advertisementClass.nodes().span(), null)));
    }

    /// What Calico is told without Bellman.
    private void addCalicosNodes() {
        BgpConfiguration present = index.model().bgpConfiguration();
        if (present == null || !index.model().classes().isEmpty()) {
            return;
        }
        Stream.of(AddressKind.values())
                .flatMap(kind -> present.list(kind).stream())
                .findFirst()
                .ifPresent(entry -> undecided.add(new Undecided(
                        "which nodes announce what BGPConfiguration lists",
                        "add an inventory that has the Nodes",
                        present.manifest().name(),
                        new Cause(entry.span(), null))));
    }

    private void add(Decision decision) {
        String service = decision.advertisement().subject().id();
        if (decision.trafficPolicy() == null) {
            undecided.add(new Undecided(
                    "the traffic policy of " + service,
                    "add an inventory that has the Service",
                    service,
                    decision.cause()));
        }
        if (!decision.hostRoutes()) {
            return;
        }
        if (!index.endpointsKnown()) {
            undecided.add(new Undecided(
                    "which nodes have endpoints of " + service,
                    "add an inventory that has the EndpointSlices",
                    service,
                    decision.cause()));
        } else if (index.nodesKnown()) {
            addStrangers(decision, service);
        }
    }

    /// Nodes that have an endpoint and are not in the inventory themselves.
    private void addStrangers(Decision decision, String service) {
        index.endpoints(service).readyNodes().stream()
                .filter(node -> !node.isEmpty() && !index.nodeNames().contains(node))
                .forEach(node -> undecided.add(new Undecided(
                        "whether node " + node + " announces " + service,
                        "add the Node to the inventory",
                        service,
                        decision.cause())));
    }
}
