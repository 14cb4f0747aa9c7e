package dev.bellman.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.document.Manifest;
import dev.bellman.report.SlicedPlans;
import dev.bellman.testing.Manifests;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Parts get another base only where an agent must not go by some of them before it has all.
class BasesTest {
    private final SlicedPlans first = Bases.choose(plans("a:0-300", "b:300-600"), PresentPlans.of(List.of()));

    @Test
    void whatIsThereKeepsItsBase() {
        assertThat(Bases.choose(plans("a:0-300", "b:300-600"), written(first))).isEqualTo(first);
    }

    @Test
    void aServiceThatComesOrGoesWritesItsSliceAlone() {
        SlicedPlans fewer = Bases.choose(plans("a:0-299", "b:300-600"), written(first));
        SlicedPlans more = Bases.choose(plans("a:0-300", "b:300-601"), written(first));

        assertThat(fewer.specs()).isEqualTo(first.specs());
        assertThat(changed(fewer)).hasSize(1);
        assertThat(more.specs()).isEqualTo(first.specs());
        assertThat(changed(more)).hasSize(1);
    }

    /// Even beside a class that is small, whose services stand in NodePlans.
    @Test
    void aServiceOfASmallClassWritesNoSlice() {
        SlicedPlans before = Bases.choose(plans("a:0-300", "b:300-310"), PresentPlans.of(List.of()));

        SlicedPlans after = Bases.choose(plans("a:0-300", "b:300-311"), written(before));

        assertThat(after.slices()).isEqualTo(before.slices());
        assertThat(after.specs()).isNotEqualTo(before.specs());
    }

    @Test
    void aServiceThatGoesFromOnePartToAnotherGivesAllPartsAnotherBase() {
        assertThat(base(Bases.choose(plans("a:0-299", "b:299-600"), written(first))))
                .isNotEqualTo(base(first));
        SlicedPlans small = Bases.choose(plans("a:0-300", "b:300-310"), PresentPlans.of(List.of()));
        assertThat(base(Bases.choose(plans("a:0-299", "b:299-310"), written(small))))
                .isNotEqualTo(base(small));
    }

    @Test
    void aPrefixThatComesMayTakeThePlaceOfServices() {
        List<Map<String, Object>> specs = new ArrayList<>();
        specs.add(spec("a:0-299", "b:300-600"));
        specs.getFirst().put("prefixes", List.of(Map.of("cidr", "10.49.0.0/16", "className", "a")));

        assertThat(base(Bases.choose(SlicedPlans.of(specs, Set.of()), written(first))))
                .isNotEqualTo(base(first));
    }

    /// An operator that died between two writes leaves parts of two plans.
    @Test
    void partsThatDoNotBelongTogetherGetTheBaseThatTheyWereToGet() {
        SlicedPlans next = Bases.choose(plans("a:0-299", "b:299-600"), written(first));
        List<Manifest> half = new ArrayList<>(manifests(next, true));
        half.addAll(manifests(first, false));

        assertThat(Bases.choose(plans("a:0-299", "b:299-600"), PresentPlans.of(half)))
                .isEqualTo(next);
    }

    private Set<String> changed(SlicedPlans plans) {
        Set<String> changed = new java.util.TreeSet<>(plans.slices().keySet());
        changed.removeIf(
                name -> Objects.equals(first.slices().get(name), plans.slices().get(name)));
        return changed;
    }

    private static Object base(SlicedPlans plans) {
        return Objects.requireNonNull(plans.specs().getFirst().get("base"));
    }

    private static PresentPlans written(SlicedPlans plans) {
        List<Manifest> all = new ArrayList<>(manifests(plans, true));
        all.addAll(manifests(plans, false));
        return PresentPlans.of(all);
    }

    private static List<Manifest> manifests(SlicedPlans plans, boolean slices) {
        if (slices) {
            return plans.slices().entrySet().stream()
                    .map(slice -> Manifests.observed("NodePlanSlice", slice.getKey(), slice.getValue()))
                    .toList();
        }
        return List.of(Manifests.observed("NodePlan", "node1", plans.specs().getFirst()));
    }

    private static SlicedPlans plans(String... classes) {
        return SlicedPlans.of(List.of(spec(classes)), Set.of("a"));
    }

    /// @param classes `NAME:FROM-TO`
    private static Map<String, Object> spec(String... classes) {
        List<Object> services = new ArrayList<>();
        for (String one : classes) {
            String[] parts = one.split("[:-]");
            IntStream.range(Integer.parseInt(parts[1]), Integer.parseInt(parts[2]))
                    .forEach(i -> services.add(Map.of(
                            "namespace",
                            "shop",
                            "name",
                            "s%05d".formatted(i),
                            "className",
                            parts[0],
                            "addresses",
                            List.of(Map.of(
                                    "type", "ClusterIP", "address", "10.49.%d.%d".formatted(i / 250, i % 250))))));
        }
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("services", services);
        return spec;
    }
}
