package dev.bellman.model;

import dev.bellman.address.Cidr;
import dev.bellman.document.Manifest;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads Calico's objects, only what service advertisement needs of them.
final class CalicoReader {
    private static final String AGGREGATION = "serviceLoadBalancerAggregation";

    private CalicoReader() {}

    /// The resource named `default`; Calico reads the service lists of no other.
    static @Nullable BgpConfiguration bgpConfiguration(Overlay.Twin twin) {
        if (!twin.manifest().name().equals("default")) {
            return null;
        }
        Fields spec = new Fields(twin.manifest().root()).fields("spec");
        return new BgpConfiguration(
                list(spec, BgpConfiguration.field(AddressKind.CLUSTER_IP)),
                list(spec, BgpConfiguration.field(AddressKind.EXTERNAL_IP)),
                list(spec, BgpConfiguration.field(AddressKind.LOAD_BALANCER_IP)),
                spec.string(AGGREGATION),
                twin.declared() != null
                        && new Fields(twin.declared().root()).fields("spec").has(AGGREGATION),
                declared(twin.declared()),
                twin.declared() == null
                        ? List.of()
                        : list(new Fields(twin.declared().root()).fields("spec"), "prefixAdvertisements"),
                !"false".equals(word(twin.manifest(), "nodeToNodeMeshEnabled")),
                Objects.requireNonNullElse(word(twin.manifest(), "asNumber"), BgpConfiguration.DEFAULT_ASN),
                twin.manifest());
    }

    private static Set<AddressKind> declared(@Nullable Manifest manifest) {
        if (manifest == null) {
            return Set.of();
        }
        Fields spec = new Fields(manifest.root()).fields("spec");
        return Stream.of(AddressKind.values())
                .filter(kind -> spec.has(BgpConfiguration.field(kind)))
                .collect(Collectors.toSet());
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

    static @Nullable CalicoPeer peer(Overlay.Twin twin) {
        Manifest manifest = twin.manifest();
        Node asn = manifest.root().at("spec", "asNumber");
        String text = word(manifest, "asNumber");
        return asn == null || text == null
                ? null
                : new CalicoPeer(
                        manifest.name(),
                        new Located<>(text, asn.span()),
                        !manifest.root().items("spec", "filters").isEmpty());
    }

    /// A field of the spec that is a number, a boolean or a text, as text.
    private static @Nullable String word(Manifest manifest, String key) {
        return manifest.root().at("spec", key) instanceof Scalar scalar && scalar.value() != null
                ? String.valueOf(scalar.value())
                : null;
    }

    static @Nullable String version(Overlay.Twin twin) {
        Located<String> version =
                new Fields(twin.manifest().root()).fields("spec").string("calicoVersion");
        return version == null ? null : version.value();
    }
}
