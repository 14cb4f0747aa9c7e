package dev.bellman.model;

import dev.bellman.address.Cidr;
import dev.bellman.address.Ip;
import dev.bellman.model.Forwarding.Port;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads what of a Service decides on the way of its packets.
final class ForwardingReader {
    /// Kubernetes' default, three hours.
    private static final long AFFINITY_SECONDS = 10_800;

    private ForwardingReader() {}

    static Forwarding read(Fields root) {
        Fields spec = root.fields("spec");
        return new Forwarding(
                ports(spec),
                spec.stringOr("internalTrafficPolicy", "").equals("Local"),
                affinity(spec),
                (int) value(spec, "healthCheckNodePort", 0),
                sourceRanges(spec),
                proxied(root));
    }

    private static List<Port> ports(Fields spec) {
        List<Port> ports = new ArrayList<>();
        for (Fields port : spec.mappings("ports")) {
            Protocol protocol = protocol(port);
            if (protocol != null) {
                ports.add(new Port(port.stringOr("name", ""), protocol, (int) value(port, "port", 0), (int)
                        value(port, "nodePort", 0)));
            }
        }
        return ports;
    }

    static @Nullable Protocol protocol(Fields port) {
        return Protocol.parse(port.stringOr("protocol", "TCP"));
    }

    private static int affinity(Fields spec) {
        return spec.stringOr("sessionAffinity", "").equals("ClientIP")
                ? (int) value(
                        spec.fields("sessionAffinityConfig").fields("clientIP"), "timeoutSeconds", AFFINITY_SECONDS)
                : 0;
    }

    static long value(Fields fields, String key, long otherwise) {
        return fields.integerOr(key, otherwise).value();
    }

    /// The API server lets blanks around them pass, and so does kube-proxy.
    private static List<Cidr> sourceRanges(Fields spec) {
        return spec
                .each("loadBalancerSourceRanges", text -> {
                    Cidr cidr = Cidr.parse(text.strip());
                    return cidr == null ? null : cidr.masked();
                })
                .stream()
                .map(Located::value)
                .toList();
    }

    private static Set<Ip> proxied(Fields root) {
        Set<Ip> proxied = new HashSet<>();
        for (Fields ingress : root.fields("status").fields("loadBalancer").mappings("ingress")) {
            Located<Ip> ip = ingress.parsed("ip", Ip::parse);
            if (ip != null && ingress.stringOr("ipMode", "VIP").equals("Proxy")) {
                proxied.add(ip.value());
            }
        }
        return proxied;
    }
}
