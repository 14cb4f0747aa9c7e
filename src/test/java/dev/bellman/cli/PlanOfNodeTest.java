package dev.bellman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.document.Manifest;
import dev.bellman.plan.PlannedService;
import dev.bellman.testing.Manifests;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// An agent goes by a plan once all of it is there, and by the one before until then.
class PlanOfNodeTest {
    private final AtomicLong clock = new AtomicLong();
    private final PlanOfNode plan = new PlanOfNode(clock::get);

    @Test
    void aPlanWithoutSlicesIsWholeAtOnce() {
        plan.plan(plan("p1", "services: [%s]".formatted(service("a"))));

        assertGoesBy("p1", "a");
    }

    @Test
    void aPlanIsGoneByOnceItsSlicesAreThere() {
        plan.plan(plan("p1", "slices: [{name: c-00, hash: h0}, {name: c-01, hash: h1}]"));
        assertThat(plan.read()).isNull();
        plan.slice("c-01", slice("c-01", "h1", "b"));
        assertThat(plan.read()).isNull();
        assertThat(plan.waits()).isTrue();

        plan.slice("c-00", slice("c-00", "h0", "a"));

        assertGoesBy("p1", "a", "b");
        assertThat(plan.waits()).isFalse();
    }

    @Test
    void aSliceOfTheNextPlanChangesNothingYet() {
        resolved();

        plan.slice("c-00", slice("c-00", "h2", "x"));
        assertGoesBy("p1", "a");

        plan.plan(plan("p2", "slices: [{name: c-00, hash: h2}]"));
        assertGoesBy("p2", "x");
    }

    @Test
    void aPlanWhoseSliceIsStillTheOldOneWaits() {
        resolved();

        plan.plan(plan("p2", "slices: [{name: c-00, hash: h2}]"));
        assertGoesBy("p1", "a");
        assertThat(newestHash()).isEqualTo("p2");

        plan.slice("c-00", slice("c-00", "h2", "x"));
        assertGoesBy("p2", "x");
    }

    @Test
    void aSliceThatIsGoneTakesNothingAlong() {
        resolved();

        plan.slice("c-00", null);

        assertGoesBy("p1", "a");
    }

    @Test
    void nothingIsSaidOfAPlanThatWaitsUnlessItLasts() {
        resolved();
        plan.plan(plan("p2", "slices: [{name: c-00, hash: h2}]"));
        clock.addAndGet(Duration.ofSeconds(9).toNanos());
        assertThat(plan.trouble()).isNull();

        // Neither does another plan that waits begin anew.
        plan.plan(plan("p3", "slices: [{name: c-00, hash: h3}]"));
        clock.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(plan.trouble()).contains("NodePlanSlice c-00");

        plan.slice("c-00", slice("c-00", "h3", "x"));
        assertThat(plan.trouble()).isNull();
    }

    @Test
    void whatWasKeptOnDiskIsGoneByUntilThereIsAWholePlan() {
        plan.keep(plan("p0", "services: [%s]".formatted(service("kept"))));
        plan.plan(plan("p1", "slices: [{name: c-00, hash: h1}]"));
        assertGoesBy("p0", "kept");

        plan.slice("c-00", slice("c-00", "h1", "a"));

        assertGoesBy("p1", "a");
    }

    @Test
    void whatIsKeptOfAPlanNeedsNoSlices() {
        resolved();

        PlanOfNode restarted = new PlanOfNode(clock::get);
        restarted.keep(Objects.requireNonNull(plan.whole()));

        assertThat(restarted.read()).isEqualTo(plan.read());
        assertThat(restarted.version().hash()).isEqualTo("p1");
    }

    private void resolved() {
        plan.slice("c-00", slice("c-00", "h1", "a"));
        plan.plan(plan("p1", "slices: [{name: c-00, hash: h1}]"));
        assertGoesBy("p1", "a");
    }

    private void assertGoesBy(String hash, String... services) {
        assertThat(plan.version().hash()).isEqualTo(hash);
        assertThat(Objects.requireNonNull(plan.read()).services())
                .extracting(PlannedService::name)
                .containsExactly(services);
    }

    private String newestHash() {
        return String.valueOf(Objects.requireNonNull(plan.newest()).root().text("spec", "hash"));
    }

    private static Manifest plan(String hash, String spec) {
        return Manifests.observed("""
                apiVersion: bellman.dev/v1alpha1
                kind: NodePlan
                metadata: {name: worker1}
                spec: {hash: %s, %s}
                """.formatted(hash, spec)).getFirst();
    }

    private static Manifest slice(String name, String hash, String service) {
        return Manifests.observed("""
                apiVersion: bellman.dev/v1alpha1
                kind: NodePlanSlice
                metadata: {name: %s}
                spec: {className: c, hash: %s, services: [%s]}
                """.formatted(name, hash, service(service))).getFirst();
    }

    private static String service(String name) {
        return """
                {namespace: shop, name: %s, className: c, backend: Bird, trafficPolicy: Cluster, announceWhen: AnyEndpoint, \
                addresses: [{type: ClusterIP, address: 10.49.0.1}]}""".formatted(name);
    }
}
