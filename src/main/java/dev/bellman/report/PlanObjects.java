package dev.bellman.report;

import dev.bellman.address.Cidr;
import dev.bellman.address.Ip;
import dev.bellman.model.AddressKind;
import dev.bellman.model.BgpConfiguration;
import dev.bellman.model.Dataplane;
import dev.bellman.model.Located;
import dev.bellman.model.Service;
import dev.bellman.model.Speaker;
import dev.bellman.plan.BgpConfigurationPlan;
import dev.bellman.plan.Cause;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.PlannedPeer;
import dev.bellman.plan.PlannedPrefix;
import dev.bellman.plan.PlannedService;
import dev.bellman.plan.Prediction;
import dev.bellman.plan.Prediction.Announcement;
import dev.bellman.plan.RouteAttributes;
import dev.bellman.plan.ServicePatch;
import dev.bellman.plan.Undecided;
import dev.bellman.report.YamlText.Remarked;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The parts of a plan as Kubernetes objects, in the field order that people expect.
public final class PlanObjects {
    private static final String API_VERSION = "bellman.dev/v1alpha1";

    private PlanObjects() {}

    /// Calico's BGPConfiguration `default`, Bellman's fields only: for server-side apply.
    public static Map<String, Object> bgpConfiguration(BgpConfigurationPlan plan) {
        Map<String, Object> spec = new LinkedHashMap<>();
        for (AddressKind kind : AddressKind.values()) {
            List<Remarked> entries = plan.list(kind).stream()
                    .map(entry -> remarked(Map.of("cidr", entry.cidr().toString()), entry.cause()))
                    .toList();
            put(spec, BgpConfiguration.field(kind), entries);
        }
        if (plan.aggregated() != null) {
            spec.put(
                    "serviceLoadBalancerAggregation",
                    remarked("Enabled", plan.aggregated().cause()));
        }
        put(
                spec,
                "prefixAdvertisements",
                plan.prefixAdvertisements().stream()
                        .map(advertisement -> remarked(
                                ordered(
                                        "cidr", advertisement.cidr().toString(),
                                        "communities", advertisement.communities()),
                                advertisement.cause()))
                        .toList());
        return ordered(
                "apiVersion",
                "projectcalico.org/v3",
                "kind",
                "BGPConfiguration",
                "metadata",
                Map.of("name", "default"),
                "spec",
                spec);
    }

    /// The one field of a Service that a policy changes, and the annotation that remembers what it was: for
    /// server-side apply.
    public static Map<String, Object> servicePatch(ServicePatch patch) {
        Map<String, Object> metadata = ordered("name", patch.name(), "namespace", patch.namespace());
        if (patch.before() != null) {
            metadata.put(
                    "annotations",
                    Map.of(Service.ORIGINAL_TRAFFIC_POLICY, patch.before().word()));
        }
        return ordered(
                "apiVersion",
                "v1",
                "kind",
                "Service",
                "metadata",
                metadata,
                "spec",
                Map.of("externalTrafficPolicy", remarked(patch.value().word(), patch.cause())));
    }

    public static Map<String, Object> nodePlan(NodePlan plan) {
        Map<String, Object> object = nodePlanHead(plan);
        object.put("spec", nodePlanSpec(plan));
        return object;
    }

    /// A NodePlan but for its spec.
    static Map<String, Object> nodePlanHead(NodePlan plan) {
        return ordered("apiVersion", API_VERSION, "kind", "NodePlan", "metadata", Map.of("name", plan.node()));
    }

    /// A part of what NodePlans say.
    static Map<String, Object> nodePlanSlice(String name, Map<String, Object> spec) {
        return ordered(
                "apiVersion", API_VERSION, "kind", "NodePlanSlice", "metadata", Map.of("name", name), "spec", spec);
    }

    /// What each of the NodePlans says, in their order. Most nodes are told the same: that is one object,
    /// and services that are the same list become one list.
    public static List<Map<String, Object>> nodePlanSpecs(List<NodePlan> plans) {
        IdentityHashMap<List<PlannedService>, List<Map<String, Object>>> services = new IdentityHashMap<>();
        List<Spec> distinct = new ArrayList<>();
        List<Map<String, Object>> specs = new ArrayList<>(plans.size());
        for (NodePlan plan : plans) {
            NodePlan any = plan.of("");
            // By comparing, which is over as soon as two lists are the same one, while a hash takes all
            // that is in them.
            Spec spec = distinct.stream()
                    .filter(one -> one.plan().equals(any))
                    .findFirst()
                    .orElse(null);
            if (spec == null) {
                spec = new Spec(
                        any, nodePlanSpec(any, services.computeIfAbsent(any.services(), PlanObjects::services)));
                distinct.add(spec);
            }
            specs.add(spec.spec());
        }
        return specs;
    }

    private record Spec(NodePlan plan, Map<String, Object> spec) {}

    private static Map<String, Object> nodePlanSpec(NodePlan plan) {
        return nodePlanSpec(plan, services(plan.services()));
    }

    private static Map<String, Object> nodePlanSpec(NodePlan plan, List<Map<String, Object>> services) {
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("dataplane", dataplane(plan.dataplane()));
        put(spec, "prefixes", plan.prefixes().stream().map(PlanObjects::prefix).toList());
        put(spec, "services", services);
        put(spec, "peers", plan.peers().stream().map(PlanObjects::peer).toList());
        return spec;
    }

    private static List<Map<String, Object>> services(List<PlannedService> services) {
        return services.stream().map(PlanObjects::service).toList();
    }

    private static Map<String, Object> dataplane(Dataplane dataplane) {
        Map<String, Object> map = ordered("rules", dataplane.rules(), "ruleBackend", dataplane.ruleBackend());
        if (!dataplane.clusterCidrs().isEmpty()) {
            map.put(
                    "clusterCIDR",
                    String.join(
                            ",",
                            dataplane.clusterCidrs().stream()
                                    .map(Located::value)
                                    .map(Cidr::toString)
                                    .toList()));
        }
        return map;
    }

    private static Map<String, Object> prefix(PlannedPrefix prefix) {
        Map<String, Object> map = ordered(
                "cidr", prefix.cidr().toString(),
                "addresses", prefix.kind().word(),
                "className", prefix.className(),
                "backend", prefix.backend().word());
        putAttributes(map, prefix.attributes());
        map.put("origin", prefix.cause().toString());
        return map;
    }

    private static Map<String, Object> service(PlannedService service) {
        Map<String, Object> map = ordered(
                "namespace", service.namespace(),
                "name", service.name(),
                "className", service.className(),
                "backend", service.backend().word(),
                "trafficPolicy", service.trafficPolicy().word(),
                "announceWhen", service.announceWhen().word(),
                "addresses",
                        service.addresses().stream().map(PlanObjects::address).toList());
        putAttributes(map, service.attributes());
        put(map, "policies", service.policies());
        if (service.collateral()) {
            map.put("collateral", true);
        }
        map.put("origin", service.cause().toString());
        return map;
    }

    private static Map<String, Object> address(PlannedService.Address address) {
        Map<String, Object> map = ordered("type", address.kind().word());
        if (address.ip() != null) {
            map.put("address", address.ip().toString());
        }
        return map;
    }

    private static Map<String, Object> peer(PlannedPeer planned) {
        Speaker.Peer peer = planned.peer();
        Map<String, Object> map = ordered(
                "speaker", planned.speaker(),
                "name", peer.name(),
                "address", peer.address().toString(),
                "asn", peer.asn(),
                "localASN", planned.localAsn(),
                "port", peer.port());
        if (peer.password() != null) {
            map.put("passwordSecretRef", secret(peer.password()));
        }
        map.put(
                "gracefulRestart",
                ordered(
                        "enabled", peer.gracefulRestart().enabled(),
                        "restartTimeSeconds", peer.gracefulRestart().restartTimeSeconds()));
        if (peer.bfd().enabled()) {
            map.put(
                    "bfd",
                    ordered(
                            "enabled", true,
                            "minTxMillis", peer.bfd().minTxMillis(),
                            "minRxMillis", peer.bfd().minRxMillis(),
                            "multiplier", peer.bfd().multiplier()));
        }
        map.put("holdTimeSeconds", peer.holdTime());
        putNumber(map, "keepaliveSeconds", peer.keepalive());
        putNumber(map, "multihopTTL", peer.multihopTtl());
        map.put("origin", planned.cause().toString());
        return map;
    }

    private static Map<String, Object> secret(Speaker.SecretRef secret) {
        Map<String, Object> map = ordered("name", secret.name(), "key", secret.key());
        if (secret.namespace() != null) {
            map.put("namespace", secret.namespace());
        }
        return map;
    }

    /// The routes as the `routes` command's JSON has them, and with their origin.
    public static Map<String, Object> routes(Prediction prediction, List<Undecided> undecided) {
        Map<String, Object> nodes = new LinkedHashMap<>();
        // Many nodes announce the very same.
        IdentityHashMap<Announcement, Remarked> written = new IdentityHashMap<>();
        prediction
                .nodes()
                .forEach(node -> nodes.put(
                        node.node(),
                        Map.of(
                                "advertised",
                                node.announcements().stream()
                                        .map(announcement ->
                                                written.computeIfAbsent(announcement, PlanObjects::announcement))
                                        .toList())));
        Map<String, Object> routes = ordered(
                "version",
                1,
                "nodes",
                nodes,
                "upstream",
                prediction.upstream().stream()
                        .map(route -> remarked(
                                ordered(
                                        "prefix", route.prefix().toString(),
                                        "nextHops",
                                                route.nextHops().stream()
                                                        .map(Ip::toString)
                                                        .toList()),
                                route.cause()))
                        .toList());
        put(routes, "undecided", undecided.stream().map(Undecided::what).toList());
        return routes;
    }

    private static Remarked announcement(Announcement announcement) {
        String remark = announcement.collateral()
                ? announcement.cause() + ", collateral of " + announcement.service()
                : announcement.cause().toString();
        return new Remarked(announcement.prefix().toString(), remark);
    }

    private static Remarked remarked(Object value, Cause cause) {
        return new Remarked(value, cause.toString());
    }

    private static void putAttributes(Map<String, Object> map, RouteAttributes attributes) {
        if (attributes.isEmpty()) {
            return;
        }
        Map<String, Object> values = new LinkedHashMap<>();
        put(values, "communities", attributes.communities());
        putNumber(values, "localPreference", attributes.localPreference());
        putNumber(values, "med", attributes.med());
        putNumber(values, "prepend", attributes.prepend());
        map.put("attributes", values);
    }

    private static void putNumber(Map<String, Object> map, String key, @Nullable Long value) {
        if (value != null) {
            map.put(key, value);
        }
    }

    private static void put(Map<String, Object> map, @Nullable String key, List<?> values) {
        if (key != null && !values.isEmpty()) {
            map.put(key, values);
        }
    }

    /// A value without the remarks that only text has room for.
    public static Object bare(Object value) {
        return switch (value) {
            case Remarked remarked -> bare(remarked.value());
            case Map<?, ?> map -> {
                Map<String, Object> plain = new LinkedHashMap<>();
                map.forEach((key, inner) -> plain.put((String) key, bare(inner)));
                yield plain;
            }
            case List<?> list -> list.stream().map(PlanObjects::bare).toList();
            default -> value;
        };
    }

    private static Map<String, Object> ordered(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
