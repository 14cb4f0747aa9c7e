package dev.bellman.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.cluster.ClusterObjects;
import dev.bellman.cluster.ClusterWatch;
import dev.bellman.testing.Lab;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// When passes are made, in a cluster with nothing in it, and what liveness says when none is.
class PassLoopTest {
    private final KubernetesClient client = new KubernetesClientBuilder().build();
    private final AtomicInteger passes = new AtomicInteger();
    private final AtomicLong now = new AtomicLong(1);

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void aLoopThatTurnsIsAliveAndOneThatHasNotBegunIsToo() {
        try (PassLoop loop = loop(_ -> passes.incrementAndGet())) {
            assertThat(loop.isAlive()).isTrue();
            loop.lead();
            Lab.await(() -> assertThat(passes).hasPositiveValue());
            now.addAndGet(TimeUnit.HOURS.toNanos(1));
            assertThat(loop.isAlive()).isTrue();
        }
    }

    @Test
    void aLoopThatHangsInAPassIsNotAlive() {
        CountDownLatch hangs = new CountDownLatch(1);
        try (PassLoop loop = loop(_ -> hold(hangs))) {
            loop.lead();
            Lab.await(() -> assertThat(passes).hasPositiveValue());
            assertThat(loop.isAlive()).isTrue();

            now.addAndGet(TimeUnit.MINUTES.toNanos(6));

            assertThat(loop.isAlive()).isFalse();
            hangs.countDown();
            Lab.await(() -> assertThat(loop.isAlive()).isTrue());
        }
    }

    @Test
    void aLoopWhoseThreadDiedIsNotAlive() {
        PassLoop loop = loop(_ -> {
            throw new StackOverflowError();
        });
        loop.lead();

        Lab.await(() -> assertThat(loop.isAlive()).isFalse());
    }

    @Test
    void aMistakeEndsAPassAndNotTheLoop() {
        try (PassLoop loop = loop(_ -> {
            if (passes.incrementAndGet() == 1) {
                throw new IllegalStateException("a mistake");
            }
        })) {
            loop.lead();
            Lab.await(() -> assertThat(passes).hasValue(1));
            loop.retry();
            Lab.await(() -> assertThat(passes).hasValue(2));
            assertThat(loop.isAlive()).isTrue();
        }
    }

    private void hold(CountDownLatch until) {
        passes.incrementAndGet();
        try {
            until.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private PassLoop loop(Consumer<Outcome> listener) {
        ClusterWatch nothing = new ClusterWatch(client, List.of(), (_, _, _) -> {});
        return new PassLoop(
                nothing,
                new ApiServer(new ClusterObjects(client)),
                () -> CalicoService.ABSENT,
                new Meters(new SimpleMeterRegistry()),
                listener,
                now::get);
    }
}
