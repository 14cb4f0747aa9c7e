package dev.bellman.model;

import dev.bellman.address.Cidr;
import dev.bellman.document.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads Calico's objects, only what service advertisement needs of them.
final class CalicoReader {
    private static final Map<AddressKind, String> LISTS = Map.of(
            AddressKind.CLUSTER_IP, "serviceClusterIPs",
            AddressKind.EXTERNAL_IP, "serviceExternalIPs",
            AddressKind.LOAD_BALANCER_IP, "serviceLoadBalancerIPs");

    private CalicoReader() {}

    /// The resource named `default`; Calico reads the service lists of no other.
    static @Nullable BgpConfiguration bgpConfiguration(Overlay.Twin twin) {
        if (!twin.manifest().name().equals("default")) {
            return null;
        }
        Fields spec = new Fields(twin.manifest().root()).fields("spec");
        return new BgpConfiguration(
                list(spec, LISTS.get(AddressKind.CLUSTER_IP)),
                list(spec, LISTS.get(AddressKind.EXTERNAL_IP)),
                list(spec, LISTS.get(AddressKind.LOAD_BALANCER_IP)),
                spec.string("serviceLoadBalancerAggregation"),
                declared(twin.declared()),
                twin.manifest());
    }

    private static Set<AddressKind> declared(@Nullable Manifest manifest) {
        if (manifest == null) {
            return Set.of();
        }
        Fields spec = new Fields(manifest.root()).fields("spec");
        return Stream.of(AddressKind.values())
                .filter(kind -> LISTS.get(kind) instanceof String key && spec.has(key))
                .collect(Collectors.toSet());
    }

    private static List<Located<Cidr>> list(Fields spec, @Nullable String key) {
        List<Located<Cidr>> found = new ArrayList<>();
        if (key == null) {
            return found;
        }
        for (Fields block : spec.mappings(key)) {
            Located<Cidr> cidr = block.cidr("cidr");
            if (cidr != null) {
                found.add(cidr);
            }
        }
        return found;
    }

    static @Nullable String version(Overlay.Twin twin) {
        Located<String> version =
                new Fields(twin.manifest().root()).fields("spec").string("calicoVersion");
        return version == null ? null : version.value();
    }
}
