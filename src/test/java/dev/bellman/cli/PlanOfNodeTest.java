package dev.bellman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.digest.Sha256;
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

        assertGoesBy("a");
        assertThat(plan.version().hash()).isEqualTo("p1");
    }

    @Test
    void aPlanIsGoneByOnceItsSlicesAreThere() {
        plan.plan(plan("p1", "base: b1, slices: [{name: c-00}, {name: c-01}]"));
        assertThat(plan.read()).isNull();
        plan.slice("c-01", slice("c-01", "b1", "b"));
        assertThat(plan.read()).isNull();
        assertThat(plan.waits()).isTrue();

        plan.slice("c-00", slice("c-00", "b1", "a"));

        assertGoesBy("a", "b");
        assertThat(plan.waits()).isFalse();
    }

    @Test
    void aSliceThatSaysSomethingElseIsGoneByAtOnce() {
        resolved();
        String before = plan.version().hash();

        plan.slice("c-00", slice("c-00", "b1", "x"));

        assertGoesBy("x");
        assertThat(plan.version().hash()).isNotEqualTo(before);
    }

    @Test
    void aSliceOfTheNextPlanChangesNothingYet() {
        resolved();

        plan.slice("c-00", slice("c-00", "b2", "x"));
        assertGoesBy("a");

        plan.plan(plan("p2", "base: b2, slices: [{name: c-00}]"));
        assertGoesBy("x");
    }

    @Test
    void aPlanWhoseSliceIsStillTheOldOneWaits() {
        resolved();

        plan.plan(plan("p2", "base: b2, slices: [{name: c-00}]"));
        assertGoesBy("a");
        assertThat(newestHash()).isEqualTo("p2");

        plan.slice("c-00", slice("c-00", "b2", "x"));
        assertGoesBy("x");
    }

    @Test
    void aSliceThatIsGoneTakesNothingAlong() {
        resolved();

        plan.slice("c-00", null);

        assertGoesBy("a");
    }

    @Test
    void nothingIsSaidOfAPlanThatWaitsUnlessItLasts() {
        resolved();
        plan.plan(plan("p2", "base: b2, slices: [{name: c-00}]"));
        assertThat(plan.waits()).isTrue();
        clock.addAndGet(Duration.ofSeconds(9).toNanos());
        assertThat(plan.trouble()).isNull();

        // Neither does another plan that waits begin anew.
        plan.plan(plan("p3", "base: b3, slices: [{name: c-00}]"));
        clock.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(plan.trouble()).contains("NodePlanSlice c-00");

        plan.slice("c-00", slice("c-00", "b3", "x"));
        assertThat(plan.trouble()).isNull();
    }

    @Test
    void whatWasKeptOnDiskIsGoneByUntilThereIsAWholePlan() {
        plan.keep(plan("p0", "services: [%s]".formatted(service("kept"))));
        plan.plan(plan("p1", "base: b1, slices: [{name: c-00}]"));
        assertGoesBy("kept");

        plan.slice("c-00", slice("c-00", "b1", "a"));

        assertGoesBy("a");
    }

    @Test
    void whatIsKeptOfAPlanNeedsNoSlices() {
        resolved();

        PlanOfNode restarted = new PlanOfNode(clock::get);
        restarted.keep(Objects.requireNonNull(plan.whole()));

        assertThat(restarted.read()).isEqualTo(plan.read());
        assertThat(restarted.version()).isEqualTo(plan.version());
    }

    private void resolved() {
        plan.slice("c-00", slice("c-00", "b1", "a"));
        plan.plan(plan("p1", "base: b1, slices: [{name: c-00}]"));
        assertGoesBy("a");
    }

    private void assertGoesBy(String... services) {
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

    /// Its hash is that of its content, as it is for the operator.
    private static Manifest slice(String name, String base, String service) {
        return Manifests.observed("""
                apiVersion: bellman.dev/v1alpha1
                kind: NodePlanSlice
                metadata: {name: %s}
                spec: {className: c, hash: "%s", base: %s, services: [%s]}
                """.formatted(name, Sha256.hex(service, 8), base, service(service)))
                .getFirst();
    }

    private static String service(String name) {
        return """
                {namespace: shop, name: %s, className: c, backend: Bird, trafficPolicy: Cluster, announceWhen: AnyEndpoint, \
                addresses: [{type: ClusterIP, address: 10.49.0.1}]}""".formatted(name);
    }
}
