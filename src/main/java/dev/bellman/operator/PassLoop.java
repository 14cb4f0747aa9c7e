package dev.bellman.operator;

import dev.bellman.cluster.ClusterKind;
import dev.bellman.cluster.ClusterWatch;
import dev.bellman.document.Manifest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Decides when to make a pass: soon after something changed that a plan depends on, and again when what could not
/// be written may be tried once more. Changes that come together are one pass.
///
/// Endpoints make none: pods come and go, and plans do not depend on them.
final class PassLoop implements AutoCloseable {
    /// An apply of many objects is one pass, and one object does not wait noticeably.
    private static final long TOGETHER_MILLIS = 50;
    private static final long RESPITE = TimeUnit.SECONDS.toNanos(1);
    private static final long END_MILLIS = 10_000;

    private final ClusterWatch cluster;
    private final ApiServer api;
    private final Supplier<CalicoService> calico;
    private final Meters meters;
    private final Consumer<Outcome> listener;
    private final Backoff backoff = new Backoff();
    private final Semaphore bell = new Semaphore(0);
    private final Thread thread = new Thread(this::loop, "pass-loop");
    private volatile boolean ending;

    PassLoop(
            ClusterWatch cluster,
            ApiServer api,
            Supplier<CalicoService> calico,
            Meters meters,
            Consumer<Outcome> listener) {
        this.cluster = cluster;
        this.api = api;
        this.calico = calico;
        this.meters = meters;
        this.listener = listener;
        thread.setDaemon(true);
    }

    /// Begins to write: only one operator of a cluster may.
    void start() {
        bell.release();
        thread.start();
    }

    /// Hears of a change in the cluster.
    void changed(ClusterKind kind) {
        if (!kind.equals(ClusterKind.ENDPOINT_SLICE)) {
            bell.release();
        }
    }

    private void loop() {
        long wakeAt = Long.MAX_VALUE;
        while (!ending) {
            try {
                boolean rung = wakeAt == Long.MAX_VALUE
                        ? acquire()
                        : bell.tryAcquire(Math.max(1, wakeAt - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (rung) {
                    Thread.sleep(TOGETHER_MILLIS);
                    bell.drainPermits();
                }
                if (!ending && cluster.isSynced()) {
                    pass();
                }
                wakeAt = next();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                // A mistake of Bellman's own must not end the operator; the last good state stays.
                Log.error("a pass failed", e);
                meters.failed();
                wakeAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            }
        }
    }

    /// When to look again even if nothing happens; never at once, whatever there is to be tried again.
    private long next() {
        OptionalLong next = backoff.next();
        return next.isEmpty() ? Long.MAX_VALUE : Math.max(next.getAsLong(), System.nanoTime() + RESPITE);
    }

    private boolean acquire() throws InterruptedException {
        bell.acquire();
        return true;
    }

    private void pass() {
        long began = System.nanoTime();
        List<Manifest> present = cluster.manifests();
        Map<String, Manifest> byName = new HashMap<>();
        present.forEach(manifest -> byName.put(manifest.object(), manifest));
        Judgement judgement = Judgement.of(present);
        List<Manifest> plans = present.stream()
                .filter(manifest -> manifest.kind().equals("NodePlan"))
                .toList();
        Hold hold = Hold.of(judgement, plans);
        Map<String, Problem> problems = new HashMap<>();
        List<Change> changes = Changes.of(judgement, hold, Set.of(), present);
        Set<String> refused = refused(changes, byName, problems);
        if (!refused.isEmpty()) {
            changes = Changes.of(judgement, hold, refused, present);
        }
        List<String> written = new ArrayList<>();
        for (Change change : changes) {
            Problem problem = write(change, byName.get(change.object()));
            if (problem == null) {
                written.add(change.object());
            } else {
                problems.put(change.object(), problem);
            }
        }
        Set<String> open = new HashSet<>(problems.keySet());
        changes.forEach(change -> open.add(change.object()));
        backoff.retain(open);
        long took = System.nanoTime() - began;
        meters.pass(took, written.size(), problems, hold);
        if (!written.isEmpty()) {
            Log.info(
                    "changes were written",
                    "count",
                    written.size(),
                    "first",
                    String.join("; ", written.subList(0, Math.min(5, written.size()))),
                    "millis",
                    TimeUnit.NANOSECONDS.toMillis(took));
        }
        listener.accept(Outcome.of(judgement, hold, present, changes, problems));
    }

    /// The services that would not let themselves be patched. They are asked before anything is written, since a plan
    /// is
    /// carried out whole or not at all.
    private Set<String> refused(List<Change> changes, Map<String, Manifest> byName, Map<String, Problem> problems) {
        Set<String> refused = new HashSet<>();
        for (Change change : changes) {
            if (change instanceof Change.PatchService patch) {
                String version = version(byName.get(change.object()));
                Problem problem = backoff.waits(change.object(), version, System.nanoTime());
                if (problem == null) {
                    problem = api.tryOut(patch);
                    if (problem != null) {
                        failed(change, version, problem);
                    }
                }
                if (problem != null) {
                    problems.put(change.object(), problem);
                    refused.add(patch.namespace() + "/" + patch.name());
                }
            }
        }
        return refused;
    }

    private static @Nullable String version(@Nullable Manifest present) {
        return present == null ? null : present.root().text("metadata", "resourceVersion");
    }

    private void failed(Change change, @Nullable String version, Problem problem) {
        backoff.failed(change.object(), version, problem, System.nanoTime());
        Log.warn("a change could not be written", "object", change.object(), "why", problem.message());
    }

    private @Nullable Problem write(Change change, @Nullable Manifest present) {
        String version = version(present);
        Problem waits = backoff.waits(change.object(), version, System.nanoTime());
        if (waits != null) {
            return waits;
        }
        Problem paused = change instanceof Change.ApplyBgpConfiguration ? paused() : null;
        Problem problem = paused == null ? api.write(change) : paused;
        if (problem == null) {
            backoff.succeeded(change.object());
        } else {
            failed(change, version, problem);
        }
        return problem;
    }

    /// Why nothing of Calico's may be written, or null. Asked only when something would be: it takes the API server.
    private @Nullable Problem paused() {
        CalicoService service = calico.get();
        return service.isWritable() ? null : service.problem();
    }

    @Override
    public void close() {
        ending = true;
        bell.release();
        try {
            // What is being written is written to its end, before another replica may begin.
            thread.join(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
