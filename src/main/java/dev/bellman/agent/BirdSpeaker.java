package dev.bellman.agent;

import dev.bellman.address.Cidr;
import dev.bellman.agent.BirdDaemon.Change;
import dev.bellman.agent.BirdDaemon.Outcome;
import dev.bellman.bird.Announced;
import dev.bellman.bird.BirdConfig;
import dev.bellman.bird.HeldDown;
import dev.bellman.model.Speaker.SecretRef;
import dev.bellman.plan.NodeState;
import dev.bellman.plan.PlannedPeer;
import dev.bellman.plan.RouteAttributes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Announces through a BIRD 2 of the node's own.
public final class BirdSpeaker implements Speaker {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    /// One that hangs sends no keepalives either: a peer that has waited for the hold time forgets its routes, while it
    /// keeps those of a BIRD that recovers.
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final Path folder;
    private final BirdDaemon daemon;
    private final Function<SecretRef, @Nullable String> passwords;
    private List<PlannedPeer> peers = List.of();
    private Map<PlannedPeer, String> heldDown = Map.of();

    /// @param folder where BIRD's files are
    /// @param prefix a command that runs BIRD elsewhere, such as `ip netns exec NAME`; empty for here
    /// @param passwords what is in a Secret, or null where it is not known
    /// @param onDeath called when BIRD has ended; another call to [#announce] starts it again
    public BirdSpeaker(
            Path folder, List<String> prefix, Function<SecretRef, @Nullable String> passwords, Runnable onDeath) {
        List<String> bird = new ArrayList<>(prefix);
        bird.add("bird");
        this.folder = folder;
        this.daemon = new BirdDaemon(folder, bird, LIMIT, LONGEST, onDeath);
        this.passwords = passwords;
    }

    /// Without passwords: sessions that need one stay closed.
    public BirdSpeaker(Path folder, List<String> prefix, Runnable onDeath) {
        this(folder, prefix, _ -> null, onDeath);
    }

    @Override
    public NavigableMap<Cidr, RouteAttributes> wanted(NodeState state) {
        return Announced.of(state);
    }

    @Override
    public NavigableMap<Cidr, RouteAttributes> inherited(NodeState state) {
        NavigableMap<Cidr, RouteAttributes> planned = Announced.attributes(state.plan());
        NavigableMap<Cidr, RouteAttributes> inherited = new TreeMap<>();
        daemon.inherited().forEach(prefix -> inherited.put(prefix, planned.getOrDefault(prefix, RouteAttributes.NONE)));
        return inherited;
    }

    @Override
    public Announcement announce(NodeState state, NavigableMap<Cidr, RouteAttributes> routes) {
        if (state.plan().peers().isEmpty() && !Files.exists(folder.resolve(BirdConfig.MAIN_FILE))) {
            // A node without sessions, such as one of Calico's, needs no BIRD.
            return Announcement.NOTHING;
        }
        BirdConfig config = BirdConfig.of(state, routes, passwords);
        return switch (daemon.apply(config)) {
            case Outcome.Applied applied -> {
                peers = state.plan().peers();
                heldDown = reasons(config.heldDown());
                yield new Announcement(said(applied.change()), !daemon.isRecovering());
            }
            case Outcome.Refused refused ->
                throw new AgentException("BIRD refuses its configuration: " + refused.refusal());
        };
    }

    private static Map<PlannedPeer, String> reasons(List<HeldDown> heldDown) {
        Map<PlannedPeer, String> reasons = new HashMap<>();
        heldDown.forEach(held -> reasons.put(held.peer(), held.reason()));
        return reasons;
    }

    private static List<String> said(Change change) {
        return switch (change) {
            case NONE, ROUTES -> List.of();
            case CONFIGURATION -> List.of("BIRD is configured");
            case ADOPTED -> List.of("BIRD runs already and is adopted");
            case STARTED -> List.of("BIRD is started");
            case RECOVERED -> List.of("BIRD had died and is started again");
        };
    }

    @Override
    public Report report() {
        Optional<List<BirdDaemon.Session>> found = daemon.sessions();
        if (found.isEmpty()) {
            return Report.NONE;
        }
        Map<String, BirdDaemon.Session> byName = new HashMap<>();
        found.get().forEach(session -> byName.put(session.protocol().name(), session));
        Set<Cidr> announced = new TreeSet<>();
        Set<String> told = new HashSet<>();
        List<Session> sessions = new ArrayList<>();
        for (PlannedPeer peer : peers) {
            String name = BirdConfig.protocol(peer.peer().address());
            BirdDaemon.Session session = told.add(name) ? byName.get(name) : null;
            sessions.add(session(peer, session));
            if (session != null) {
                announced.addAll(session.announced());
            }
        }
        return new Report(true, sessions, List.copyOf(announced));
    }

    private Session session(PlannedPeer peer, BirdDaemon.@Nullable Session session) {
        String who = peer.peer().name() + " (" + peer.peer().address() + ")";
        String reason = heldDown.get(peer);
        if (reason != null || session == null) {
            return new Session(who, false, "Down", reason == null ? "" : reason);
        }
        BirdProtocol protocol = session.protocol();
        return new Session(
                who,
                protocol.isEstablished(),
                protocol.bgpState().isEmpty() ? protocol.state() : protocol.bgpState(),
                protocol.isEstablished() ? "" : protocol.lastError());
    }

    @Override
    public void close() {
        daemon.close();
    }
}
