package dev.bellman.model;

import dev.bellman.address.Cidr;
import dev.bellman.address.Family;
import dev.bellman.address.Ip;
import dev.bellman.document.Manifest;
import dev.bellman.model.EndpointSlice.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads what the cluster is made of: nodes, namespaces and endpoint slices.
final class ClusterReader {
    private static final String SERVICE_NAME = "kubernetes.io/service-name";

    private ClusterReader() {}

    static @Nullable EndpointSlice slice(Overlay.Twin twin) {
        Manifest manifest = twin.manifest();
        Fields root = new Fields(manifest.root());
        String service = root.fields("metadata").stringMap("labels").get(SERVICE_NAME);
        String type = root.stringOr("addressType", "");
        if (service == null || type.equals("FQDN")) {
            return null;
        }
        List<Endpoint> endpoints =
                root.mappings("endpoints").stream().map(ClusterReader::endpoint).toList();
        return new EndpointSlice(
                manifest.namespace(),
                service,
                type.equals(Family.IPV6.word()) ? Family.IPV6 : Family.IPV4,
                endpoints,
                ports(root),
                manifest.span());
    }

    private static Endpoint endpoint(Fields fields) {
        Located<String> node = fields.string("nodeName");
        Fields conditions = fields.fields("conditions");
        boolean ready = !conditions.isFalse("ready");
        return new Endpoint(
                fields.strings("addresses").stream().map(Located::value).toList(),
                node == null ? null : node.value(),
                ready,
                conditions.has("serving") ? !conditions.isFalse("serving") : ready,
                conditions.isTrue("terminating"));
    }

    /// A port without a number stands for all ports, which no Service's port leads to.
    private static List<EndpointSlice.Port> ports(Fields root) {
        List<EndpointSlice.Port> ports = new ArrayList<>();
        for (Fields port : root.mappings("ports")) {
            Protocol protocol = ForwardingReader.protocol(port);
            if (protocol != null && port.has("port")) {
                ports.add(new EndpointSlice.Port(
                        port.stringOr("name", ""), protocol, (int) ForwardingReader.value(port, "port", 0)));
            }
        }
        return ports;
    }

    static ClusterNode node(Overlay.Twin twin) {
        Fields root = new Fields(twin.manifest().root());
        List<Located<Ip>> internal = new ArrayList<>();
        for (Fields address : root.fields("status").mappings("addresses")) {
            Located<Ip> ip = address.parsed("address", Ip::parse);
            if (ip != null && address.stringOr("type", "").equals("InternalIP")) {
                internal.add(ip);
            }
        }
        return new ClusterNode(
                twin.manifest().name(),
                root.fields("metadata").stringMap("labels"),
                internal,
                podCidrs(root.fields("spec")),
                twin.manifest().nameSpan());
    }

    private static List<Located<Cidr>> podCidrs(Fields spec) {
        List<Located<Cidr>> all = spec.each("podCIDRs", Cidr::parse);
        Located<Cidr> first = spec.cidr("podCIDR");
        return all.isEmpty() && first != null ? List.of(first) : all;
    }

    static Namespace namespace(Overlay.Twin twin) {
        String name = twin.manifest().name();
        Map<String, String> labels = new HashMap<>(
                new Fields(twin.manifest().root()).fields("metadata").stringMap("labels"));
        labels.put(Namespace.NAME_LABEL, name);
        return new Namespace(name, Map.copyOf(labels));
    }
}
