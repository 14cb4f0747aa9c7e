package dev.bellman.operator;

import dev.bellman.cluster.ApiAnswer;
import dev.bellman.cluster.ClusterKind;
import dev.bellman.cluster.ClusterObjects;
import dev.bellman.cluster.ClusterWatch;
import dev.bellman.daemon.Daemon;
import dev.bellman.document.Manifest;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.OperatorException;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The operator as a Quarkus application: the Java Operator SDK runs the controllers, Quarkus gives metrics, health and
/// signals.
public class OperatorApplication implements QuarkusApplication {
    /// Quarkus makes this object itself, so what it is to run with waits here.
    private static @Nullable OperatorSettings waiting;

    private static volatile @Nullable OperatorApplication running;

    private static final long LOOK_MILLIS = 100;
    private static final long AGAIN_SECONDS = 2;
    private static final long RIGHTS_SECONDS = 300;
    /// Some sixty questions each time.
    private static final long MISSING_RIGHTS_SECONDS = 5;

    private final KubernetesClient client;
    private final Operator operator;
    private final ClusterWatch cluster;
    private final PassLoop loop;
    private final Passes passes;
    private final Meters meters;
    private volatile @Nullable Election election;
    private volatile boolean allowed;
    /// Something was forbidden that was thought to be allowed.
    private final Semaphore doubts = new Semaphore(0);
    private boolean leads;
    private boolean controllersRun;
    /// Why they do not, as it was said last.
    private String noControllers = "";

    @Inject
    public OperatorApplication(Operator operator, KubernetesClient client, Passes passes, MeterRegistry registry) {
        this.client = client;
        this.operator = operator;
        this.passes = passes;
        meters = new Meters(registry);
        cluster = new ClusterWatch(client, ClusterKind.FOR_OPERATOR, new Listener());
        loop = new PassLoop(
                cluster,
                new ApiServer(new ClusterObjects(client)),
                new CalicoLookout(client, cluster)::look,
                meters,
                this::passed,
                System::nanoTime);
    }

    /// Runs the operator until the process is asked to end.
    ///
    /// @return the exit code
    /// @throws dev.bellman.daemon.StartException if it cannot be started
    public static int run(OperatorSettings settings) {
        waiting = settings;
        return Daemon.run(OperatorApplication.class);
    }

    /// Whether the cluster can be seen whole, and what is needed is allowed; a replica that does not lead is ready to
    /// take over. A process that is no operator has nothing to wait for.
    static boolean isReady() {
        OperatorApplication now = running;
        return waiting == null || (now != null && now.cluster.isWhole() && now.allowed);
    }

    /// Whether all that has to run does.
    static boolean isAlive() {
        OperatorApplication now = running;
        if (now == null) {
            return true;
        }
        Election election = now.election;
        return now.loop.isAlive() && (election == null || election.isAlive());
    }

    @Override
    public int run(String... args) {
        OperatorSettings settings = Objects.requireNonNull(waiting);
        running = this;
        cluster.start();
        List<Thread> starters =
                List.of(daemon("check-rights", () -> watchRights(settings)), daemon("begin", () -> begin(settings)));
        Quarkus.waitForExit();
        starters.forEach(Thread::interrupt);
        return 0;
    }

    private static Thread daemon(String name, Waiting what) {
        return Thread.ofPlatform().daemon().name(name).start(() -> {
            try {
                what.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /// What waits, and may be told not to.
    private interface Waiting {
        void run() throws InterruptedException;
    }

    /// What is allowed is done meanwhile. Rights can be taken away later, too: they are asked for again when something
    /// turns out to be forbidden, and from time to time.
    private void watchRights(OperatorSettings settings) throws InterruptedException {
        Rights rights = new Rights(client, settings);
        String said = "";
        while (true) {
            try {
                String missing = String.join("; ", rights.missing(cluster.isServed(ClusterKind.BGP_CONFIGURATION)));
                allowed = missing.isEmpty();
                if (!missing.equals(said)) {
                    said = missing;
                    if (allowed) {
                        Log.info("all rights are there now");
                        loop.retry();
                    } else {
                        Log.warn("rights are missing; grant them to the operator's service account", "rights", missing);
                    }
                }
            } catch (KubernetesClientException e) {
                // That nobody answers is said by the watch, and takes no right away that was there.
                doubts.release();
                TimeUnit.SECONDS.sleep(AGAIN_SECONDS);
            }
            if (allowed) {
                doubts.tryAcquire(RIGHTS_SECONDS, TimeUnit.SECONDS);
                doubts.drainPermits();
            } else {
                TimeUnit.SECONDS.sleep(MISSING_RIGHTS_SECONDS);
            }
        }
    }

    /// Has rights asked for again soon.
    static void doubt() {
        OperatorApplication now = running;
        if (now != null) {
            now.doubts.release();
        }
    }

    private void passed(Outcome outcome) {
        if (outcome.problems().values().stream().anyMatch(Problem::isForbidden)) {
            doubts.release();
        }
        passes.done(outcome);
    }

    private void begin(OperatorSettings settings) throws InterruptedException {
        // Controllers end a process whose API server is away or has no definitions, so they wait until it has all.
        while (!cluster.isSynced()) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        String lease = settings.lease();
        if (lease == null) {
            leads(true);
        } else {
            Election standing = new Election(client, settings, lease, this::leads);
            election = standing;
            standing.start();
        }
        Log.info("operator runs", "election", lease == null ? "none" : lease);
    }

    private synchronized void leads(boolean now) {
        if (leads == now) {
            return;
        }
        leads = now;
        meters.leads(now);
        if (now) {
            // The Lease has to be renewed meanwhile.
            daemon("start-controllers", this::lead);
        } else {
            loop.rest();
            passes.rest();
            Log.info("this replica leads no longer");
        }
    }

    private void lead() throws InterruptedException {
        while (!hasControllers()) {
            TimeUnit.SECONDS.sleep(AGAIN_SECONDS);
        }
        synchronized (this) {
            if (leads) {
                loop.lead();
            }
        }
    }

    /// Controllers of a replica that leads no longer stay: without an outcome of a pass they write nothing.
    private boolean hasControllers() {
        synchronized (operator) {
            if (!controllersRun) {
                try {
                    operator.start();
                    controllersRun = true;
                } catch (OperatorException e) {
                    String why = ApiAnswer.of(e);
                    if (!why.equals(noControllers)) {
                        noControllers = why;
                        Log.warn("the controllers cannot be started, and are tried again", "why", why);
                    }
                }
            }
            return controllersRun;
        }
    }

    /// Writes what is being written to its end, and lets another replica take over.
    static void end() {
        OperatorApplication now = running;
        if (now != null) {
            now.loop.close();
            now.passes.rest();
            Election election = now.election;
            if (election != null) {
                election.close();
            }
            // It closes the client, too.
            now.operator.stop();
            now.cluster.close();
            Log.info("operator ends");
        }
    }

    private final class Listener implements ClusterWatch.Listener {
        @Override
        public void changed(ClusterKind kind, @Nullable Manifest before, @Nullable Manifest after) {
            loop.changed(kind);
        }

        @Override
        public void trouble(@Nullable String what) {
            if (what == null) {
                Log.info("the cluster can be watched whole again");
            } else {
                Log.warn("the cluster cannot be watched whole", "why", what);
            }
        }
    }
}
