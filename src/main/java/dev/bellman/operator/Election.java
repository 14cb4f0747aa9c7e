package dev.bellman.operator;

import dev.bellman.cluster.ApiAnswer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Agrees with other replicas, by a Lease, on the one that writes.
///
/// Who loses the Lease, such as by an API server that is away, stands for it again: no process has to end for that.
/// Who ends gives it back, so that nobody waits until it has run out.
final class Election implements AutoCloseable {
    /// Of the time for which a Lease holds, as Kubernetes' own components do: 15, 10 and 2 seconds.
    private static final double RENEW_WITHIN = 2.0 / 3;

    private static final double RETRY_AFTER = 2.0 / 15;

    private final KubernetesClient client;
    private final LeaderElectionConfig config;
    private final Duration retry;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::stand, "election");
    private volatile @Nullable LeaderElector elector;
    private volatile @Nullable CompletableFuture<?> standing;

    /// @param leads called with whether this replica leads, when that changes; it must not wait
    Election(KubernetesClient client, OperatorSettings settings, String lease, Leads leads) {
        this.client = client;
        Duration holds = settings.leaseDuration();
        retry = part(holds, RETRY_AFTER);
        config = new LeaderElectionConfigBuilder()
                .withName(lease)
                .withLock(new LeaseLock(settings.namespace(), lease, settings.identity()))
                .withLeaseDuration(holds)
                .withRenewDeadline(part(holds, RENEW_WITHIN))
                .withRetryPeriod(retry)
                .withReleaseOnCancel(true)
                .withLeaderCallbacks(new LeaderCallbacks(
                        () -> leads.change(true),
                        () -> leads.change(false),
                        leader -> Log.info("leader", "identity", leader == null || leader.isEmpty() ? "none" : leader)))
                .build();
        thread.setDaemon(true);
    }

    /// Hears whether this replica leads; perhaps more than once.
    interface Leads {
        void change(boolean leads);
    }

    private static Duration part(Duration of, double part) {
        return Duration.ofMillis((long) (of.toMillis() * part));
    }

    void start() {
        thread.start();
    }

    private void stand() {
        try {
            do {
                LeaderElector next = client.leaderElector().withConfig(config).build();
                elector = next;
                CompletableFuture<?> now = next.start();
                standing = now;
                if (closing.getCount() == 0) {
                    now.cancel(false);
                }
                try {
                    now.get();
                } catch (CancellationException e) {
                    return;
                } catch (ExecutionException e) {
                    Log.warn("the election failed", "why", ApiAnswer.of(e));
                }
            } while (!closing.await(retry.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Whether it still stands, or leads.
    boolean isAlive() {
        return closing.getCount() == 0 || thread.isAlive();
    }

    @Override
    public void close() {
        closing.countDown();
        CompletableFuture<?> now = standing;
        LeaderElector last = elector;
        if (now != null && last != null) {
            now.cancel(false);
            try {
                // The elector does so too, but at its leisure, and the process ends.
                last.release();
            } catch (KubernetesClientException e) {
                Log.warn("the Lease cannot be given back, and runs out by itself", "why", ApiAnswer.of(e));
            }
        }
    }
}
