package dev.bellman.model;

import dev.bellman.address.Family;
import dev.bellman.address.Ip;
import dev.bellman.document.Manifest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a Service.
final class ServiceReader {
    private ServiceReader() {}

    static Service read(Overlay.Twin twin) {
        Fields root = new Fields(twin.manifest().root());
        Fields metadata = root.fields("metadata");
        Fields spec = root.fields("spec");
        Located<String> type = spec.string("type");
        List<Located<Ip>> clusterIps = clusterIps(spec);
        return new Service(
                twin.manifest().namespace(),
                twin.manifest().name(),
                metadata.stringMap("labels"),
                type == null ? new Located<>("ClusterIP", spec.span()) : type,
                spec.stringOr("clusterIP", "").equals("None"),
                clusterIps,
                spec.ips("externalIPs"),
                spec.parsed("loadBalancerIP", Ip::parse),
                ingress(root),
                families(spec, clusterIps),
                ForwardingReader.read(root),
                trafficPolicy(twin.declared()),
                trafficPolicy(twin.observed()),
                metadata.fields("annotations").parsed(Service.ORIGINAL_TRAFFIC_POLICY, TrafficPolicy::parse),
                twin.declared() != null,
                twin.observed() != null,
                twin.manifest());
    }

    /// `clusterIPs`, or the older `clusterIP` alone.
    private static List<Located<Ip>> clusterIps(Fields spec) {
        List<Located<Ip>> all = spec.ips("clusterIPs");
        Located<Ip> first = spec.parsed("clusterIP", Ip::parse);
        return all.isEmpty() && first != null ? List.of(first) : all;
    }

    private static List<Located<Ip>> ingress(Fields root) {
        List<Located<Ip>> found = new ArrayList<>();
        for (Fields ingress : root.fields("status").fields("loadBalancer").mappings("ingress")) {
            Located<Ip> ip = ingress.parsed("ip", Ip::parse);
            if (ip != null) {
                found.add(ip);
            }
        }
        return found;
    }

    /// `ipFamilies`, or what the cluster IPs say, or nothing where neither is known.
    private static List<Family> families(Fields spec, List<Located<Ip>> clusterIps) {
        List<Family> said = spec.strings("ipFamilies").stream()
                .map(word -> word.value().equals(Family.IPV6.word()) ? Family.IPV6 : Family.IPV4)
                .distinct()
                .toList();
        return said.isEmpty()
                ? clusterIps.stream().map(ip -> ip.value().family()).distinct().toList()
                : said;
    }

    private static @Nullable Located<TrafficPolicy> trafficPolicy(@Nullable Manifest manifest) {
        return manifest == null
                ? null
                : new Fields(manifest.root()).fields("spec").parsed("externalTrafficPolicy", TrafficPolicy::parse);
    }
}
