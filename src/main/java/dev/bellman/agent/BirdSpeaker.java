package dev.bellman.agent;

import dev.bellman.address.Cidr;
import dev.bellman.agent.BirdControl.Answer;
import dev.bellman.agent.BirdControl.Line;
import dev.bellman.bird.Announced;
import dev.bellman.bird.BirdConfig;
import dev.bellman.plan.NodeState;
import dev.bellman.plan.PlannedPeer;
import dev.bellman.plan.RouteAttributes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A BIRD 2 of the node's own, driven through its control socket.
///
/// It runs in a session of its own and outlives the agent: the next agent adopts it. One that died is started
/// again in graceful restart recovery, so that routers keep their routes meanwhile.
public final class BirdSpeaker implements Speaker {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration START_LIMIT = Duration.ofSeconds(10);
    private static final Pattern ROUTE = Pattern.compile("^([0-9a-f.:]+/\\d+)\\s.*");

    private final Path folder;
    private final Path main;
    private final Path routes;
    private final Path socket;
    private final Path began;
    private final List<String> prefix;
    private final Runnable onDeath;
    private @Nullable BirdControl control;
    private @Nullable BirdConfig applied;

    /// @param folder where its files are
    /// @param prefix a command that runs BIRD elsewhere, such as `ip netns exec NAME`; empty for here
    /// @param onDeath called when BIRD has ended; another call to [#announce] starts it again
    public BirdSpeaker(Path folder, List<String> prefix, Runnable onDeath) {
        this.folder = folder.toAbsolutePath();
        this.main = this.folder.resolve("bird.conf");
        this.routes = this.folder.resolve(BirdConfig.ROUTES_FILE);
        this.socket = this.folder.resolve("bird.ctl");
        this.began = this.folder.resolve("bird.began");
        this.prefix = List.copyOf(prefix);
        this.onDeath = onDeath;
    }

    @Override
    public NavigableMap<Cidr, RouteAttributes> wanted(NodeState state) {
        return Announced.of(state);
    }

    @Override
    public List<String> announce(NodeState state, NavigableMap<Cidr, RouteAttributes> announce) {
        if (state.plan().peers().isEmpty() && announce.isEmpty() && !Files.exists(began)) {
            // A node without sessions, such as one of Calico's, needs no BIRD.
            return List.of();
        }
        BirdConfig config = BirdConfig.of(
                state,
                announce,
                new BirdConfig.Paths(
                        routes.toString(), folder.resolve("bird.log").toString(), _ -> null));
        try {
            List<String> done = new ArrayList<>();
            BirdControl there = connected();
            if (there == null) {
                start(config);
                done.add("BIRD is started");
            } else if (!config.equals(applied)) {
                configure(there, config);
            }
            applied = config;
            return done;
        } catch (IOException e) {
            forget();
            throw new AgentException("BIRD: " + e.getMessage(), e);
        }
    }

    /// The connection, to a BIRD that runs already too; null if none does.
    private @Nullable BirdControl connected() {
        BirdControl there = control;
        if (there != null) {
            try {
                there.ask("show status");
                return there;
            } catch (IOException e) {
                forget();
            }
        }
        try {
            BirdControl found = BirdControl.connect(socket, LIMIT);
            control = found;
            watch();
            return found;
        } catch (IOException e) {
            return null;
        }
    }

    private void start(BirdConfig config) throws IOException {
        Files.createDirectories(folder);
        write(config);
        Command.Result check = Command.run(command("-p", "-c", main.toString()), "", START_LIMIT);
        if (!check.ok()) {
            throw new IOException("it refuses its configuration: " + check.complaint());
        }
        boolean again = Files.exists(began);
        List<String> command = command(
                "-c",
                main.toString(),
                "-s",
                socket.toString(),
                "-P",
                folder.resolve("bird.pid").toString());
        if (again) {
            command.add("-R");
        }
        Command.Result started = Command.run(command, "", START_LIMIT);
        if (!started.ok()) {
            throw new IOException("it does not start: " + started.complaint());
        }
        Files.writeString(began, "BIRD was started here: the next one recovers.\n");
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (connected() == null) {
            if (System.nanoTime() > deadline) {
                throw new IOException("it does not open its control socket " + socket);
            }
            Thread.onSpinWait();
        }
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add("bird");
        command.addAll(List.of(arguments));
        return command;
    }

    /// Sessions stay up, and only what differs is announced or withdrawn. What BIRD refuses changes nothing.
    ///
    /// Where only routes have changed, `soft` spares BIRD going through all that it announces; a changed filter
    /// needs just that.
    private void configure(BirdControl there, BirdConfig config) throws IOException {
        String oldMain = text(main);
        String oldRoutes = text(routes);
        write(config);
        Answer answer = there.ask(config.main().equals(oldMain) ? "configure soft" : "configure");
        if (!answer.ok()) {
            // A BIRD that is started again reads what is on disk.
            put(main, oldMain);
            put(routes, oldRoutes);
            throw new AgentException("BIRD refuses its configuration: " + answer.complaint());
        }
    }

    private void write(BirdConfig config) throws IOException {
        put(routes, config.routes());
        put(main, config.main());
    }

    private static String text(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file) : "";
    }

    /// In one step, and for the agent's user alone: there are passwords in it.
    private static void put(Path file, String text) throws IOException {
        if (Files.exists(file) && Files.readString(file).equals(text)) {
            return;
        }
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(draft, text.getBytes(StandardCharsets.UTF_8));
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public Report report() {
        BirdControl there = control;
        BirdConfig config = applied;
        if (there == null || config == null) {
            return Report.NONE;
        }
        try {
            List<Session> sessions = new ArrayList<>();
            TreeSet<Cidr> announced = new TreeSet<>();
            for (var peer : config.peers().entrySet()) {
                Session session = session(there, peer.getKey(), peer.getValue());
                sessions.add(session);
                if (session.established()) {
                    announced.addAll(exported(there, peer.getKey()));
                }
            }
            return new Report(true, sessions, List.copyOf(announced));
        } catch (IOException e) {
            forget();
            throw new AgentException("BIRD: " + e.getMessage(), e);
        }
    }

    private static Session session(BirdControl there, String name, PlannedPeer planned) throws IOException {
        Answer answer = there.ask("show protocols all " + name);
        String peer = planned.peer().name() + " (" + planned.peer().address() + ")";
        String state = word(answer, "BGP state:");
        if (state.isEmpty()) {
            state = planned.peer().password() == null ? "Down" : "Down, its password is missing";
        }
        return new Session(peer, state.equals("Established"), state, word(answer, "Last error:"));
    }

    private static String word(Answer answer, String key) {
        return answer.lines().stream()
                .map(line -> line.text().strip())
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).strip())
                .findFirst()
                .orElse("");
    }

    private static List<Cidr> exported(BirdControl there, String name) throws IOException {
        List<Cidr> found = new ArrayList<>();
        for (Line line : there.ask("show route export " + name).lines()) {
            Matcher route = ROUTE.matcher(line.text());
            Cidr prefix = route.matches() ? Cidr.parse(route.group(1)) : null;
            if (prefix != null) {
                found.add(prefix);
            }
        }
        return found;
    }

    /// A connection that does nothing but notice that BIRD has ended.
    private void watch() {
        Thread.startVirtualThread(() -> {
            try (BirdControl ear = BirdControl.connect(socket, LIMIT)) {
                ear.awaitEnd();
            } catch (IOException e) {
                Log.warn("BIRD cannot be watched", "error", String.valueOf(e.getMessage()));
            }
            onDeath.run();
        });
    }

    private void forget() {
        applied = null;
        BirdControl there = control;
        control = null;
        if (there != null) {
            try {
                there.close();
            } catch (IOException e) {
                Log.warn("a connection to BIRD cannot be closed", "error", String.valueOf(e.getMessage()));
            }
        }
    }

    @Override
    public void close() {
        forget();
    }
}
