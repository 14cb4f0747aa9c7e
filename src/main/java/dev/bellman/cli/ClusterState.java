package dev.bellman.cli;

import dev.bellman.agent.Input;
import dev.bellman.cluster.ClusterKind;
import dev.bellman.cluster.ClusterWatch;
import dev.bellman.document.Manifest;
import dev.bellman.model.EndpointSlice;
import dev.bellman.model.ModelReader;
import dev.bellman.model.Service;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.NodePlanReader;
import dev.bellman.plan.NodeState;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private @Nullable Manifest plan;
    private @Nullable Manifest self;
    private @Nullable NodePlan read;
    private @Nullable Manifest readFrom;
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
        NodeState kept = lastState.read(node);
        if (kept != null) {
            to.accept(new Input(kept, List.of("the API server has not been heard yet: this is what was kept on disk")));
        }
        watch.start();
        thread.start();
    }

    /// The NodePlan as the API server has it, or null.
    synchronized @Nullable Manifest plan() {
        return plan;
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
        } else if (manifest.name().equals(node) && kind.equals(ClusterKind.NODE_PLAN)) {
            // A plan that goes away takes nothing along: an operator that is removed must not stop the traffic.
            plan = there ? manifest : plan;
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
        try {
            while (true) {
                boolean rung = !unsaved ? acquire() : bell.tryAcquire(QUIET_MILLIS, TimeUnit.MILLISECONDS);
                if (unsaved && (!rung || System.nanoTime() > saveAt)) {
                    save();
                    unsaved = false;
                }
                if (!rung) {
                    continue;
                }
                bell.drainPermits();
                Input input = input();
                if (input != null) {
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
        Manifest mine = plan;
        Manifest here = self;
        if (mine == null || here == null) {
            return new Input(
                    null, List.of("there is no " + (here == null ? "Node" : "NodePlan") + " " + node + " yet"));
        }
        if (!mine.equals(readFrom)) {
            read = NodePlanReader.read(mine);
            readFrom = mine;
        }
        return new Input(
                new NodeState(
                        Objects.requireNonNull(read),
                        ModelReader.node(here),
                        List.copyOf(services.values()),
                        List.copyOf(slices.values()),
                        Map.of(),
                        LastState.version(mine)),
                List.of());
    }

    private void save() {
        try {
            Manifest mine;
            Manifest here;
            synchronized (this) {
                mine = plan;
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
