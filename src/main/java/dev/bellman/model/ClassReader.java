package dev.bellman.model;

import dev.bellman.address.Cidr;
import dev.bellman.model.AdvertisementClass.Backend;
import dev.bellman.model.AdvertisementClass.Guardrails;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads an AdvertisementClass. Defaults here are those of its custom resource definition.
final class ClassReader {
    private static final Map<String, Backend> BACKENDS = Map.of("Calico", Backend.CALICO, "Bird", Backend.BIRD);

    private ClassReader() {}

    static AdvertisementClass read(Overlay.Twin twin) {
        Fields root = new Fields(twin.manifest().root());
        Fields spec = root.fields("spec");
        Located<Backend> backend = spec.parsed("backend", BACKENDS::get);
        Fields guardrails = spec.fields("guardrails");
        List<Prefix> prefixes = prefixes(spec);
        return new AdvertisementClass(
                twin.manifest().name(),
                backend == null ? new Located<>(Backend.CALICO, spec.span()) : backend,
                prefixes,
                prefixes.size() == spec.items("prefixes").size()
                        && prefixes.stream().noneMatch(prefix -> prefix.namespaces() instanceof Selection.None),
                PolicyReader.selection(spec, "nodes"),
                PolicyReader.attributes(spec),
                new Guardrails(
                        guardrails.integerOr("maxHostRoutes", 500),
                        guardrails.integerOr("minNextHops", 1),
                        guardrails.integerOr("maxWithdrawnPercent", 20)),
                dataplane(spec.fields("dataplane")),
                twin.manifest());
    }

    private static List<Prefix> prefixes(Fields spec) {
        List<Prefix> found = new ArrayList<>();
        for (Fields fields : spec.mappings("prefixes")) {
            Prefix prefix = prefix(fields);
            if (prefix != null) {
                found.add(prefix);
            }
        }
        return found;
    }

    private static @Nullable Prefix prefix(Fields fields) {
        Located<Cidr> cidr = fields.cidr("cidr");
        Located<AddressKind> kind = fields.parsed("addresses", AddressKind::parse);
        if (cidr == null || kind == null) {
            return null;
        }
        Prefix.Advertise advertise = fields.stringOr("advertise", "Always").equals("OnDemand")
                ? Prefix.Advertise.ON_DEMAND
                : Prefix.Advertise.ALWAYS;
        return new Prefix(
                cidr.value(),
                kind.value(),
                advertise,
                PolicyReader.selection(fields, "namespaces"),
                cidr.span(),
                fields.spanOf("advertise"));
    }

    private static Dataplane dataplane(Fields fields) {
        Located<String> text = fields.string("clusterCIDR");
        return new Dataplane(
                fields.stringOr("rules", Dataplane.DEFAULT.rules()),
                fields.stringOr("ruleBackend", Dataplane.DEFAULT.ruleBackend()),
                text == null ? List.of() : Dataplane.clusterCidrs(text));
    }
}
