package dev.bellman.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.bellman.address.Cidr;
import dev.bellman.address.Family;
import dev.bellman.address.Ip;
import dev.bellman.document.Manifest;
import dev.bellman.model.AddressKind;
import dev.bellman.model.AdvertisementClass.Backend;
import dev.bellman.model.ClusterNode;
import dev.bellman.model.EndpointSlice;
import dev.bellman.model.Model;
import dev.bellman.model.Service;
import dev.bellman.model.TrafficPolicy;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.Plan;
import dev.bellman.plan.PlannedService;
import dev.bellman.plan.Prediction.Announcement;
import dev.bellman.plan.Prediction.NodeRoutes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/// What holds for every cluster and every set of policies.
class EnginePropertiesTest {
    private static final String WHICH_NODES = "which nodes announce ";

    /// Properties of worlds in which nothing happens would hold and say nothing.
    @Test
    void muchHappensInTheWorlds() {
        Map<String, Integer> seen = new TreeMap<>();
        for (long seed = 0; seed < 300; seed++) {
            Plan plan = World.of(seed).compile().plan();
            Set<String> here = new TreeSet<>();
            plan.nodePlans().stream()
                    .flatMap(node -> node.services().stream())
                    .forEach(service -> here.add("planned " + service.backend().word() + " "
                            + service.trafficPolicy().word() + (service.collateral() ? " collateral" : "")));
            plan.prediction().nodes().stream()
                    .flatMap(node -> node.announcements().stream())
                    .forEach(route -> here.add(
                            route.service() == null ? "prefix" : route.collateral() ? "collateral" : "host route"));
            here.forEach(one -> seen.merge(one, 1, Integer::sum));
        }

        assertThat(seen)
                .containsOnlyKeys(
                        "collateral",
                        "host route",
                        "planned Bird Cluster",
                        "planned Bird Local",
                        "planned Calico Cluster",
                        "planned Calico Cluster collateral",
                        "planned Calico Local",
                        "planned Calico Local collateral",
                        "prefix")
                .allSatisfy((what, worlds) -> assertThat(worlds).as(what).isGreaterThan(10));
        assertThat(seen.get("host route")).isGreaterThan(50);
    }

    /// The same cluster, in which some objects go, some change and some come back.
    @Property(tries = 100)
    void whatIsRememberedOfObjectsChangesNothing(@ForAll long seed) {
        Random random = new Random(seed);
        List<Manifest> all = World.of(seed).observed();
        List<Manifest> changed = World.of(seed).spoiled(random).observed();
        Engine.Memory memory = new Engine.Memory();
        for (int round = 0; round < 5; round++) {
            List<Manifest> now = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                int chance = random.nextInt(10);
                if (chance > 0) {
                    now.add(chance == 1 ? changed.get(i) : all.get(i));
                }
            }
            Engine.Input input = new Engine.Input(now, _ -> null, null, List.of());

            Engine.Result remembered = Engine.run(input, memory);
            Engine.Result fresh = Engine.run(input);

            assertThat(remembered.plan()).isEqualTo(fresh.plan());
            assertThat(remembered.findings()).isEqualTo(fresh.findings());
            assertThat(remembered.model().services()).isEqualTo(fresh.model().services());
        }
    }

    @Property(tries = 300, seed = World.SEED)
    void theOrderOfObjectsDoesNotMatter(@ForAll long seed) {
        World world = World.of(seed);

        Engine.Result one = world.compile();
        Engine.Result other = world.shuffled(new Random(seed)).compile();

        assertThat(other.findings()).isEqualTo(one.findings());
        assertThat(other.plan()).isEqualTo(one.plan());
        assertThat(other.plan().toString()).isEqualTo(one.plan().toString());
    }

    @Property(tries = 500, seed = World.SEED)
    void nothingMakesItFail(@ForAll long seed) {
        World world = World.of(seed).spoiled(new Random(seed));

        Engine.Result result = world.compile();

        assertThat(result.findings())
                .allSatisfy(finding -> assertThat(finding.span().file()).isNotEmpty());
        world.nodes().forEach(result::without);
    }

    @Property(tries = 500, seed = World.SEED)
    void whatIsWrongInAnObjectWidensNothing(@ForAll long seed) {
        Engine.Result result = World.of(seed).spoiled(new Random(seed)).compile();

        assertGranted(result);
    }

    @Property(tries = 500, seed = World.SEED)
    void everyHostRouteIsGrantedToTheNamespaceOfAPolicy(@ForAll long seed) {
        assertGranted(World.of(seed).compile());
    }

    private static void assertGranted(Engine.Result result) {
        Model model = result.model();
        for (NodeRoutes node : result.plan().prediction().nodes()) {
            for (Announcement announcement : node.announcements()) {
                boolean asked = announcement.service() != null
                        && !announcement.collateral()
                        && !model.classes().isEmpty();
                if (asked) {
                    String namespace = announcement
                            .service()
                            .substring(0, announcement.service().indexOf('/'));
                    assertThat(model.policies())
                            .as(announcement.toString())
                            .anyMatch(policy -> policy.namespace().equals(namespace)
                                    && policy.className() != null
                                    && isGranted(model, policy.className().value(), namespace, announcement.prefix()));
                }
            }
        }
    }

    private static boolean isGranted(Model model, String className, String namespace, Cidr route) {
        return model.classes().stream()
                .filter(one -> one.name().equals(className))
                .flatMap(one -> one.prefixes().stream())
                .anyMatch(prefix -> prefix.cidr().contains(route)
                        && prefix.namespaces().selects(namespace, model.namespaceLabels(namespace)));
    }

    @Property(tries = 500, seed = World.SEED)
    void aLocalServiceIsAnnouncedOnlyWhereItHasAReadyEndpoint(@ForAll long seed) {
        Engine.Result result = World.of(seed).compile();
        Model model = result.model();
        Map<String, List<PlannedService>> planned = planned(result.plan());
        for (NodeRoutes node : result.plan().prediction().nodes()) {
            for (Announcement announcement : node.announcements()) {
                for (PlannedService service : planned.getOrDefault(String.valueOf(announcement.service()), List.of())) {
                    boolean its = service.trafficPolicy() == TrafficPolicy.LOCAL
                            && service.addresses().stream()
                                    .anyMatch(address -> address.ip() != null
                                            && address.ip().host().equals(announcement.prefix()));
                    boolean byBird = service.backend() == Backend.BIRD;
                    // Calico may announce what a Bird class does, and by its own rules.
                    if (its
                            && (byBird
                                    ? !announcement.collateral()
                                    : result.options().calico().readyGated())) {
                        Set<Family> families =
                                byBird ? Set.of(announcement.prefix().family()) : Set.of(Family.values());
                        assertThat(readyNodes(model, service.service(), families))
                                .as(announcement.toString())
                                .contains(node.node());
                    }
                }
            }
        }
    }

    private static Set<String> readyNodes(Model model, String service, Set<Family> families) {
        return model.slices().stream()
                .filter(slice -> slice.serviceId().equals(service) && families.contains(slice.family()))
                .flatMap(slice -> slice.endpoints().stream())
                .filter(EndpointSlice.Endpoint::ready)
                .map(EndpointSlice.Endpoint::nodeName)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    private static Map<String, List<PlannedService>> planned(Plan plan) {
        return plan.nodePlans().stream()
                .flatMap(node -> node.services().stream())
                .distinct()
                .collect(Collectors.groupingBy(PlannedService::service));
    }

    @Property(tries = 300, seed = World.SEED)
    void theRouterHoldsWhatTheNodesAnnounce(@ForAll long seed) {
        Engine.Result result = World.of(seed).compile();
        Map<Cidr, Set<Ip>> union = new TreeMap<>();
        for (NodeRoutes routes : result.plan().prediction().nodes()) {
            ClusterNode node = result.model().nodes().stream()
                    .filter(one -> one.name().equals(routes.node()))
                    .findFirst()
                    .orElseThrow();
            for (Announcement announcement : routes.announcements()) {
                Ip hop = node.internalIp(announcement.prefix().family());
                if (hop != null) {
                    union.computeIfAbsent(announcement.prefix(), _ -> new TreeSet<>())
                            .add(hop);
                }
            }
        }

        Map<Cidr, List<Ip>> upstream = new LinkedHashMap<>();
        result.plan().prediction().upstream().forEach(route -> upstream.put(route.prefix(), route.nextHops()));

        Map<Cidr, List<Ip>> expected = new LinkedHashMap<>();
        union.forEach((prefix, hops) -> expected.put(prefix, List.copyOf(hops)));
        assertThat(upstream).isEqualTo(expected);
        assertThat(List.copyOf(upstream.keySet())).isSorted();
    }

    @Property(tries = 300, seed = World.SEED)
    void nodePlansDoNotKnowWherePodsAre(@ForAll long seed) {
        World world = World.of(seed);
        // Endpoints stay known: that there are none at all is another thing to know.
        World moved = world.with(object -> {
            if (object.path("endpoints") instanceof ArrayNode endpoints) {
                endpoints.removeAll();
            }
            return object;
        });

        assertThat(moved.compile().plan().nodePlans())
                .isEqualTo(world.compile().plan().nodePlans());
    }

    @Property(tries = 200, seed = World.SEED)
    void aPolicyChangesNothingAboutOtherServices(@ForAll long seed) {
        World with = World.of(seed);
        Engine.Result after = with.compile();
        for (World.Thing thing : with.things()) {
            if (thing.kind().equals("ServiceAdvertisementPolicy")
                    && thing.object().path("spec").path("services").has("names")) {
                String service =
                        thing.object().path("metadata").path("namespace").asText() + "/"
                                + thing.object()
                                        .path("spec")
                                        .path("services")
                                        .path("names")
                                        .path(0)
                                        .asText();
                Engine.Result before = with.where(other -> !other.equals(thing)).compile();

                assertThat(aboutOthers(after, service)).isEqualTo(aboutOthers(before, service));
            }
        }
    }

    /// All that is decided about every service but one, without what Calico adds by itself.
    private static List<Object> aboutOthers(Engine.Result result, String service) {
        Plan plan = result.plan();
        List<Object> about = new ArrayList<>();
        plan.decisions().stream()
                .filter(decision -> !decision.service().equals(service))
                .forEach(about::add);
        plan.patches().stream()
                .filter(patch -> !patch.service().equals(service))
                .forEach(about::add);
        for (NodePlan node : plan.nodePlans()) {
            about.add(node.prefixes());
            about.add(node.peers());
            node.services().stream()
                    .filter(planned ->
                            !planned.collateral() && !planned.service().equals(service))
                    .forEach(about::add);
        }
        for (NodeRoutes node : plan.prediction().nodes()) {
            Set<Cidr> asked = plan.decisions().stream()
                    .filter(decision -> !decision.service().equals(service) && decision.hostRoutes())
                    .flatMap(decision -> decision.addresses().stream())
                    .map(granted -> granted.address().ip())
                    .filter(Objects::nonNull)
                    .map(Ip::host)
                    .collect(Collectors.toSet());
            Set<Cidr> shared = sharedAddresses(result.model(), service);
            node.announcements().stream()
                    .map(Announcement::prefix)
                    .filter(prefix -> asked.contains(prefix) && !shared.contains(prefix))
                    .forEach(prefix -> about.add(node.node() + " " + prefix));
        }
        return about;
    }

    /// The addresses of a service, and those of all that have one of them too: when one of them becomes an entry of
    /// its own, Calico announces all that its holders have.
    private static Set<Cidr> sharedAddresses(Model model, String id) {
        Set<Cidr> its = model.services().stream()
                .filter(service -> service.id().equals(id))
                .flatMap(EnginePropertiesTest::addresses)
                .collect(Collectors.toSet());
        return model.services().stream()
                .filter(service -> addresses(service).anyMatch(its::contains))
                .flatMap(EnginePropertiesTest::addresses)
                .collect(Collectors.toSet());
    }

    private static Stream<Cidr> addresses(Service service) {
        return Stream.of(AddressKind.values())
                .flatMap(kind -> service.addresses(kind).stream())
                .map(ip -> ip.value().host());
    }

    @Property(tries = 300, seed = World.SEED)
    void withoutANodeIsAsIfItWereNotThere(@ForAll long seed) {
        World world = World.of(seed);
        Engine.Result result = world.compile();
        for (String node : world.nodes()) {
            Plan found = result.without(node);
            Plan expected = world.without(node).compile().plan();
            if (world.nodes().size() == 1) {
                // Manifests without Nodes leave open which there are. A cluster that has lost its only one does not.
                assertThat(found.undecided())
                        .noneMatch(undecided -> undecided.what().startsWith(WHICH_NODES));
                assertThat(apartFromNodes(found)).isEqualTo(apartFromNodes(expected));
            } else {
                assertThat(found).isEqualTo(expected);
            }
        }
    }

    private static Plan apartFromNodes(Plan plan) {
        return new Plan(
                plan.bgpConfiguration(),
                plan.patches(),
                plan.restores(),
                plan.nodePlans(),
                plan.decisions(),
                plan.prediction(),
                plan.undecided().stream()
                        .filter(undecided -> !undecided.what().startsWith(WHICH_NODES)
                                && !undecided.what().startsWith("whether node "))
                        .toList());
    }
}
