package dev.bellman.plan;

import dev.bellman.address.Cidr;
import dev.bellman.address.Ip;
import dev.bellman.diagnostic.Span;
import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.model.AddressKind;
import dev.bellman.model.AdvertisementClass.Backend;
import dev.bellman.model.Dataplane;
import dev.bellman.model.Located;
import dev.bellman.model.ModelReader;
import dev.bellman.model.Speaker;
import dev.bellman.model.TrafficPolicy;
import dev.bellman.plan.PlannedService.When;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads a plan back from the NodePlan object that holds it. What cannot be read, as when a newer operator wrote it, is
/// left out: never announced, rather than guessed.
public final class NodePlanReader {
    private NodePlanReader() {}

    public static NodePlan read(Manifest manifest) {
        Node found = manifest.root().at("spec");
        Node spec = found == null ? new Mapping(List.of(), manifest.span()) : found;
        return new NodePlan(
                manifest.name(),
                dataplane(spec),
                spec.items("prefixes").stream()
                        .map(NodePlanReader::prefix)
                        .filter(Objects::nonNull)
                        .toList(),
                spec.items("services").stream()
                        .map(NodePlanReader::service)
                        .filter(Objects::nonNull)
                        .toList(),
                spec.items("peers").stream()
                        .map(NodePlanReader::peer)
                        .filter(Objects::nonNull)
                        .toList());
    }

    private static Dataplane dataplane(Node spec) {
        Node dataplane = spec.at("dataplane");
        if (dataplane == null) {
            return Dataplane.DEFAULT;
        }
        String cidrs = dataplane.text("clusterCIDR");
        return new Dataplane(
                textOr(dataplane, "rules", Dataplane.DEFAULT.rules()),
                textOr(dataplane, "ruleBackend", Dataplane.DEFAULT.ruleBackend()),
                cidrs == null ? List.of() : Dataplane.clusterCidrs(new Located<>(cidrs, dataplane.span())));
    }

    private static @Nullable PlannedPrefix prefix(Node item) {
        Cidr cidr = Cidr.parse(textOr(item, "cidr", ""));
        AddressKind kind = AddressKind.parse(textOr(item, "addresses", ""));
        Backend backend = backend(item);
        return cidr == null || kind == null || backend == null
                ? null
                : new PlannedPrefix(cidr, kind, textOr(item, "className", ""), backend, attributes(item), cause(item));
    }

    private static @Nullable PlannedService service(Node item) {
        Backend backend = backend(item);
        TrafficPolicy trafficPolicy = TrafficPolicy.parse(textOr(item, "trafficPolicy", ""));
        When when = Arrays.stream(When.values())
                .filter(one -> one.word().equals(item.text("announceWhen")))
                .findFirst()
                .orElse(null);
        if (backend == null || trafficPolicy == null || when == null) {
            return null;
        }
        List<PlannedService.Address> addresses = new ArrayList<>();
        for (Node address : item.items("addresses")) {
            AddressKind kind = AddressKind.parse(textOr(address, "type", ""));
            String text = address.text("address");
            Ip ip = text == null ? null : Ip.parse(text);
            if (kind != null && (text == null || ip != null)) {
                addresses.add(new PlannedService.Address(kind, ip));
            }
        }
        return new PlannedService(
                textOr(item, "namespace", ""),
                textOr(item, "name", ""),
                textOr(item, "className", ""),
                backend,
                trafficPolicy,
                when,
                addresses,
                attributes(item),
                texts(item, "policies"),
                isCollateral(item),
                cause(item));
    }

    private static @Nullable PlannedPeer peer(Node item) {
        Speaker.Peer peer = item instanceof Mapping mapping ? ModelReader.peer(mapping) : null;
        Long localAsn = number(item, "localASN");
        return peer == null || localAsn == null
                ? null
                : new PlannedPeer(textOr(item, "speaker", ""), localAsn, peer, cause(item));
    }

    private static RouteAttributes attributes(Node item) {
        Node attributes = item.at("attributes");
        return attributes == null
                ? RouteAttributes.NONE
                : new RouteAttributes(
                        texts(attributes, "communities"),
                        number(attributes, "localPreference"),
                        number(attributes, "med"),
                        number(attributes, "prepend"));
    }

    private static @Nullable Backend backend(Node item) {
        return Arrays.stream(Backend.values())
                .filter(one -> one.word().equals(item.text("backend")))
                .findFirst()
                .orElse(null);
    }

    private static Cause cause(Node item) {
        return new Cause(Span.ofObject(textOr(item, "origin", "")), null);
    }

    private static List<String> texts(Node node, String key) {
        return node.items(key).stream()
                .map(item -> item instanceof Scalar scalar ? String.valueOf(scalar.value()) : "")
                .toList();
    }

    private static String textOr(Node node, String key, String otherwise) {
        String text = node.text(key);
        return text == null ? otherwise : text;
    }

    private static @Nullable Long number(Node node, String key) {
        return node.at(key) instanceof Scalar scalar && scalar.value() instanceof Long number ? number : null;
    }

    /// Whether nobody asked for a service of a plan. The API server fills in that it is not so.
    public static boolean isCollateral(Node service) {
        return service.at("collateral") instanceof Scalar scalar && Boolean.TRUE.equals(scalar.value());
    }
}
