package dev.bellman.operator;

import dev.bellman.document.Manifest;
import dev.bellman.document.Node;
import dev.bellman.document.Plain;
import dev.bellman.model.AdvertisementClass;
import dev.bellman.model.Service;
import dev.bellman.plan.BgpConfigurationPlan;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.Plan;
import dev.bellman.plan.ServicePatch;
import dev.bellman.report.PlanObjects;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What has to be written so that the cluster is as the plan says: only differences, in a safe order.
///
/// NodePlans come first, then Services, then BGPConfiguration, so that agents know of a service before the network
/// does. What belongs to a held class stays as it is.
final class Changes {
    /// Bellman's name among the managers of fields.
    static final String MANAGER = "bellman";

    private final Plan plan;
    private final Set<String> heldClasses;
    private final Map<String, Manifest> services = new HashMap<>();
    private final Map<String, Manifest> nodePlans = new TreeMap<>();
    private final Set<String> heldServices = new HashSet<>();
    private final @Nullable Manifest bgpConfiguration;
    private final List<AdvertisementClass> classes;
    // Most nodes are told the same: it is written out once, held once, and compared once.
    private final List<Rendered> rendered = new ArrayList<>();
    private final Map<Object, Map<String, Object>> specs = new HashMap<>();
    private final IdentityHashMap<Node, IdentityHashMap<Map<String, Object>, Boolean>> compared =
            new IdentityHashMap<>();

    /// What a plan says, whichever node it is for.
    private record Rendered(NodePlan plan, Map<String, Object> spec) {}

    private Changes(Judgement judgement, Set<String> resting, Set<String> refused, List<Manifest> present) {
        this.plan = judgement.result().plan();
        this.classes = judgement.result().model().classes();
        this.heldClasses = resting;
        Manifest calico = null;
        for (Manifest manifest : present) {
            switch (manifest.kind()) {
                case "Service" -> services.put(manifest.id(), manifest);
                case "NodePlan" -> nodePlans.put(manifest.name(), manifest);
                case "BGPConfiguration" -> calico = manifest.name().equals("default") ? manifest : calico;
                default -> {}
            }
        }
        this.bgpConfiguration = calico;
        heldServices.addAll(refused);
        judgement.classesOfServices().forEach((service, its) -> {
            if (its.stream().anyMatch(heldClasses::contains)) {
                heldServices.add(service);
            }
        });
        nodePlans.values().stream()
                .flatMap(one -> Hold.items(one, "services").stream())
                .filter(item -> heldClasses.contains(String.valueOf(item.text("className"))))
                .forEach(item -> heldServices.add(item.text("namespace") + "/" + item.text("name")));
    }

    /// @param resting the classes of which nothing changes for now
    /// @param refused ids of services that cannot be patched: nothing about them changes, so that no plan is
    ///     carried out by half
    /// @param present the cluster as it was when it was judged
    static List<Change> of(Judgement judgement, Set<String> resting, Set<String> refused, List<Manifest> present) {
        Changes changes = new Changes(judgement, resting, refused, present);
        List<Change> all = new ArrayList<>();
        changes.addNodePlans(all);
        changes.addServices(all);
        changes.addBgpConfiguration(all);
        return all;
    }

    /// Whether an item of a NodePlan stays as it is: its class or its service is held.
    private boolean isHeld(Map<?, ?> item) {
        return heldClasses.contains(String.valueOf(item.get("className")))
                || heldServices.contains(item.get("namespace") + "/" + item.get("name"));
    }

    // NodePlans

    private void addNodePlans(List<Change> all) {
        Set<String> wanted = new TreeSet<>();
        for (NodePlan node : plan.nodePlans()) {
            wanted.add(node.node());
            Manifest present = nodePlans.get(node.node());
            Map<String, Object> spec = spec(node, present);
            if (present == null || !isAs(present, spec)) {
                all.add(new Change.ApplyNodePlan(node.node(), spec));
            }
        }
        nodePlans.keySet().stream()
                .filter(name -> !wanted.contains(name))
                .forEach(name -> all.add(new Change.DeleteNodePlan(name)));
    }

    private boolean isAs(Manifest present, Map<String, Object> spec) {
        Node there = present.root().get("spec");
        return there != null
                && compared.computeIfAbsent(there, _ -> new IdentityHashMap<>())
                        .computeIfAbsent(spec, wanted -> isSame(there, wanted));
    }

    private static boolean isSame(Node there, Map<String, Object> spec) {
        Object plain = Plain.of(there);
        // The API server fills in defaults, but adds no item to a list and no list that was not sent.
        return PlainValues.covers(plain, spec)
                && plain instanceof Map<?, ?> map
                && map.keySet().equals(spec.keySet());
    }

    private Map<String, Object> spec(NodePlan node, @Nullable Manifest present) {
        Map<String, Object> spec = new LinkedHashMap<>(rendered(node));
        if (!heldClasses.isEmpty() || !heldServices.isEmpty()) {
            keep(spec, present, "prefixes");
            keep(spec, present, "services");
            if (!heldClasses.isEmpty() && present != null) {
                // Sessions of routes that stay have to stay.
                if (Hold.items(present, "peers").size() > items(spec, "peers").size()) {
                    spec.put("peers", plain(Hold.items(present, "peers")));
                }
            }
            spec.remove("hash");
            spec.put("hash", Hash.of(spec));
        }
        Map<String, Object> before = specs.putIfAbsent(Objects.requireNonNull(spec.get("hash")), spec);
        return before == null ? spec : before;
    }

    private Map<String, Object> rendered(NodePlan node) {
        NodePlan any = node.of("");
        for (Rendered one : rendered) {
            if (one.plan().equals(any)) {
                return one.spec();
            }
        }
        Map<String, Object> spec = bare(PlanObjects.nodePlan(node), "spec");
        spec.remove("hash");
        spec.put("hash", Hash.of(spec));
        rendered.add(new Rendered(any, spec));
        return spec;
    }

    private void keep(Map<String, Object> spec, @Nullable Manifest present, String list) {
        List<Object> items = new ArrayList<>();
        items(spec, list).stream()
                .filter(item -> !(item instanceof Map<?, ?> map && isHeld(map)))
                .forEach(items::add);
        if (present != null) {
            plain(Hold.items(present, list)).stream()
                    .filter(item -> item instanceof Map<?, ?> map && isHeld(map))
                    .forEach(items::add);
        }
        if (items.isEmpty()) {
            spec.remove(list);
        } else {
            spec.put(list, items);
        }
    }

    private static List<?> items(Map<String, Object> spec, String list) {
        return spec.get(list) instanceof List<?> items ? items : List.of();
    }

    private static List<Object> plain(List<Node> items) {
        return items.stream().map(Plain::of).filter(Objects::nonNull).collect(Collectors.toList());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> bare(Map<String, Object> object, String part) {
        return (Map<String, Object>) PlanObjects.bare(Objects.requireNonNull(object.get(part)));
    }

    // Services

    private void addServices(List<Change> all) {
        Map<String, ServicePatch> patches = new HashMap<>();
        plan.patches().forEach(patch -> patches.put(patch.service(), patch));
        services.values().stream()
                .filter(service -> !heldServices.contains(service.id()))
                .sorted((a, b) -> a.id().compareTo(b.id()))
                .forEach(service -> addService(all, service, patches.get(service.id())));
    }

    private static void addService(List<Change> all, Manifest service, @Nullable ServicePatch patch) {
        String original = service.root().text("metadata", "annotations", Service.ORIGINAL_TRAFFIC_POLICY);
        String present = service.root().text("spec", "externalTrafficPolicy");
        String uid = String.valueOf(service.root().text("metadata", "uid"));
        if (patch == null) {
            if (original != null) {
                all.add(new Change.RestoreService(service.namespace(), service.name(), uid, original));
            }
            return;
        }
        String before = original != null ? original : present == null ? "Cluster" : present;
        if (!patch.value().word().equals(present) || original == null) {
            all.add(new Change.PatchService(
                    service.namespace(),
                    service.name(),
                    uid,
                    patch.value().word(),
                    before,
                    patch.cause().policy()));
        }
    }

    // BGPConfiguration

    private void addBgpConfiguration(List<Change> all) {
        boolean held = classes.stream()
                .anyMatch(one ->
                        one.backend().value() == AdvertisementClass.Backend.CALICO && heldClasses.contains(one.name()));
        if (held) {
            return;
        }
        BgpConfigurationPlan wanted = plan.bgpConfiguration();
        Map<String, Object> spec = wanted == null ? Map.of() : bare(PlanObjects.bgpConfiguration(wanted), "spec");
        Set<String> owned = bgpConfiguration == null
                ? Set.of()
                : ManagedFields.of(bgpConfiguration).ownedBy(MANAGER, "spec");
        Node there = bgpConfiguration == null ? null : bgpConfiguration.root().get("spec");
        boolean asItIs =
                PlainValues.covers(there == null ? Map.of() : Plain.of(there), spec) && owned.equals(spec.keySet());
        if (!asItIs) {
            all.add(new Change.ApplyBgpConfiguration(spec));
        }
    }
}
