package dev.bellman.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.document.Manifest;
import dev.bellman.document.Plain;
import dev.bellman.plan.PlanSlices;
import dev.bellman.testing.Manifests;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is taken apart comes together again, and little changes when little does.
class SlicedPlansTest {
    private static final String SEED = "20261128";

    @Property(tries = 40, seed = SEED)
    void partsThatAreJoinedAreThePlansThatWereTakenApart(@ForAll long seed) {
        Random random = new Random(seed);
        List<Map<String, Object>> specs = nodes(random);

        SlicedPlans sliced = SlicedPlans.of(specs, random.nextBoolean() ? Set.of("c0", "c1") : Set.of());

        Map<String, Manifest> slices = new HashMap<>();
        sliced.slices().forEach((name, spec) -> slices.put(name, Manifests.observed("NodePlanSlice", name, spec)));
        for (int i = 0; i < specs.size(); i++) {
            Manifest part =
                    Manifests.observed("NodePlan", "node" + i, sliced.specs().get(i));
            assertThat(PlanSlices.missing(part, slices::get)).isEmpty();
            assertThat(withoutHash(
                            Plain.of(PlanSlices.join(part, slices::get).root()).get("spec")))
                    .isEqualTo(specs.get(i));
        }
    }

    private static Object withoutHash(@Nullable Object spec) {
        Map<Object, Object> rest = new LinkedHashMap<>((Map<?, ?>) Objects.requireNonNull(spec));
        rest.remove("hash");
        return rest;
    }

    @Property(tries = 40, seed = SEED)
    void aServiceIsAlwaysInTheSameSlice(@ForAll @IntRange(min = 201, max = 600) int size, @ForAll long seed) {
        Map<String, Map<String, Object>> before =
                SlicedPlans.of(List.of(spec(services("c", 0, size))), Set.of()).slices();
        List<Map<String, Object>> fewer = services("c", 0, size);
        Map<String, Object> gone = fewer.remove(new Random(seed).nextInt(size));

        Map<String, Map<String, Object>> after =
                SlicedPlans.of(List.of(spec(fewer)), Set.of("c")).slices();

        Set<String> changed = new TreeSet<>(before.keySet());
        changed.removeIf(name -> before.get(name).equals(after.get(name)));
        assertThat(changed)
                .singleElement()
                .satisfies(name -> assertThat(services(before.get(name))).contains(gone));
        assertThat(before.keySet()).containsAll(after.keySet());
    }

    @Test
    void whatIsFewStaysAsItIs() {
        Map<String, Object> spec = spec(services("c", 0, 200));

        SlicedPlans sliced = SlicedPlans.of(List.of(spec), Set.of());

        assertThat(sliced.slices()).isEmpty();
        assertThat(sliced.specs()).containsExactly(spec);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 150, 200})
    void aClassThatHasSlicesKeepsThemWhileItIsNotMuchSmaller(int size) {
        SlicedPlans sliced = SlicedPlans.of(List.of(spec(services("c", 0, size))), Set.of("c"));

        assertThat(sliced.slices()).isNotEmpty();
        assertThat(sliced.specs().getFirst()).doesNotContainKey("services");
    }

    @Test
    void aClassThatHasBecomeMuchSmallerHasNoSlices() {
        assertThat(SlicedPlans.of(List.of(spec(services("c", 0, 99))), Set.of("c"))
                        .slices())
                .isEmpty();
    }

    @Test
    void manyClassesOfFewServicesDoNotMakeALargePlan() {
        List<Map<String, Object>> all = new ArrayList<>();
        IntStream.range(0, 30).forEach(i -> all.addAll(services("c%02d".formatted(i), 0, 100 + i)));
        all.sort(Comparator.comparing((Map<String, Object> item) -> String.valueOf(item.get("name"))));

        SlicedPlans sliced = SlicedPlans.of(List.of(spec(all)), Set.of());

        assertThat(services(sliced.specs().getFirst())).hasSizeBetween(800, SlicedPlans.MOST);
    }

    @Test
    void aNodeThatIsToldSomethingElseIsToldSoInItsOwnPlan() {
        List<Map<String, Object>> most = services("c", 0, 300);
        List<Map<String, Object>> odd = services("c", 0, 300);
        odd.get(7).put("trafficPolicy", "Local");

        SlicedPlans sliced = SlicedPlans.of(List.of(spec(odd), spec(most), spec(most)), Set.of());

        assertThat(services(sliced.specs().getFirst())).hasSizeBetween(1, 30).contains(odd.get(7));
        assertThat(sliced.specs().get(1)).doesNotContainKey("services");
    }

    @Test
    void aChangeOfAServiceThatAllNodesAreToldChangesNoPlan() {
        List<Map<String, Object>> services = services("c", 0, 300);
        List<Map<String, Object>> changed = services("c", 0, 300);
        changed.get(7).put("trafficPolicy", "Local");

        SlicedPlans before = SlicedPlans.of(List.of(spec(services), spec(services)), Set.of());
        SlicedPlans after = SlicedPlans.of(List.of(spec(changed), spec(changed)), Set.of());

        assertThat(after.specs()).isEqualTo(before.specs());
        assertThat(after.slices()).isNotEqualTo(before.slices());
    }

    /// Whoever has the one and not yet the other goes by neither.
    @Test
    void partsOfDifferentPlansDoNotBelongTogetherWhereAServiceIsInAnotherPart() {
        List<Map<String, Object>> most = services("c", 0, 300);
        List<Map<String, Object>> odd = services("c", 0, 300);
        odd.get(7).put("trafficPolicy", "Local");
        SlicedPlans before = SlicedPlans.of(List.of(spec(most), spec(most), spec(most)), Set.of());
        SlicedPlans after = SlicedPlans.of(List.of(spec(odd), spec(most), spec(most)), Set.of());

        for (int node = 0; node < 3; node++) {
            Manifest old = Manifests.observed("NodePlan", "n", before.specs().get(node));
            Manifest next = Manifests.observed("NodePlan", "n", after.specs().get(node));
            assertThat(PlanSlices.missing(old, name -> slice(before, name))).isEmpty();
            assertThat(PlanSlices.missing(next, name -> slice(after, name))).isEmpty();
            assertThat(PlanSlices.missing(old, name -> slice(after, name))).isNotEmpty();
            assertThat(PlanSlices.missing(next, name -> slice(before, name))).isNotEmpty();
        }
    }

    @Test
    void aSessionThatComesConcernsNoSlice() {
        Map<String, Object> more = spec(services("c", 0, 300));
        more.put("peers", List.of());

        assertThat(SlicedPlans.of(List.of(more), Set.of()).slices())
                .isEqualTo(SlicedPlans.of(List.of(spec(services("c", 0, 300))), Set.of())
                        .slices());
    }

    private static Manifest slice(SlicedPlans plans, String name) {
        return Manifests.observed(
                "NodePlanSlice", name, Objects.requireNonNull(plans.slices().get(name)));
    }

    @Test
    void everySliceOfEveryClassHasANameOfItsOwnThatKubernetesTakes() {
        List<String> classes = List.of(
                "c",
                "c-0f",
                "a".repeat(248),
                "a".repeat(249),
                "a".repeat(250),
                "a".repeat(251),
                "a".repeat(253),
                ("a".repeat(232) + "." + "b".repeat(20)),
                ("a".repeat(232) + "." + "b".repeat(19)));
        Set<String> names = new TreeSet<>();
        int all = 0;
        for (String name : classes) {
            SlicedPlans sliced = SlicedPlans.of(List.of(spec(services(name, 0, 300))), Set.of());
            names.addAll(sliced.slices().keySet());
            all += sliced.slices().size();
        }

        assertThat(names)
                .hasSize(all)
                .allSatisfy(name -> assertThat(name)
                        .hasSizeLessThanOrEqualTo(253)
                        .matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"));
    }

    private static List<Map<String, Object>> nodes(Random random) {
        List<List<Map<String, Object>>> classes = IntStream.range(0, 3)
                .mapToObj(i -> services("c" + i, random.nextInt(50), random.nextInt(350)))
                .toList();
        List<Map<String, Object>> kinds = new ArrayList<>();
        for (int kind = 0; kind < 3; kind++) {
            List<Map<String, Object>> all = new ArrayList<>();
            classes.stream().filter(_ -> random.nextInt(4) > 0).forEach(all::addAll);
            if (random.nextInt(3) == 0 && !all.isEmpty()) {
                all.remove(random.nextInt(all.size()));
            }
            all.sort(Comparator.comparing((Map<String, Object> item) -> String.valueOf(item.get("name")))
                    .thenComparing(item -> String.valueOf(item.get("className"))));
            kinds.add(spec(all));
        }
        return IntStream.range(0, 1 + random.nextInt(6))
                .mapToObj(_ -> kinds.get(random.nextInt(kinds.size())))
                .toList();
    }

    private static Map<String, Object> spec(List<Map<String, Object>> services) {
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("dataplane", Map.of("rules", "Verify"));
        if (!services.isEmpty()) {
            spec.put("services", services);
        }
        spec.put("peers", List.of(Map.of("name", "bastion")));
        return spec;
    }

    private static List<Object> services(Map<String, Object> spec) {
        return spec.get("services") instanceof List<?> list ? List.copyOf(list) : List.of();
    }

    private static List<Map<String, Object>> services(String className, int from, int size) {
        List<Map<String, Object>> services = new ArrayList<>();
        for (int i = from; i < from + size; i++) {
            Map<String, Object> service = new LinkedHashMap<>();
            service.put("namespace", "shop");
            service.put("name", "s%05d".formatted(i));
            service.put("className", className);
            service.put("trafficPolicy", "Cluster");
            services.add(service);
        }
        return services;
    }
}
