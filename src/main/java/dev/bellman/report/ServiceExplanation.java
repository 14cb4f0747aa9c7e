package dev.bellman.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.bellman.address.Cidr;
import dev.bellman.address.Ip;
import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.model.AddressKind;
import dev.bellman.model.EndpointSlice;
import dev.bellman.model.EndpointSlice.Endpoint;
import dev.bellman.model.Located;
import dev.bellman.model.Model;
import dev.bellman.model.Service;
import dev.bellman.model.TrafficPolicy;
import dev.bellman.plan.Plan;
import dev.bellman.plan.Prediction.Announcement;
import dev.bellman.plan.Prediction.NodeRoutes;
import dev.bellman.plan.Prediction.UpstreamRoute;
import dev.bellman.plan.ServiceDecision;
import dev.bellman.plan.ServicePatch;
import dev.bellman.plan.Undecided;
import dev.bellman.report.Style.Ink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Why a service is announced where it is, or is not.
///
/// @param findings those about the service and about the policies that ask for it
public record ServiceExplanation(Service service, Model model, Plan plan, List<Diagnostic> findings) {
    private static final int VERSION = 1;

    /// One address of the service.
    private record Reach(
            AddressKind kind,
            Ip ip,
            List<AtNode> nodes,
            @Nullable UpstreamRoute route) {}

    /// What one node does for an address.
    ///
    /// @param prefixes the routes that it announces and that hold the address, longest first
    private record AtNode(String node, List<Cidr> prefixes, String why) {}

    public String pretty(Style style) {
        StringBuilder out = new StringBuilder();
        out.append(style.paint(Ink.STRONG, "Service " + service.id())).append('\n');
        List<List<String>> facts = new ArrayList<>();
        facts.add(List.of(
                "  type", service.type().value() + ", " + service.manifest().nameSpan()));
        List<ServiceDecision> decisions = decisions();
        for (ServiceDecision decision : decisions) {
            facts.add(List.of(
                    "  advertised by",
                    "class " + decision.className() + " (" + decision.backend().word() + "), asked for by "
                            + String.join(", ", decision.policies()) + ", "
                            + decision.cause().span()));
        }
        if (decisions.isEmpty()) {
            facts.add(List.of("  advertised by", "nobody: no policy that is in force selects it"));
        }
        facts.add(List.of("  externalTrafficPolicy", trafficPolicyWords()));
        facts.add(List.of("  endpoints", endpointWords()));
        out.append(new Table(List.of(), facts).print(style));
        List<Reach> reaches = reaches();
        for (Reach reach : reaches) {
            out.append('\n')
                    .append(style.paint(Ink.STRONG, reach.kind().word() + " " + reach.ip()))
                    .append('\n');
            List<List<String>> rows = reach.nodes().stream()
                    .map(node -> List.of("  " + node.node(), words(node.prefixes()), node.why()))
                    .toList();
            out.append(new Table(List.of("  NODE", "ANNOUNCES", "BECAUSE"), rows).print(style));
            out.append("  a router sends it ").append(routeWords(reach.route())).append('\n');
            out.append("  pods see ").append(clientWords(reach.kind())).append('\n');
        }
        if (reaches.isEmpty()) {
            out.append("\n  ").append(noAddressWords()).append('\n');
        }
        RoutesReport.appendUndecided(out, undecided(), style);
        if (!findings.isEmpty()) {
            out.append('\n').append(style.paint(Ink.STRONG, "Findings")).append('\n');
            findings.forEach(finding ->
                    out.append("  ").append(ConciseReport.line(finding, style)).append('\n'));
        }
        return out.toString();
    }

    public String json() {
        return JsonText.of(this::write);
    }

    private void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("version", VERSION);
        json.writeStringField("service", service.id());
        json.writeStringField("type", service.type().value());
        TrafficPolicy policy = trafficPolicy();
        json.writeStringField("trafficPolicy", policy == null ? null : policy.word());
        json.writeArrayFieldStart("advertisedBy");
        for (ServiceDecision decision : decisions()) {
            json.writeStartObject();
            json.writeStringField("class", decision.className());
            json.writeArrayFieldStart("policies");
            for (String name : decision.policies()) {
                json.writeString(name);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("addresses");
        for (Reach reach : reaches()) {
            write(json, reach);
        }
        json.writeEndArray();
        RoutesReport.writeUndecided(json, undecided());
        json.writeArrayFieldStart("findings");
        for (Diagnostic finding : findings) {
            JsonReport.write(json, finding);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void write(JsonGenerator json, Reach reach) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", reach.kind().word());
        json.writeStringField("address", reach.ip().toString());
        json.writeStringField("clientAddress", keepsClientAddress(reach.kind()) ? "kept" : "masqueraded");
        json.writeArrayFieldStart("nodes");
        for (AtNode node : reach.nodes()) {
            json.writeStartObject();
            json.writeStringField("node", node.node());
            json.writeArrayFieldStart("advertised");
            for (Cidr prefix : node.prefixes()) {
                json.writeString(prefix.toString());
            }
            json.writeEndArray();
            json.writeStringField("because", node.why());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("nextHops");
        if (reach.route() != null) {
            for (Ip hop : reach.route().nextHops()) {
                json.writeString(hop.toString());
            }
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private List<ServiceDecision> decisions() {
        return plan.decisions().stream()
                .filter(decision -> decision.service().equals(service.id()))
                .toList();
    }

    /// What only the cluster knows of the service, or of a class that advertises it.
    private List<Undecided> undecided() {
        Set<String> about = new HashSet<>(Set.of(service.id()));
        decisions().forEach(decision -> about.add(decision.className()));
        return plan.undecided().stream()
                .filter(one -> about.contains(one.about()))
                .toList();
    }

    private List<Reach> reaches() {
        List<Reach> reaches = new ArrayList<>();
        RouteReasons reasons = reasons();
        for (AddressKind kind : AddressKind.values()) {
            for (Located<Ip> address : service.addresses(kind)) {
                Ip ip = address.value();
                List<AtNode> nodes = plan.prediction().nodes().stream()
                        .map(node -> at(node, kind, ip, reasons))
                        .toList();
                UpstreamRoute route = plan.prediction().upstream().stream()
                        .filter(one -> one.prefix().contains(ip))
                        .max(Comparator.comparingInt(one -> one.prefix().bits()))
                        .orElse(null);
                reaches.add(new Reach(kind, ip, nodes, route));
            }
        }
        return reaches;
    }

    private static AtNode at(NodeRoutes node, AddressKind kind, Ip ip, RouteReasons reasons) {
        List<Announcement> holding = node.announcements().stream()
                .filter(announcement -> announcement.prefix().contains(ip))
                .sorted(Comparator.comparingInt(
                                (Announcement one) -> one.prefix().bits())
                        .reversed())
                .toList();
        List<Cidr> prefixes =
                holding.stream().map(Announcement::prefix).distinct().toList();
        boolean host = !prefixes.isEmpty() && prefixes.getFirst().equals(ip.host());
        return new AtNode(
                node.node(),
                prefixes,
                host
                        ? reasons.announces(holding.getFirst(), node.node())
                        : reasons.announcesNone(node.node(), kind, ip, prefixes));
    }

    private RouteReasons reasons() {
        TrafficPolicy policy = trafficPolicy();
        return new RouteReasons(
                service.id(), model, plan, decisions(), policy == null ? TrafficPolicy.CLUSTER : policy);
    }

    private Stream<EndpointSlice> slices() {
        return model.slices().stream().filter(slice -> slice.serviceId().equals(service.id()));
    }

    private String noAddressWords() {
        if (service.headless()) {
            return "It has no address: it is headless.";
        }
        if (service.type().value().equals("ExternalName")) {
            return "It has no address: it is another name for a host outside.";
        }
        return service.observed()
                ? "It has no address yet."
                : "No address of it is known here; an inventory that has the Service would tell.";
    }

    private String endpointWords() {
        List<Endpoint> all =
                slices().flatMap(slice -> slice.endpoints().stream()).toList();
        long ready = all.stream().filter(Endpoint::ready).count();
        return all.isEmpty() ? "none known" : ready + " ready of " + all.size();
    }

    private @Nullable TrafficPolicy trafficPolicy() {
        ServicePatch patch = patch();
        if (patch != null) {
            return patch.value();
        }
        Located<TrafficPolicy> present = service.unpatchedTrafficPolicy();
        if (present == null) {
            return null;
        }
        return decisions().stream()
                .map(ServiceDecision::trafficPolicy)
                .filter(policy -> policy != null)
                .findFirst()
                .orElse(present.value());
    }

    private @Nullable ServicePatch patch() {
        return plan.patches().stream()
                .filter(patch -> patch.service().equals(service.id()))
                .findFirst()
                .orElse(null);
    }

    private String trafficPolicyWords() {
        ServicePatch patch = patch();
        TrafficPolicy policy = trafficPolicy();
        if (patch != null) {
            return patch.value().word() + ", patched because of " + patch.cause()
                    + (patch.before() == null
                            ? ""
                            : "; it was " + patch.before().word());
        }
        if (policy == null) {
            return "not set, which means Cluster";
        }
        return policy.word()
                + (isSaid(policy) ? ", as the Service itself says" : ", which it was before Bellman patched it");
    }

    private boolean isSaid(TrafficPolicy policy) {
        Located<TrafficPolicy> stated = service.statedTrafficPolicy();
        return stated != null && stated.value() == policy;
    }

    private String routeWords(@Nullable UpstreamRoute route) {
        if (route != null) {
            return "to " + RoutesReport.nextHops(route) + " by " + route.prefix();
        }
        return undecided().isEmpty() ? "nowhere: no route holds it" : "where is not decided here";
    }

    /// kube-proxy masquerades traffic from outside to a ClusterIP whatever the policy says.
    private boolean keepsClientAddress(AddressKind kind) {
        return kind != AddressKind.CLUSTER_IP && trafficPolicy() == TrafficPolicy.LOCAL;
    }

    private String clientWords(AddressKind kind) {
        if (keepsClientAddress(kind)) {
            return "the client's address";
        }
        return kind == AddressKind.CLUSTER_IP
                ? "a node's address, not the client's: traffic from outside to a ClusterIP is masqueraded, under Local too"
                        + (isClusterCidrKnown()
                                ? ""
                                : " (where kube-proxy is told the cluster's own addresses; no clusterCIDR is set here)")
                : "a node's address, not the client's, which only Local keeps";
    }

    private boolean isClusterCidrKnown() {
        return plan.nodePlans().stream()
                .anyMatch(node -> !node.dataplane().clusterCidrs().isEmpty());
    }

    private static String words(List<Cidr> prefixes) {
        return prefixes.isEmpty()
                ? "nothing"
                : String.join(", ", prefixes.stream().map(Cidr::toString).toList());
    }
}
