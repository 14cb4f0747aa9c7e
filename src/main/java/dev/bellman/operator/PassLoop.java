package dev.bellman.operator;

import dev.bellman.cluster.ClusterKind;
import dev.bellman.cluster.ClusterWatch;
import dev.bellman.daemon.Garbage;
import dev.bellman.document.Manifest;
import dev.bellman.model.AdvertisementClass;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Decides when to make a pass: soon after something changed that a plan depends on, and again when what could not
/// be written may be tried once more. Changes that come together are one pass.
///
/// Endpoints make none: pods come and go, and plans do not depend on them.
///
/// A pass of a replica that no longer leads ends before its next write.
final class PassLoop implements AutoCloseable {
    /// An apply of many objects is one pass, and one object does not wait noticeably.
    private static final long TOGETHER_MILLIS = 50;
    private static final long SEEN_MILLIS = 5;
    private static final long QUIET = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long RESPITE = TimeUnit.SECONDS.toNanos(1);
    private static final long END_MILLIS = 10_000;
    /// Longer than any request may take, its repetitions included.
    private static final long STUCK = TimeUnit.MINUTES.toNanos(5);

    private final ClusterWatch cluster;
    private final ApiServer api;
    private final Supplier<CalicoService> calico;
    private final Meters meters;
    private final Consumer<Outcome> listener;
    private final LongSupplier clock;
    private final Backoff backoff = new Backoff();
    private Drift drift = new Drift();
    private Judge judge = new Judge();
    private Withdrawals withdrawals = new Withdrawals();
    /// A pass makes the whole cluster anew and drops what it made before. One that finds nothing to compile costs no
    /// collection, some hundred milliseconds for ten thousand services.
    private final Garbage garbage = new Garbage(16L << 20);

    private final Semaphore bell = new Semaphore(0);
    private final Thread thread = new Thread(this::loop, "pass-loop");
    /// Specs that were accepted, by the uid of their object, for as long as no status says so.
    private Map<String, Judgement.Good> accepted = Map.of();
    /// The versions before of what was written and has not been seen as it was written.
    private final Map<String, String> unseen = new HashMap<>();

    private volatile boolean forgets;
    private volatile boolean calicoChanged;
    private volatile boolean begins;
    private volatile boolean leading;
    /// Counts how often it began to lead: what was begun in one term does not go on in another.
    private volatile int term;
    private volatile int passTerm;
    private volatile boolean ending;
    /// When a pass that is being made last got on; 0 between passes.
    private volatile long gotOn;

    /// @param clock nanoseconds that never go back
    PassLoop(
            ClusterWatch cluster,
            ApiServer api,
            Supplier<CalicoService> calico,
            Meters meters,
            Consumer<Outcome> listener,
            LongSupplier clock) {
        this.cluster = cluster;
        this.api = api;
        this.calico = calico;
        this.meters = meters;
        this.listener = listener;
        this.clock = clock;
        thread.setDaemon(true);
    }

    /// Begins to write, or goes on after [#rest]: only one operator of a cluster may.
    synchronized void lead() {
        begins = true;
        term++;
        leading = true;
        bell.release();
        if (thread.getState() == Thread.State.NEW) {
            thread.start();
        }
    }

    /// Writes nothing from now on, but for what is on its way, and tells of no pass any more.
    synchronized void rest() {
        leading = false;
    }

    /// Whether passes are made when there is reason to. A loop that has died or hangs is worth a restart.
    boolean isAlive() {
        long since = gotOn;
        return ending
                || thread.getState() == Thread.State.NEW
                || (thread.isAlive() && (since == 0 || clock.getAsLong() - since < STUCK));
    }

    /// Has a pass made soon that tries everything again: what was in the way is over.
    void retry() {
        forgets = true;
        bell.release();
    }

    /// Hears of a change in the cluster.
    void changed(ClusterKind kind) {
        if (kind.equals(ClusterKind.BGP_CONFIGURATION)) {
            calicoChanged = true;
        }
        if (!kind.equals(ClusterKind.ENDPOINT_SLICE)) {
            bell.release();
        }
    }

    private void loop() {
        long wakeAt = Long.MAX_VALUE;
        while (!ending) {
            try {
                boolean rung = awaitBell(wakeAt);
                if (!unseen.isEmpty()) {
                    awaitWritten();
                } else if (rung) {
                    Thread.sleep(TOGETHER_MILLIS);
                }
                bell.drainPermits();
                beginTerm();
                if (mayWrite() && cluster.isSynced()) {
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
            } finally {
                gotOn = 0;
            }
        }
    }

    /// Until the watch has told of what the last pass wrote: else it would be written again. It may never, of what was
    /// as it was written before.
    private void awaitWritten() throws InterruptedException {
        long deadline = System.nanoTime() + RESPITE;
        while (mayWrite() && System.nanoTime() < deadline) {
            unseen.entrySet().removeIf(one -> !one.getValue().equals(String.valueOf(cluster.version(one.getKey()))));
            if (unseen.isEmpty()) {
                return;
            }
            Thread.sleep(SEEN_MILLIS);
        }
        unseen.clear();
    }

    /// What was in force when this replica led before may have been replaced by another one since.
    private void beginTerm() {
        passTerm = term;
        if (begins) {
            begins = false;
            accepted = Map.of();
            unseen.clear();
            drift = new Drift();
            judge = new Judge();
            withdrawals = new Withdrawals();
            backoff.retain(Set.of());
        }
    }

    private boolean mayWrite() {
        return leading && !ending && passTerm == term;
    }

    private void getOn() {
        gotOn = clock.getAsLong() | 1;
    }

    /// When to look again even if nothing happens; never at once, whatever there is to be tried again.
    private long next() {
        OptionalLong next = backoff.next();
        return next.isEmpty() ? Long.MAX_VALUE : Math.max(next.getAsLong(), System.nanoTime() + RESPITE);
    }

    /// Collects garbage in a quiet moment: what a pass says of objects is on its way for some time after it.
    ///
    /// @return whether it rang, rather than that it is time
    private boolean awaitBell(long wakeAt) throws InterruptedException {
        long quietAt = System.nanoTime() + QUIET;
        if (quietAt < wakeAt) {
            if (rings(quietAt)) {
                return true;
            }
            garbage.collectIfItPays();
        }
        return rings(wakeAt);
    }

    private boolean rings(long until) throws InterruptedException {
        return bell.tryAcquire(Math.max(1, until - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private void pass() {
        long began = System.nanoTime();
        getOn();
        if (forgets) {
            forgets = false;
            backoff.retain(Set.of());
        }
        if (calicoChanged) {
            // It may have appeared, which no version of any object tells.
            calicoChanged = false;
            backoff.forget("BGPConfiguration default");
        }
        List<Manifest> present = cluster.manifests();
        Map<String, Manifest> byName = new HashMap<>();
        present.forEach(manifest -> byName.put(manifest.object(), manifest));
        Judgement judgement = judge.of(present, accepted);
        remember(judgement, byName);
        PresentPlans plans = PresentPlans.of(present);
        Hold hold = Hold.of(judgement, plans, byName, withdrawals, clock.getAsLong());
        Map<String, Problem> problems = new HashMap<>();
        Set<String> resting = resting(judgement, hold, problems);
        PassWriter writer = new PassWriter(api, calico, backoff, byName, problems, this::mayWrite, this::getOn);
        Changes wanted = Changes.of(judgement, resting, Set.of(), present, plans);
        Set<String> refused = writer.tryOut(wanted.list(), judgement);
        if (!refused.isEmpty()) {
            wanted = Changes.of(judgement, resting, refused, present, plans);
        }
        List<Change> changes = wanted.list();
        Set<String> drifted = drift.in(changes, byName.keySet());
        List<String> written = writer.write(changes, this::wrote);
        if (!mayWrite()) {
            // Another replica knows better what there is now.
            return;
        }
        drifted.retainAll(written);
        Set<String> open = new HashSet<>(problems.keySet());
        changes.forEach(change -> open.add(change.object()));
        backoff.retain(open);
        long took = System.nanoTime() - began;
        meters.pass(took, written.size(), drifted.size(), problems, hold);
        meters.plan(judgement.result().plan(), plans);
        if (!written.isEmpty()) {
            Log.info(
                    "changes were written",
                    "count",
                    written.size(),
                    "first",
                    String.join("; ", written.subList(0, Math.min(5, written.size()))),
                    "drifted",
                    drifted.size(),
                    "millis",
                    TimeUnit.NANOSECONDS.toMillis(took));
        }
        // What the API server cannot be asked cannot be told to it either: a status and an event for each policy would
        // be what an overloaded one needs least.
        if (problems.values().stream().noneMatch(Problem::isOutage)) {
            tell(Outcome.of(judgement, hold, present, plans, changes, wanted.withheld(), problems));
        }
    }

    /// Not once it rests, or controllers would go on saying what was true then.
    private synchronized void tell(Outcome outcome) {
        if (mayWrite()) {
            listener.accept(outcome);
        }
    }

    private void wrote(Change change, @Nullable String versionBefore) {
        drift.wrote(change);
        unseen.put(change.object(), String.valueOf(versionBefore));
    }

    private void remember(Judgement judgement, Map<String, Manifest> byName) {
        Map<String, Judgement.Good> next = new HashMap<>();
        for (String object : judgement.lastGood().keySet()) {
            Manifest manifest = byName.get(object);
            Judgement.Good good = judgement.good(object);
            if (manifest != null && good != null) {
                next.put(String.valueOf(manifest.root().text("metadata", "uid")), good);
            }
        }
        accepted = next;
    }

    /// The classes of which nothing changes for now: those that a guardrail holds, and those of Calico while nobody can
    /// say what its configuration is, since plans follow from that, too.
    private Set<String> resting(Judgement judgement, Hold hold, Map<String, Problem> problems) {
        Set<String> resting = new HashSet<>(hold.classes().keySet());
        if (cluster.isUnknown(ClusterKind.BGP_CONFIGURATION)) {
            problems.put("BGPConfiguration default", CalicoService.UNKNOWN.problem());
            judgement.result().model().classes().stream()
                    .filter(one -> one.backend().value() == AdvertisementClass.Backend.CALICO)
                    .forEach(one -> resting.add(one.name()));
        }
        return resting;
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
