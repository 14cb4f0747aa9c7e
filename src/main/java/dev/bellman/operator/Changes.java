package dev.bellman.operator;

import dev.bellman.address.Cidr;
import dev.bellman.cluster.ClusterObjects;
import dev.bellman.document.Manifest;
import dev.bellman.document.Node;
import dev.bellman.document.Plain;
import dev.bellman.model.AddressKind;
import dev.bellman.model.AdvertisementClass;
import dev.bellman.model.AdvertisementClass.Backend;
import dev.bellman.model.BgpConfiguration;
import dev.bellman.model.Service;
import dev.bellman.model.TrafficPolicy;
import dev.bellman.plan.BgpConfigurationPlan;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.Plan;
import dev.bellman.plan.ServicePatch;
import dev.bellman.report.Hash;
import dev.bellman.report.PlanObjects;
import dev.bellman.report.SlicedPlans;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What has to be written so that the cluster is as the plan says: only differences, in a safe order.
///
/// NodePlans come first, their slices before them, then Services, then BGPConfiguration, so that agents
/// know of a service before the network does. What belongs to a held class stays as it is.
final class Changes {
    /// Bellman's name among the managers of fields.
    static final String MANAGER = ClusterObjects.MANAGER;

    /// What the API server fills in where nobody states it.
    private static final String DEFAULT = "Cluster";

    private static final Comparator<Object> BY_SERVICE = Comparator.comparing((Object item) -> text(item, "namespace"))
            .thenComparing(item -> text(item, "name"))
            .thenComparing(item -> text(item, "className"))
            .thenComparing(item -> item instanceof Map<?, ?> map && Boolean.TRUE.equals(map.get("collateral")));

    private static final Comparator<Object> BY_PREFIX = Comparator.comparing(
                    (Object item) -> Cidr.parse(text(item, "cidr")), Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(item -> text(item, "addresses"))
            .thenComparing(item -> text(item, "className"));

    private final Judgement judgement;
    private final Plan plan;
    private final Set<String> heldClasses;
    private final Map<String, Manifest> services = new HashMap<>();
    private final PresentPlans present;
    /// The class for which each does not change, or empty text where the service itself refuses to.
    private final Map<String, String> heldServices = new HashMap<>();
    private final List<Change> list = new ArrayList<>();
    private final Map<String, String> withheldServices = new HashMap<>();
    private final Map<String, String> withheldSpeakers = new HashMap<>();
    private @Nullable String withheldBgpConfiguration;
    private final @Nullable Manifest bgpConfiguration;
    private final List<AdvertisementClass> classes;
    // Most nodes are told the same: it is kept once, and compared once.
    private final IdentityHashMap<Map<String, Object>, IdentityHashMap<Object, Map<String, Object>>> kept =
            new IdentityHashMap<>();
    private final IdentityHashMap<Node, IdentityHashMap<Map<String, Object>, Boolean>> compared =
            new IdentityHashMap<>();

    private Changes(
            Judgement judgement,
            Set<String> resting,
            Set<String> refused,
            List<Manifest> manifests,
            PresentPlans present) {
        this.judgement = judgement;
        this.plan = judgement.result().plan();
        this.classes = judgement.result().model().classes();
        this.heldClasses = resting;
        this.present = present;
        Manifest calico = null;
        for (Manifest manifest : manifests) {
            switch (manifest.kind()) {
                case "Service" -> services.put(manifest.id(), manifest);
                case "BGPConfiguration" -> calico = manifest.name().equals("default") ? manifest : calico;
                default -> {}
            }
        }
        this.bgpConfiguration = calico;
        refused.forEach(service -> heldServices.put(service, ""));
        judgement
                .classesOfServices()
                .forEach((service, its) -> its.stream()
                        .filter(heldClasses::contains)
                        .sorted()
                        .findFirst()
                        .ifPresent(held -> heldServices.putIfAbsent(service, held)));
        if (!heldClasses.isEmpty()) {
            present.distinct().stream()
                    .flatMap(one -> Hold.items(one, "services").stream())
                    .filter(item -> heldClasses.contains(String.valueOf(item.text("className"))))
                    // What somebody deleted is given back whatever is held.
                    .filter(item -> !Hold.isAbandoned(item, judgement))
                    .forEach(item -> heldServices.putIfAbsent(
                            item.text("namespace") + "/" + item.text("name"), String.valueOf(item.text("className"))));
        }
    }

    /// @param resting the classes of which nothing changes for now
    /// @param refused ids of services that cannot be patched: nothing about them changes, so that no plan is
    ///     carried out by half
    /// @param manifests the cluster as it was when it was judged
    /// @param present the NodePlans among them
    static Changes of(
            Judgement judgement,
            Set<String> resting,
            Set<String> refused,
            List<Manifest> manifests,
            PresentPlans present) {
        Changes changes = new Changes(judgement, resting, refused, manifests, present);
        changes.addNodePlans(changes.list);
        changes.addServices(changes.list);
        changes.addBgpConfiguration(changes.list);
        return changes;
    }

    /// What is to be written, kind by kind.
    List<Change> list() {
        return list;
    }

    /// What would be written as well if nothing were held.
    Withheld withheld() {
        return new Withheld(withheldServices, withheldSpeakers, withheldBgpConfiguration);
    }

    /// What other classes miss since one is held.
    ///
    /// @param services the class that is held, by the service that does not change with it
    /// @param speakers the same by the BGPSpeaker of which sessions stay as they are
    /// @param bgpConfiguration the class that is held while Calico's configuration should change, or null
    record Withheld(
            Map<String, String> services,
            Map<String, String> speakers,
            @Nullable String bgpConfiguration) {
        Withheld {
            services = Map.copyOf(services);
            speakers = Map.copyOf(speakers);
        }
    }

    /// Whether an item of a NodePlan stays as it is: its class or its service is held.
    private boolean isHeld(Map<?, ?> item) {
        return heldClasses.contains(String.valueOf(item.get("className"))) || heldServices.containsKey(service(item));
    }

    private static String service(Map<?, ?> item) {
        return item.get("namespace") + "/" + item.get("name");
    }

    // NodePlans

    private void addNodePlans(List<Change> all) {
        List<NodePlan> nodes = plan.nodePlans();
        SlicedPlans wanted = Bases.choose(SlicedPlans.of(wholeSpecs(nodes), present.slicedClasses()), present);
        wanted.slices().forEach((name, spec) -> {
            if (!isAs(present.slices().get(name), spec)) {
                all.add(new Change.ApplyNodePlanSlice(name, spec));
            }
        });
        IdentityHashMap<Map<String, Object>, Map<String, Object>> hashed = new IdentityHashMap<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < nodes.size(); i++) {
            String name = nodes.get(i).node();
            Map<String, Object> spec = hashed.computeIfAbsent(wanted.specs().get(i), Changes::withHash);
            names.add(name);
            if (!isAs(present.stored().get(name), spec)) {
                all.add(new Change.ApplyNodePlan(name, spec));
            }
        }
        present.stored().keySet().stream()
                .filter(name -> !names.contains(name))
                .forEach(name -> all.add(new Change.DeleteNodePlan(name)));
        present.slices().keySet().stream()
                .filter(name -> !wanted.slices().containsKey(name))
                .sorted()
                .forEach(name -> all.add(new Change.DeleteNodePlanSlice(name)));
    }

    private static Map<String, Object> withHash(Map<String, Object> spec) {
        Map<String, Object> hashed = new LinkedHashMap<>(spec);
        hashed.put("hash", Hash.of(spec));
        return hashed;
    }

    private boolean isAs(@Nullable Manifest stored, Map<String, Object> spec) {
        Node there = stored == null ? null : stored.root().get("spec");
        return there != null
                && compared.computeIfAbsent(there, _ -> new IdentityHashMap<>())
                        .computeIfAbsent(spec, wanted -> isSame(there, wanted));
    }

    private static boolean isSame(Node there, Map<String, Object> spec) {
        // The API server fills in defaults, but adds no item to a list and no list that was not sent.
        return Plain.of(there) instanceof Map<?, ?> plain
                && plain.keySet().equals(spec.keySet())
                && (PlainValues.covers(plain, spec) || PlainValues.same(stated(plain), stated(spec)));
    }

    /// What is held has the defaults in it that the API server filled in, and so another hash.
    private static Map<Object, Object> stated(Map<?, ?> spec) {
        Map<Object, Object> stated = new LinkedHashMap<>(spec);
        stated.remove("hash");
        stated.computeIfPresent(
                "services",
                (_, services) -> services instanceof List<?> items
                        ? items.stream().map(Changes::withoutDefaults).toList()
                        : services);
        return stated;
    }

    /// What the NodePlans are to say, with what is held as it is; services of all classes among it.
    private List<Map<String, Object>> wholeSpecs(List<NodePlan> nodes) {
        List<Map<String, Object>> specs = PlanObjects.nodePlanSpecs(nodes);
        if (heldClasses.isEmpty() && heldServices.isEmpty()) {
            return specs;
        }
        Map<String, Manifest> whole = new HashMap<>();
        present.whole().forEach(one -> whole.put(one.name(), one));
        List<Map<String, Object>> held = new ArrayList<>(specs.size());
        for (int i = 0; i < specs.size(); i++) {
            String node = nodes.get(i).node();
            Manifest there = whole.get(node);
            held.add(there == null ? keepOfOthers(specs.get(i), node) : keep(specs.get(i), there));
        }
        return held;
    }

    /// What a new node is told: of held classes that choose it the same as the nodes that are there. Else a held change
    /// would be carried out as nodes are replaced.
    private Map<String, Object> keepOfOthers(Map<String, Object> wanted, String node) {
        Map<String, Object> spec = new LinkedHashMap<>(wanted);
        Manifest other = present.distinct().stream()
                .filter(plan -> {
                    Set<String> held = heldClassesOf(plan);
                    return !held.isEmpty() && held.stream().allMatch(name -> announcesFrom(name, node));
                })
                .findFirst()
                .orElse(null);
        keep(spec, other, "prefixes");
        keep(spec, other, "services");
        return spec;
    }

    private boolean announcesFrom(String className, String node) {
        return judgement.result().model().nodes().stream()
                .filter(one -> one.name().equals(node))
                .anyMatch(one -> classes.stream()
                        .anyMatch(announcing -> announcing.name().equals(className) && announcing.announcesFrom(one)));
    }

    private Set<String> heldClassesOf(Manifest plan) {
        return Hold.classes(plan).filter(heldClasses::contains).collect(Collectors.toSet());
    }

    private Map<String, Object> keep(Map<String, Object> spec, Manifest there) {
        Node present = there.root().get("spec");
        return kept.computeIfAbsent(spec, _ -> new IdentityHashMap<>())
                .computeIfAbsent(present == null ? spec : present, _ -> keepNew(spec, there));
    }

    private Map<String, Object> keepNew(Map<String, Object> wanted, Manifest there) {
        Map<String, Object> spec = new LinkedHashMap<>(wanted);
        keep(spec, there, "prefixes");
        keep(spec, there, "services");
        if (!heldClassesOf(there).isEmpty()) {
            // Sessions of routes that stay have to stay, and classes that share a node agree on its rules.
            List<Object> peers = withNew(plain(Hold.items(there, "peers")), items(spec, "peers"));
            if (!PlainValues.same(peers, items(spec, "peers"))) {
                String held = String.join(", ", new TreeSet<>(heldClassesOf(there)));
                Stream.concat(peers.stream(), items(spec, "peers").stream())
                        .forEach(peer -> withheldSpeakers.put(text(peer, "speaker"), held));
            }
            if (!peers.isEmpty()) {
                spec.put("peers", peers);
            }
            Node dataplane = there.root().at("spec", "dataplane");
            if (dataplane != null) {
                spec.put("dataplane", Objects.requireNonNull(Plain.of(dataplane)));
            }
        }
        return spec;
    }

    /// What is there, and sessions with others.
    private static List<Object> withNew(List<Object> there, List<?> wanted) {
        Set<String> addresses =
                there.stream().map(peer -> text(peer, "address")).collect(Collectors.toSet());
        List<Object> all = new ArrayList<>(there);
        wanted.stream()
                .filter(peer -> !addresses.contains(text(peer, "address")))
                .forEach(all::add);
        return all;
    }

    private void keep(Map<String, Object> spec, @Nullable Manifest there, String list) {
        List<Object> held = there == null
                ? List.of()
                : plain(Hold.items(there, list).stream()
                                .filter(item -> !Hold.isAbandoned(item, judgement))
                                .toList())
                        .stream()
                        .filter(item -> item instanceof Map<?, ?> map && isHeld(map))
                        .toList();
        Map<String, List<Object>> byService =
                held.stream().collect(Collectors.groupingBy(item -> service((Map<?, ?>) item)));
        List<Object> items = new ArrayList<>();
        for (Object item : items(spec, list)) {
            if (!(item instanceof Map<?, ?> map && isHeld(map))) {
                items.add(item);
            } else if (!heldClasses.contains(text(item, "className"))
                    && byService.getOrDefault(service(map), List.of()).stream()
                            .noneMatch(one -> isSameItem(one, item))) {
                withhold(service(map));
            }
        }
        items.addAll(held);
        if (list.equals("services")) {
            // As the compiler sorts them, and without defaults that the API server fills in: what is held
            // stays to the letter.
            items.replaceAll(Changes::withoutDefaults);
            items.sort(BY_SERVICE);
        } else {
            items.sort(BY_PREFIX);
        }
        if (items.isEmpty()) {
            spec.remove(list);
        } else {
            spec.put(list, items);
        }
    }

    private static boolean isSameItem(Object there, Object wanted) {
        return PlainValues.same(withoutDefaults(there), withoutDefaults(wanted));
    }

    private void withhold(String service) {
        String held = heldServices.getOrDefault(service, "");
        if (!held.isEmpty()) {
            withheldServices.put(service, held);
        }
    }

    private static Object withoutDefaults(Object item) {
        if (item instanceof Map<?, ?> map && Boolean.FALSE.equals(map.get("collateral"))) {
            Map<Object, Object> stated = new LinkedHashMap<>(map);
            stated.remove("collateral");
            return stated;
        }
        return item;
    }

    static String text(Object item, String key) {
        return item instanceof Map<?, ?> map ? String.valueOf(map.get(key)) : "";
    }

    static List<?> items(Object item, String list) {
        return item instanceof Map<?, ?> map && map.get(list) instanceof List<?> items ? items : List.of();
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
        // Sorted once they are few.
        List<Change> some = new ArrayList<>();
        services.forEach((id, service) -> {
            if (!heldServices.containsKey(id)) {
                addService(some, service, patches.get(id));
                return;
            }
            List<Change> not = new ArrayList<>();
            addService(not, service, patches.get(id));
            if (!not.isEmpty()) {
                withhold(id);
            }
        });
        some.sort(Comparator.comparing(Change::object));
        all.addAll(some);
    }

    private static void addService(List<Change> all, Manifest service, @Nullable ServicePatch patch) {
        ManagedFields owners = ManagedFields.of(service);
        boolean patched = owners.ownedBy(MANAGER, "spec").contains("externalTrafficPolicy");
        boolean annotated = owners.ownedBy(MANAGER, "metadata").contains("annotations");
        String written = service.root().text("metadata", "annotations", Service.ORIGINAL_TRAFFIC_POLICY);
        String original = TrafficPolicy.parse(String.valueOf(written)) == null ? null : written;
        String uid = String.valueOf(service.root().text("metadata", "uid"));
        if (patch == null) {
            // An annotation alone is not Bellman's word.
            if (patched || annotated) {
                all.add(new Change.RestoreService(
                        service.namespace(), service.name(), uid, Objects.requireNonNullElse(original, DEFAULT)));
            }
            return;
        }
        String present = service.root().text("spec", "externalTrafficPolicy");
        String before = original != null ? original : patched || present == null ? DEFAULT : present;
        if (!patch.value().word().equals(present) || !annotated || !before.equals(written)) {
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
        BgpConfigurationPlan wanted = plan.bgpConfiguration();
        Map<String, Object> spec =
                withHeld(wanted == null ? Map.of() : bare(PlanObjects.bgpConfiguration(wanted), "spec"));
        Set<String> owned = bgpConfiguration == null
                ? Set.of()
                : ManagedFields.of(bgpConfiguration).ownedBy(MANAGER, "spec");
        Node there = bgpConfiguration == null ? null : bgpConfiguration.root().get("spec");
        boolean asItIs =
                PlainValues.covers(there == null ? Map.of() : Plain.of(there), spec) && owned.equals(spec.keySet());
        if (asItIs) {
            return;
        }
        withheldBgpConfiguration = classes.stream()
                .filter(one -> one.backend().value() == Backend.CALICO && heldClasses.contains(one.name()))
                .map(AdvertisementClass::name)
                .findFirst()
                .orElse(null);
        if (withheldBgpConfiguration == null) {
            all.add(new Change.ApplyBgpConfiguration(spec));
        }
    }

    /// With the routes of services that stay as they are: Calico announces a Service that could not become Local
    /// from every node.
    private Map<String, Object> withHeld(Map<String, Object> spec) {
        Set<Object> hosts = plan.decisions().stream()
                .filter(decision ->
                        decision.backend() == Backend.CALICO && heldServices.containsKey(decision.service()))
                .flatMap(decision -> decision.addresses().stream())
                .map(granted -> granted.address().ip())
                .filter(Objects::nonNull)
                .map(ip -> ip.host().toString())
                .collect(Collectors.toSet());
        if (hosts.isEmpty()) {
            return spec;
        }
        Map<String, Object> kept = new LinkedHashMap<>(spec);
        for (AddressKind kind : AddressKind.values()) {
            String list = BgpConfiguration.field(kind);
            List<Object> blocks = new ArrayList<>(items(spec, list));
            blocks.removeIf(block -> hosts.contains(text(block, "cidr")));
            if (bgpConfiguration != null) {
                plain(bgpConfiguration.root().items("spec", list)).stream()
                        .filter(block -> hosts.contains(text(block, "cidr")))
                        .forEach(blocks::add);
            }
            if (blocks.isEmpty()) {
                kept.remove(list);
            } else {
                kept.put(list, blocks);
            }
        }
        return kept;
    }
}
