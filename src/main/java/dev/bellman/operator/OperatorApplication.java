package dev.bellman.operator;

import dev.bellman.cluster.ClusterKind;
import dev.bellman.cluster.ClusterObjects;
import dev.bellman.cluster.ClusterWatch;
import dev.bellman.document.Manifest;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The operator as a Quarkus application: the Java Operator SDK runs the controllers and the election, Quarkus gives
/// metrics, health and signals.
public class OperatorApplication implements QuarkusApplication {
    /// Quarkus makes this object itself, so what it is to run with waits here.
    private static @Nullable OperatorSettings waiting;

    private static volatile @Nullable OperatorApplication running;

    private static final long LOOK_MILLIS = 100;

    private final Operator operator;
    private final ClusterWatch cluster;
    private final PassLoop loop;

    @Inject
    public OperatorApplication(Operator operator, KubernetesClient client, Passes passes, MeterRegistry registry) {
        this.operator = operator;
        Meters meters = new Meters(registry);
        cluster = new ClusterWatch(client, ClusterKind.FOR_OPERATOR, new Listener());
        loop = new PassLoop(
                cluster,
                new ApiServer(new ClusterObjects(client)),
                new CalicoLookout(client, cluster)::look,
                meters,
                passes::done);
        this.leading = () -> {
            meters.leads();
            loop.start();
        };
    }

    private final Runnable leading;

    /// Runs the operator until the process is asked to end.
    ///
    /// @return the exit code
    public static int run(OperatorSettings settings) {
        waiting = settings;
        int[] code = new int[1];
        Quarkus.run(OperatorApplication.class, (exit, failure) -> code[0] = failure == null ? exit : 2);
        return code[0];
    }

    /// Whether the cluster has been seen whole; a replica that does not lead is ready to take over. A process that is
    /// no operator has nothing to wait for.
    static boolean isReady() {
        OperatorApplication now = running;
        return waiting == null || (now != null && now.cluster.isSynced());
    }

    @Override
    public int run(String... args) {
        OperatorSettings settings = Objects.requireNonNull(waiting);
        running = this;
        cluster.start();
        // Controllers end a process whose API server is away or has no definitions, so they wait until it has all.
        Thread starter = Thread.ofPlatform().daemon().name("start-controllers").start(() -> begin(settings));
        Quarkus.waitForExit();
        starter.interrupt();
        return 0;
    }

    private void begin(OperatorSettings settings) {
        try {
            while (!cluster.isSynced()) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        operator.start();
        if (settings.lease() == null) {
            leading.run();
        }
        Log.info("operator runs", "election", settings.lease() == null ? "none" : settings.lease());
    }

    /// Writes what is being written to its end, and lets another replica take over.
    static void end() {
        OperatorApplication now = running;
        if (now != null) {
            now.loop.close();
            now.operator.stop();
            now.cluster.close();
            Log.info("operator ends");
        }
    }

    /// How replicas agree on the one that writes; without it, a replica believes that it is alone.
    @ApplicationScoped
    static class Election {
        @Produces
        @Dependent
        @Nullable
        LeaderElectionConfiguration configuration() {
            OperatorSettings settings = waiting;
            if (settings == null || settings.lease() == null) {
                return null;
            }
            return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(settings.lease())
                    .withLeaseNamespace(settings.namespace())
                    .withIdentity(settings.identity())
                    .withLeaderCallbacks(new LeaderCallbacks(
                            () -> Objects.requireNonNull(running).leading.run(),
                            () -> Log.info("another replica leads from now on"),
                            leader -> Log.info("leader", "identity", leader)))
                    .build();
        }
    }

    private final class Listener implements ClusterWatch.Listener {
        @Override
        public void changed(ClusterKind kind, @Nullable Manifest before, @Nullable Manifest after) {
            loop.changed(kind);
        }

        @Override
        public void trouble(ClusterKind kind, @Nullable String what) {
            if (what != null) {
                Log.warn("the cluster cannot be watched whole", "kind", kind.kind(), "why", what);
            }
        }
    }
}
