package dev.bellman.agent;

import dev.bellman.address.Cidr;
import dev.bellman.address.Family;
import dev.bellman.agent.Handover.Decision;
import dev.bellman.daemon.Garbage;
import dev.bellman.netfilter.NodeRules;
import dev.bellman.netfilter.ServicePort;
import dev.bellman.plan.NodeState;
import dev.bellman.plan.RouteAttributes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The loop of one node's agent.
///
/// It acts on the first input at once; those that come while it works are one by the time it looks again. It
/// looks after kernel and speaker from time to time even if nothing comes.
public final class NodeAgent implements AutoCloseable {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Settings settings;
    private final Kernel kernel;
    private final Speaker speaker;
    private final Meters meters;
    private final Consumer<Status> listener;
    private final Intent.Maker intents;
    private final Handover handover;
    private final Awaited awaited;
    private final Map<Family, RulesKeeper> keepers = new EnumMap<>(Family.class);
    private final Thread loop = new Thread(this::loop, "node-agent");

    /// What an agent needs is a few dozen megabytes, and a collection takes some 50 ms.
    private final Garbage garbage = new Garbage(6L << 20);

    private final Semaphore bell = new Semaphore(0);
    private final AtomicReference<@Nullable Input> arrived = new AtomicReference<>();
    private volatile boolean ending;

    // The loop's own.
    private @Nullable NodeState state;
    private List<String> problems = List.of("nothing has been read yet");
    private NavigableMap<Cidr, RouteAttributes> announced = new TreeMap<>();
    private boolean hasBegun;
    /// Whether peers have been told what was announced last.
    private boolean isTold = true;
    private boolean settling;
    private long settledAt;
    private NavigableSet<Cidr> intended = new TreeSet<>();
    private NavigableSet<Cidr> waiting = new TreeSet<>();
    private List<Cidr> leaving = List.of();
    private final NavigableMap<String, Status.Rules> rules = new TreeMap<>();
    private final Set<String> errors = new LinkedHashSet<>();
    private String lastStatus = "";
    private long nextCheck;
    private List<String> surroundings = List.of();
    private volatile long lastTurn = System.nanoTime();
    private volatile @Nullable Status status;

    /// @param listener hears after each turn how far the node is
    public NodeAgent(Settings settings, Kernel kernel, Speaker speaker, Meters meters, Consumer<Status> listener) {
        this.listener = listener;
        this.settings = settings;
        this.kernel = kernel;
        this.speaker = speaker;
        this.meters = meters;
        this.intents = new Intent.Maker(settings.node());
        this.handover = new Handover(settings.overlap(), settings.settle());
        this.awaited = new Awaited(settings.patience());
        for (Family family : Family.values()) {
            keepers.put(family, new RulesKeeper(kernel, family));
        }
    }

    public void start() {
        loop.start();
    }

    /// Takes what a source saw; what it gave before and nobody has looked at yet counts for nothing.
    public void offer(Input input) {
        arrived.accumulateAndGet(input, NodeAgent::newer);
        bell.release();
    }

    private static @Nullable Input newer(@Nullable Input before, @Nullable Input next) {
        return before == null || next == null || next.state() != null
                ? next
                : new Input(before.state(), next.problems());
    }

    /// Has it look after the node now.
    public void wake() {
        bell.release();
    }

    /// What there is to say of the node, or null before the first turn.
    public @Nullable Status status() {
        return status;
    }

    /// Whether the loop still turns.
    public boolean isAlive() {
        long quiet = System.nanoTime() - lastTurn;
        return loop.isAlive() && quiet < 10 * settings.check().toNanos() + 60_000 * NANOS_PER_MILLI;
    }

    private void loop() {
        long wakeAt = System.nanoTime() + settings.check().toNanos();
        try {
            while (!ending) {
                if (bell.tryAcquire(wakeAt - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    bell.drainPermits();
                }
                if (!ending) {
                    wakeAt = turn(arrived.getAndSet(null));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end();
    }

    /// @return when to take the next turn even if nothing arrives
    private long turn(@Nullable Input input) {
        long began = System.nanoTime();
        errors.clear();
        if (input != null) {
            take(input);
        }
        long again = began + settings.check().toNanos();
        NodeState now = state;
        boolean check = nextCheck == 0 || began >= (input == null ? nextCheck : nextCheck + patienceForQuiet());
        if (now != null) {
            again = Math.min(again, carryOut(now, check));
            if (check) {
                nextCheck = System.nanoTime() + settings.check().toNanos();
            }
            again = Math.min(again, nextCheck);
        }
        tell();
        lastTurn = System.nanoTime();
        meters.turn(lastTurn - began, input != null);
        if (check && input == null) {
            garbage.collectIfItPays();
        }
        return again;
    }

    /// A check waits for a moment in which nothing comes, but not for ever.
    private long patienceForQuiet() {
        return settings.check().toNanos() / 2;
    }

    private void take(Input input) {
        if (input.state() != null) {
            state = input.state();
        }
        if (!input.problems().equals(problems)) {
            problems = input.problems();
            problems.forEach(problem -> Log.warn("input is held back", "problem", problem));
            if (problems.isEmpty()) {
                Log.info("input is good");
            }
        }
        meters.inputHeld(!problems.isEmpty());
    }

    /// @return when to take the next turn even if nothing arrives
    private long carryOut(NodeState now, boolean check) {
        String mode = now.plan().dataplane().rules();
        Intent intent = intents.next(now, speaker.wanted(now));
        if (check) {
            surroundings = mode.equals("Program") ? Sysctls.apply(families(intent.ports())) : List.of();
        }
        surroundings.forEach(problem -> error("sysctl", new AgentException(problem)));
        boolean begins = !hasBegun;
        if (begins) {
            inherit(now);
        }
        Decision decision = handover.decide(intent, announced, mode.equals("Program"), System.nanoTime());
        leaving = decision.leaving().stream().sorted().toList();
        if (begins || settling) {
            settling = settles(now, decision.routes());
        }
        want(now, decision.ports());
        boolean settled = !settling;
        boolean rulesAreIn = !mode.equals("Program") || (settled && forEachFamily(this::program));
        NavigableMap<Cidr, RouteAttributes> routes = new TreeMap<>(decision.routes());
        if (!rulesAreIn) {
            // What is announced stays; nothing new is, before there are rules for it.
            routes.keySet().retainAll(announced.keySet());
        }
        NavigableMap<Cidr, List<ServicePort>> awaiting =
                mode.equals("Verify") ? awaiting(routes.keySet(), decision.ports()) : new TreeMap<>();
        announce(now, without(routes, awaiting.keySet()));
        // To read many rules takes longer than to change one, and no packet depends on it but those for what waits.
        switch (mode) {
            case "Program" -> {
                if (settled) {
                    forEachFamily(this::repair);
                }
            }
            case "Verify" -> {
                int before = awaiting.size();
                forEachFamily((family, keeper) -> verify(family, keeper, awaiting));
                if (awaiting.size() < before) {
                    announce(now, without(routes, awaiting.keySet()));
                }
            }
            default ->
                forEachFamily(
                        (family, keeper) -> rules.put(family, new Status.Rules(keeper.fingerprint(), "", List.of())));
        }
        if (check && !mode.equals("Disabled")) {
            keepers.values().forEach(keeper -> keeper.look(bell::release));
        }
        intended = decision.routes().navigableKeySet();
        waiting = new TreeSet<>(awaiting.keySet());
        intended.stream().filter(prefix -> !routes.containsKey(prefix)).forEach(waiting::add);
        long again =
                Math.min(settled ? Long.MAX_VALUE : settledAt, decision.again().orElse(Long.MAX_VALUE));
        return Math.min(
                again, awaiting.isEmpty() ? Long.MAX_VALUE : awaited.again(awaiting.keySet(), System.nanoTime()));
    }

    private static Set<Family> families(List<ServicePort> ports) {
        return ports.stream().map(port -> port.clusterIp().family()).collect(Collectors.toUnmodifiableSet());
    }

    /// A restart withdraws nothing that is still due.
    private void inherit(NodeState now) {
        try {
            announced = speaker.inherited(now);
            hasBegun = true;
        } catch (AgentException e) {
            error("routes", e);
        }
    }

    /// What the agent before this one had loaded is not known, so that it cannot be kept for
    /// single addresses that are no longer announced: all rules stay as they are until routers
    /// have learned of it. Not if BIRD does not listen: all Services would be stuck with it.
    private boolean settles(NodeState now, NavigableMap<Cidr, RouteAttributes> routes) {
        if (settling && isTold) {
            return System.nanoTime() < settledAt;
        }
        NavigableMap<Cidr, RouteAttributes> staying = new TreeMap<>(routes);
        staying.keySet().retainAll(announced.keySet());
        boolean withdraws = settling || staying.size() < announced.size();
        boolean isDone = withdraws && announce(now, staying);
        settledAt = System.nanoTime() + settings.settle().toNanos();
        return isDone;
    }

    /// The addresses that are not to be announced before the kernel is found to deliver to these ports of theirs.
    private NavigableMap<Cidr, List<ServicePort>> awaiting(Set<Cidr> routes, List<ServicePort> ports) {
        Set<Cidr> fresh = new HashSet<>(routes);
        fresh.removeAll(announced.keySet());
        Awaited.Decision decision = awaited.decide(fresh, ports, System.nanoTime());
        decision.givenUp().forEach(prefix -> Log.warn("announced though its rules are not found", "prefix", prefix));
        decision.unseen()
                .forEach(family -> Log.warn(
                        "no rules of Services are found: addresses do not wait for theirs", "family", family.word()));
        return decision.waiting();
    }

    private static NavigableMap<Cidr, RouteAttributes> without(
            NavigableMap<Cidr, RouteAttributes> routes, Set<Cidr> some) {
        if (some.isEmpty()) {
            return routes;
        }
        NavigableMap<Cidr, RouteAttributes> others = new TreeMap<>(routes);
        others.keySet().removeAll(some);
        return others;
    }

    private void want(NodeState now, List<ServicePort> ports) {
        keepers.forEach((family, keeper) -> keeper.want(
                ports.stream()
                        .filter(port -> port.clusterIp().family() == family)
                        .toList(),
                NodeRules.settings(now, family)));
    }

    /// @return whether it worked for all
    private boolean forEachFamily(BiConsumer<String, RulesKeeper> work) {
        boolean good = true;
        for (Map.Entry<Family, RulesKeeper> keeper : keepers.entrySet()) {
            String family = keeper.getKey().word();
            try {
                work.accept(family, keeper.getValue());
            } catch (AgentException e) {
                good = false;
                error("rules " + family, e);
            }
        }
        return good;
    }

    private void program(String family, RulesKeeper keeper) {
        long began = System.nanoTime();
        List<String> changed = keeper.program();
        if (!changed.isEmpty()) {
            meters.rulesChanged(family, System.nanoTime() - began);
            log("rules changed", family, changed);
        }
        rules.put(family, new Status.Rules(keeper.fingerprint(), keeper.fingerprint(), List.of()));
    }

    private void repair(String family, RulesKeeper keeper) {
        boolean seen = keeper.hasLooked() && !keeper.lookAgain(bell::release);
        List<String> repaired = seen ? keeper.repair() : List.of();
        if (!repaired.isEmpty()) {
            meters.drift(family, repaired.size());
            log("rules were changed by somebody else, and are repaired", family, repaired);
        }
    }

    /// @param waiting out of which it takes what the kernel is found to deliver
    private void verify(String family, RulesKeeper keeper, NavigableMap<Cidr, List<ServicePort>> waiting) {
        NavigableMap<Cidr, List<ServicePort>> own = new TreeMap<>(waiting);
        own.keySet().removeIf(prefix -> prefix.family() != keeper.family());
        if (!own.isEmpty()) {
            // What was seen before they were wanted says nothing of them.
            keeper.forgetLook();
        }
        String hash = keeper.fingerprint();
        Status.Rules before = rules.get(family);
        boolean known = own.isEmpty() && before != null && before.intended().equals(hash) && !keeper.hasLooked();
        List<String> drift = before != null && known ? before.drift() : keeper.drift();
        if (before == null || !before.drift().equals(drift)) {
            meters.drift(family, drift.size());
            log(drift.isEmpty() ? "rules are as they should be" : "rules differ", family, drift);
        }
        rules.put(family, new Status.Rules(hash, drift.isEmpty() ? hash : "", drift));
        if (!known) {
            awaited.looked(keeper.family(), keeper.findsServices());
        }
        own.forEach((prefix, ports) -> {
            if (keeper.delivers(ports)) {
                waiting.remove(prefix);
            }
        });
    }

    private static void log(String what, String family, List<String> chains) {
        int shown = Math.min(5, chains.size());
        Log.info(what, "family", family, "chains", chains.size(), "first", String.join("; ", chains.subList(0, shown)));
    }

    /// @return whether it worked
    private boolean announce(NodeState now, NavigableMap<Cidr, RouteAttributes> routes) {
        try {
            long began = System.nanoTime();
            Speaker.Announcement announcement = speaker.announce(now, routes);
            if (!announced.equals(routes)) {
                meters.routesChanged(System.nanoTime() - began);
                Log.info(
                        "routes changed",
                        "announced",
                        minus(routes.keySet(), announced.keySet()),
                        "withdrawn",
                        minus(announced.keySet(), routes.keySet()));
            }
            announcement.done().forEach(line -> Log.info(line));
            announced = routes;
            isTold = announcement.isTold();
            if (isTold) {
                handover.told(System.nanoTime());
            }
            return true;
        } catch (AgentException e) {
            error("routes", e);
            return false;
        }
    }

    private static String minus(Set<Cidr> all, Set<Cidr> without) {
        List<String> left = new ArrayList<>();
        for (Cidr cidr : all) {
            if (!without.contains(cidr)) {
                left.add(cidr.toString());
            }
        }
        return String.join(",", left);
    }

    private void error(String what, AgentException e) {
        String line = what + ": " + e.getMessage();
        errors.add(line);
        meters.failed();
        Status before = status;
        if (before == null || !before.errors().contains(line)) {
            Log.warn("failed", "what", what, "error", String.valueOf(e.getMessage()));
        }
    }

    private void tell() {
        NodeState now = state;
        Speaker.Report report = Speaker.Report.NONE;
        try {
            report = speaker.report();
        } catch (AgentException e) {
            error("speaker", e);
        }
        Status before = status;
        Status next = new Status(
                settings.node(),
                now != null && !settling && (errors.isEmpty() || (before != null && before.ready())),
                problems,
                now == null ? "Unknown" : now.plan().dataplane().rules(),
                rules,
                List.copyOf(intended),
                List.copyOf(waiting),
                leaving,
                report,
                List.copyOf(errors),
                now == null ? NodeState.Version.NONE : now.version());
        status = next;
        meters.status(next);
        listener.accept(next);
        String text = StatusText.of(next);
        if (!text.equals(lastStatus)) {
            lastStatus = text;
            write(settings.runDir().resolve("status.json"), text);
        }
    }

    private static void write(Path file, String text) {
        try {
            Path draft = file.resolveSibling(file.getFileName() + ".new");
            Files.write(draft, text.getBytes(StandardCharsets.UTF_8));
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Log.warn("cannot write the status", "file", file, "error", String.valueOf(e.getMessage()));
        }
    }

    private void end() {
        NodeState now = state;
        if (settings.onShutdown() == Settings.OnShutdown.WITHDRAW && now != null) {
            announce(now, new TreeMap<>());
        }
        speaker.close();
        kernel.close();
        Log.info("agent ends", "routes", settings.onShutdown() == Settings.OnShutdown.KEEP ? "kept" : "withdrawn");
    }

    /// Ends the loop after its turn, and waits for that.
    @Override
    public void close() {
        ending = true;
        bell.release();
        try {
            loop.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
