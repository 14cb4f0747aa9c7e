package dev.bellman.model;

import dev.bellman.address.Cidr;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads Calico's objects, only what service advertisement needs of them.
final class CalicoReader {
    private CalicoReader() {}

    /// The resource named `default`; Calico reads the service lists of no other.
    static @Nullable BgpConfiguration bgpConfiguration(Overlay.Twin twin) {
        if (!twin.manifest().name().equals("default")) {
            return null;
        }
        Fields spec = new Fields(twin.manifest().root()).fields("spec");
        return new BgpConfiguration(
                list(spec, "serviceClusterIPs"),
                list(spec, "serviceExternalIPs"),
                list(spec, "serviceLoadBalancerIPs"),
                spec.string("serviceLoadBalancerAggregation"),
                twin.declared() == null,
                twin.manifest());
    }

    private static List<Located<Cidr>> list(Fields spec, String key) {
        List<Located<Cidr>> found = new ArrayList<>();
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
