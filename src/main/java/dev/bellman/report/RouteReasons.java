package dev.bellman.report;

import dev.bellman.address.Cidr;
import dev.bellman.address.Family;
import dev.bellman.address.Ip;
import dev.bellman.model.AddressKind;
import dev.bellman.model.AdvertisementClass.Backend;
import dev.bellman.model.BgpConfiguration;
import dev.bellman.model.ClusterNode;
import dev.bellman.model.EndpointSlice;
import dev.bellman.model.EndpointSlice.Endpoint;
import dev.bellman.model.Located;
import dev.bellman.model.Model;
import dev.bellman.model.TrafficPolicy;
import dev.bellman.plan.BgpConfigurationPlan;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.Plan;
import dev.bellman.plan.Prediction.Announcement;
import dev.bellman.plan.ServiceDecision;
import dev.bellman.plan.ServiceDecision.Granted;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// Why a node announces a host route of a service, or none.
///
/// @param decisions those about the service
/// @param trafficPolicy the one that holds once the plan is carried out
record RouteReasons(
        String service, Model model, Plan plan, List<ServiceDecision> decisions, TrafficPolicy trafficPolicy) {
    String announces(Announcement host, String node) {
        Family family = host.prefix().family();
        String reason;
        if (trafficPolicy == TrafficPolicy.LOCAL) {
            long ready = readyOn(node, family);
            // Calico does not tell the families apart, and some releases count endpoints that are not ready.
            reason = ready > 0
                    ? amount(ready, "ready endpoint") + " on it"
                    : "an endpoint on it, if no ready one of the family";
        } else {
            reason = anyReady(family) && !isListedAlone()
                    ? "any node will do while an endpoint is ready"
                    : "Calico announces it from every node, whether or not an endpoint is ready";
        }
        return host.collateral() ? reason + "; Calico does it by itself, no policy asked" : reason;
    }

    /// Whether BGPConfiguration has one of the service's addresses as an entry of its own, for which Calico looks at no
    /// endpoint.
    private boolean isListedAlone() {
        return model.services().stream()
                .filter(one -> one.id().equals(service))
                .anyMatch(one -> Stream.of(AddressKind.EXTERNAL_IP, AddressKind.LOAD_BALANCER_IP)
                        .anyMatch(kind -> one.addresses(kind).stream()
                                .anyMatch(ip -> listed(kind).anyMatch(ip.value().host()::equals))));
    }

    private Stream<Cidr> listed(AddressKind kind) {
        BgpConfigurationPlan planned = plan.bgpConfiguration();
        BgpConfiguration present = model.bgpConfiguration();
        if (planned != null && !planned.list(kind).isEmpty()) {
            return planned.list(kind).stream().map(BgpConfigurationPlan.Entry::cidr);
        }
        return present == null ? Stream.empty() : present.list(kind).stream().map(Located::value);
    }

    /// @param prefixes what else the node announces that holds the address
    String announcesNone(String node, AddressKind kind, Ip ip, List<Cidr> prefixes) {
        if (excluded(node, prefixes)) {
            return "excluded from external load balancers by its label";
        }
        if (model.nodes().stream().anyMatch(one -> one.name().equals(node) && one.internalIp(ip.family()) == null)) {
            return "it has no InternalIP of the family";
        }
        String more = prefixes.isEmpty() ? "it" : "more";
        if (decisions.isEmpty()) {
            return "no policy asks for " + more;
        }
        List<ServiceDecision> granting = decisions.stream()
                .filter(decision -> grants(decision, kind, ip).findAny().isPresent())
                .toList();
        if (granting.isEmpty()) {
            return "no policy that asks for this address is granted it";
        }
        List<ServiceDecision> asking =
                granting.stream().filter(ServiceDecision::hostRoutes).toList();
        if (asking.isEmpty()) {
            boolean covered = granting.stream()
                    .flatMap(decision -> grants(decision, kind, ip))
                    .anyMatch(Granted::announcedWhole);
            return covered ? "the class's prefix covers the address" : "no policy asks for a host route";
        }
        return whyNotAsked(node, ip.family(), asking);
    }

    private String whyNotAsked(String node, Family family, List<ServiceDecision> asking) {
        boolean planned = plan.nodePlans().stream()
                .filter(one -> one.node().equals(node))
                .map(NodePlan::services)
                .flatMap(List::stream)
                .anyMatch(one -> one.service().equals(service));
        if (!planned) {
            return "not a node of the class";
        }
        boolean bird = asking.stream().allMatch(decision -> decision.backend() == Backend.BIRD);
        if (bird && !speaks(node)) {
            return "no BGPSpeaker with a peer runs on it";
        }
        if (model.slices().isEmpty()) {
            return "no EndpointSlice is known here, so it is not decided";
        }
        if (trafficPolicy == TrafficPolicy.LOCAL && readyOn(node, family) == 0) {
            return "Local, and no ready endpoint on it";
        }
        if (!anyReady(family)) {
            return "no endpoint is ready anywhere";
        }
        return "Calico does not announce it by itself";
    }

    /// Kubernetes excludes on the label's presence, Calico on its value.
    private boolean excluded(String name, List<Cidr> prefixes) {
        boolean bird = decisions.isEmpty()
                ? model.classes().stream()
                        .anyMatch(advertisementClass ->
                                advertisementClass.backend().value() == Backend.BIRD)
                : decisions.stream().anyMatch(decision -> decision.backend() == Backend.BIRD);
        return model.nodes().stream()
                .filter(node -> node.name().equals(name))
                .anyMatch(bird && prefixes.isEmpty() ? ClusterNode::excluded : ClusterNode::excludedByCalico);
    }

    private boolean speaks(String name) {
        return model.nodes().stream()
                .filter(node -> node.name().equals(name))
                .anyMatch(node -> model.speakers().stream()
                        .anyMatch(speaker -> speaker.nodes().selects(node.name(), node.labels())
                                && !speaker.peers().isEmpty()));
    }

    private static Stream<Granted> grants(ServiceDecision decision, AddressKind kind, Ip ip) {
        return decision.addresses().stream()
                .filter(granted -> granted.address().kind() == kind
                        && Objects.equals(granted.address().ip(), ip));
    }

    private long readyOn(String node, Family family) {
        return ready(family)
                .filter(endpoint -> node.equals(endpoint.nodeName()))
                .count();
    }

    private boolean anyReady(Family family) {
        return ready(family).findAny().isPresent();
    }

    private Stream<Endpoint> ready(Family family) {
        return model.slices().stream()
                .filter(slice -> slice.serviceId().equals(service) && slice.family() == family)
                .map(EndpointSlice::endpoints)
                .flatMap(List::stream)
                .filter(Endpoint::ready);
    }

    private static String amount(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
