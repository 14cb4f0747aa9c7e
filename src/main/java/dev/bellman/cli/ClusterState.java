package dev.bellman.cli;

import dev.bellman.agent.Input;
import dev.bellman.cluster.ClusterKind;
import dev.bellman.cluster.ClusterWatch;
import dev.bellman.document.Manifest;
import dev.bellman.model.EndpointSlice;
import dev.bellman.model.ModelReader;
import dev.bellman.model.Service;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.NodeState;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What one node's agent goes by in a cluster: its NodePlan, and the Services and endpoints, as the API server
/// tells of them.
///
/// An API server that is away changes nothing. Until it has told of everything once, the agent goes by what was
/// kept on disk.
final class ClusterState implements AutoCloseable, ClusterWatch.Listener {
    /// Keeping it waits until nothing more comes, so that it delays no change.
    private static final long QUIET_MILLIS = 1_000;

    /// But no longer than this.
    private static final long LONGEST_MILLIS = 10_000;

    private final String node;
    private final Consumer<Input> to;
    private final Terminal terminal;
    private final LastState lastState;
    private final ClusterWatch watch;
    private final Semaphore bell = new Semaphore(0);
    private final Thread thread = new Thread(this::loop, "cluster-state");
    private final Map<String, Service> services = new TreeMap<>();
    private final Map<String, EndpointSlice> slices = new TreeMap<>();
    private final PlanOfNode plan = new PlanOfNode(System::nanoTime);
    private @Nullable Manifest self;
    private @Nullable String trouble;

    ClusterState(KubernetesClient client, LastState lastState, String node, Terminal terminal, Consumer<Input> to) {
        this.node = node;
        this.to = to;
        this.terminal = terminal;
        this.lastState = lastState;
        this.watch = new ClusterWatch(
                client, ClusterKind.FOR_AGENT, Map.of(ClusterKind.NODE_PLAN, node, ClusterKind.NODE, node), this);
        thread.setDaemon(true);
    }

    void start() {
        LastState.Kept kept = lastState.read(node);
        if (kept != null) {
            synchronized (this) {
                plan.keep(kept.plan());
            }
            to.accept(new Input(
                    kept.state(), List.of("the API server has not been heard yet: this is what was kept on disk")));
        }
        watch.start();
        thread.start();
    }

    /// The NodePlan as the API server has it, or null.
    synchronized @Nullable Manifest plan() {
        return plan.newest();
    }

    @Override
    public void changed(ClusterKind kind, @Nullable Manifest before, @Nullable Manifest after) {
        Manifest manifest = after == null ? before : after;
        if (manifest != null) {
            take(kind, manifest, after != null);
        }
        bell.release();
    }

    private synchronized void take(ClusterKind kind, Manifest manifest, boolean there) {
        if (kind.equals(ClusterKind.SERVICE)) {
            put(services, manifest.id(), there ? ModelReader.service(manifest) : null);
        } else if (kind.equals(ClusterKind.ENDPOINT_SLICE)) {
            put(slices, manifest.id(), there ? ModelReader.slice(manifest) : null);
        } else if (kind.equals(ClusterKind.NODE_PLAN_SLICE)) {
            plan.slice(manifest.name(), there ? manifest : null);
        } else if (manifest.name().equals(node) && kind.equals(ClusterKind.NODE_PLAN)) {
            if (there) {
                plan.plan(manifest);
            }
        } else if (manifest.name().equals(node) && kind.equals(ClusterKind.NODE)) {
            self = there ? manifest : self;
        }
    }

    private static <T> void put(Map<String, T> objects, String id, @Nullable T object) {
        if (object == null) {
            objects.remove(id);
        } else {
            objects.put(id, object);
        }
    }

    @Override
    public void trouble(@Nullable String what) {
        synchronized (this) {
            trouble = what;
        }
        bell.release();
    }

    private void loop() {
        boolean unsaved = false;
        long saveAt = 0;
        List<String> said = List.of();
        try {
            while (true) {
                // A plan that waits for its slices has something to say once that takes too long, though
                // nothing happens.
                boolean waits = waits();
                boolean rung = !(unsaved || waits) ? acquire() : bell.tryAcquire(QUIET_MILLIS, TimeUnit.MILLISECONDS);
                if (unsaved && (!rung || System.nanoTime() > saveAt)) {
                    save();
                    unsaved = false;
                }
                if (!rung && !waits) {
                    continue;
                }
                bell.drainPermits();
                Input input = input();
                if (input != null && (rung || !input.problems().equals(said))) {
                    said = input.problems();
                    to.accept(input);
                    if (!unsaved && input.state() != null) {
                        unsaved = true;
                        saveAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONGEST_MILLIS);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean acquire() throws InterruptedException {
        bell.acquire();
        return true;
    }

    /// @return null while it cannot be said whether that is all
    private synchronized @Nullable Input input() {
        if (!watch.isSynced()) {
            return trouble == null ? null : new Input(null, List.of("the API server cannot be watched: " + trouble));
        }
        Manifest here = self;
        if (plan.newest() == null || here == null) {
            return new Input(
                    null, List.of("there is no " + (here == null ? "Node" : "NodePlan") + " " + node + " yet"));
        }
        NodePlan mine = plan.read();
        String missing = plan.trouble();
        List<String> problems = missing == null ? List.of() : List.of(missing);
        if (mine == null) {
            return problems.isEmpty() ? null : new Input(null, problems);
        }
        return new Input(
                new NodeState(
                        mine,
                        ModelReader.node(here),
                        List.copyOf(services.values()),
                        List.copyOf(slices.values()),
                        Map.of(),
                        plan.version()),
                problems);
    }

    private synchronized boolean waits() {
        return plan.waits();
    }

    private void save() {
        try {
            Manifest mine;
            Manifest here;
            synchronized (this) {
                mine = plan.whole();
                here = self;
            }
            if (mine != null && here != null) {
                lastState.write(watch, mine, here);
            }
        } catch (IOException e) {
            terminal.warn("the state cannot be kept for a restart: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        watch.close();
    }
}
