package dev.bellman.agent;

import dev.bellman.address.Cidr;
import dev.bellman.bird.BirdConfig;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A BIRD 2 that runs out of a folder of its own: its configuration, its control socket, its pid and its log.
///
/// It is a daemon in a session of its own and goes on without the agent; the next one adopts it. Of a BIRD that
/// ended without a farewell its pid file is left. The next one then recovers (`-R`): it tells its peers that it
/// comes back, so that those keep its routes meanwhile, and corrects them once all are there.
public final class BirdDaemon implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(20);
    private static final String SOCKET_NAME = "bird.ctl";
    private static final Duration NUDGE = Duration.ofMillis(100);
    private static final int NUDGES = 300;
    private static final int NUDGES_AFTER = 10;
    private static final String SESSIONS = "bgp_*";
    /// How long one that did not answer may take to greet: nothing else is done meanwhile, and rules wait.
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Path folder;
    private final Path socket;
    private final Path pidFile;
    private final BirdFiles files;
    private final BirdFiles drafts;
    private final List<String> bird;
    private final Duration limit;
    private final Duration longest;
    private final Runnable onDeath;
    private final StartLimit starts = new StartLimit();

    private @Nullable BirdControl control;
    private @Nullable BirdControl ear;
    private @Nullable BirdConfig loaded;
    /// When the first of the questions was asked that have not been answered; 0 while it answers.
    private long silentSince;
    private long unheardAt;
    private boolean isRecovering;

    /// What became of a configuration.
    public sealed interface Outcome {
        /// It is in force.
        record Applied(Change change) implements Outcome {}

        /// BIRD does not take it. What was in force still is.
        record Refused(BirdRefusal refusal) implements Outcome {}
    }

    /// What it took.
    public enum Change {
        NONE,
        /// Sessions stay, and send only what is new or different.
        ROUTES,
        CONFIGURATION,
        /// A BIRD that ran already was found, and given the configuration.
        ADOPTED,
        STARTED,
        /// BIRD was found dead and is started again.
        RECOVERED
    }

    /// A session as it is, and the prefixes that its peer was sent and not asked to forget.
    public record Session(BirdProtocol protocol, List<Cidr> announced) {
        public Session {
            announced = List.copyOf(announced);
        }
    }

    /// @param folder of its own; it is made if it is not there
    /// @param bird the program, with what it takes to run it elsewhere, such as `ip netns exec NAME bird`
    /// @param limit how long BIRD may take for an answer
    /// @param longest for how long it may answer nothing before it is replaced
    /// @param onDeath called from another thread when BIRD has ended but was not told to; [#apply] then starts
    /// it again
    public BirdDaemon(Path folder, List<String> bird, Duration limit, Duration longest, Runnable onDeath) {
        this.folder = folder.toAbsolutePath().normalize();
        if (this.folder.toString().chars().anyMatch(c -> c == '"' || c < ' ')) {
            throw new AgentException("BIRD cannot read files in a folder with such a name: " + this.folder);
        }
        this.socket = shorter(this.folder.resolve(SOCKET_NAME));
        this.pidFile = this.folder.resolve("bird.pid");
        this.files = new BirdFiles(this.folder);
        this.drafts = new BirdFiles(this.folder.resolve("draft"));
        this.bird = List.copyOf(bird);
        this.limit = limit;
        this.longest = longest;
        this.onDeath = onDeath;
    }

    /// The kernel takes 107 bytes of a socket's path, so the agent's own folder is left away where that helps.
    /// BIRD starts in the socket's folder.
    private static Path shorter(Path path) {
        Path relative = Path.of("").toAbsolutePath().relativize(path);
        return relative.toString().length() < path.toString().length() ? relative : path;
    }

    /// Sees to it that BIRD runs and has this configuration.
    ///
    /// One that hangs for long is killed, and another takes its place.
    ///
    /// @throws AgentException if BIRD cannot be started or does not answer
    public synchronized Outcome apply(BirdConfig config) {
        try {
            boolean known = control != null;
            BirdControl there = connected();
            if (there == null) {
                return start(config);
            }
            if (!known || loaded == null) {
                Outcome outcome = configure(there, config);
                return outcome.equals(new Outcome.Applied(Change.CONFIGURATION))
                        ? new Outcome.Applied(Change.ADOPTED)
                        : outcome;
            }
            if (config.equals(loaded)) {
                return new Outcome.Applied(Change.NONE);
            }
            boolean routesOnly =
                    config.main().equals(loaded.main()) && config.passwords().equals(loaded.passwords());
            return routesOnly ? routes(there, config, loaded) : configure(there, config);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// Whether BIRD was started to recover, and had not told its peers anything yet when it was asked last.
    public synchronized boolean isRecovering() {
        return isRecovering;
    }

    /// The sessions and what their peers hear; empty if BIRD does not run.
    ///
    /// @throws AgentException if BIRD does not answer
    public synchronized Optional<List<Session>> sessions() {
        if (silentSince != 0) {
            throw new AgentException("BIRD: no answer");
        }
        try {
            BirdControl there = connected();
            if (there == null) {
                return Optional.empty();
            }
            List<Session> sessions = new ArrayList<>();
            for (BirdProtocol protocol : there.protocols(SESSIONS)) {
                List<Cidr> announced = new ArrayList<>();
                for (BirdProtocol.Channel channel : protocol.channels()) {
                    if (channel.isUp()) {
                        announced.addAll(there.exported(protocol.name(), channel.table()));
                    }
                }
                sessions.add(new Session(
                        protocol, announced.stream().distinct().sorted().toList()));
            }
            return Optional.of(List.copyOf(sessions));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// What the network may hear since before the first [#apply]: what a BIRD announces that runs already, or did
    /// until it ended without a farewell, for which its peers keep the routes. Empty if there is neither.
    ///
    /// @throws AgentException if it cannot be read
    public synchronized Set<Cidr> inherited() {
        try {
            return Files.exists(pidFile) ? files.prefixes() : Set.of();
        } catch (IOException e) {
            throw new AgentException("BIRD: " + e.getMessage(), e);
        }
    }

    /// Ends BIRD, which withdraws all it announced.
    ///
    /// @throws AgentException if it does not end
    public synchronized void stop() {
        Optional<ProcessHandle> process = process();
        try {
            BirdControl there = connected();
            // Its end is wanted: nobody needs to hear of it.
            BirdControl listening = ear;
            ear = null;
            if (there == null) {
                process.ifPresent(ProcessHandle::destroy);
            } else {
                there.ask("down");
            }
            if (listening != null) {
                listening.close();
            }
            if (process.isPresent()) {
                await(process.get());
            }
        } catch (IOException e) {
            throw new AgentException("BIRD: " + e.getMessage(), e);
        } finally {
            forget();
        }
    }

    /// Lets go of it. It goes on announcing.
    @Override
    public synchronized void close() {
        forget();
    }

    /// The connection, to a BIRD that ran already too; null if none runs.
    ///
    /// @throws IOException if one runs that does not answer
    private @Nullable BirdControl connected() throws IOException {
        if (control != null) {
            try {
                isRecovering = control.isRecovering();
                return control;
            } catch (BirdControl.Silence e) {
                hearsNothing();
                forget();
            } catch (IOException e) {
                // Another may be in its place by now.
                forget();
            }
        }
        if (!Files.exists(socket)) {
            return null;
        }
        BirdControl found;
        try {
            found = greeted();
            isRecovering = found.isRecovering();
        } catch (SocketException e) {
            // A socket that nobody listens on is what a BIRD leaves that was killed.
            return null;
        } catch (BirdControl.Silence e) {
            hearsNothing();
            if (System.nanoTime() - silentSince < longest.toNanos()) {
                throw e;
            }
            return null;
        }
        silentSince = 0;
        control = found;
        loaded = null;
        listen();
        return found;
    }

    /// One that is slow to answer is not one that hangs: before it counts as that it has all the time it may take.
    private BirdControl greeted() throws IOException {
        if (silentSince == 0) {
            return BirdControl.connect(socket, limit);
        }
        try {
            return BirdControl.connect(socket, least(limit, PATIENCE), limit);
        } catch (BirdControl.Silence e) {
            if (System.nanoTime() - silentSince < longest.toNanos()) {
                throw e;
            }
            return BirdControl.connect(socket, limit);
        }
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void hearsNothing() {
        long now = System.nanoTime();
        // What it did while nobody asked is not known: the agent may have been stopped itself.
        if (silentSince == 0 || now - unheardAt > longest.toNanos()) {
            silentSince = (now - limit.toNanos()) | 1;
        }
        unheardAt = now;
    }

    private AgentException failed(IOException e) {
        forget();
        if (e instanceof BirdControl.Silence) {
            hearsNothing();
        }
        return new AgentException("BIRD: " + e.getMessage(), e);
    }

    /// Notices by a connection of its own that BIRD ends.
    private void listen() throws IOException {
        BirdControl listening = BirdControl.connect(socket, limit);
        ear = listening;
        Thread.ofVirtual().name("bird-ear").start(() -> {
            listening.awaitEnd();
            if (isEar(listening)) {
                onDeath.run();
            }
        });
    }

    private synchronized boolean isEar(BirdControl listening) {
        return ear == listening;
    }

    private Outcome start(BirdConfig config) throws IOException {
        BirdRefusal refusal = checkAlone(config);
        if (refusal != null) {
            return new Outcome.Refused(refusal);
        }
        starts.permit();
        if (silentSince != 0) {
            long seconds = Duration.ofNanos(System.nanoTime() - silentSince).toSeconds();
            Log.warn("BIRD hangs, and is killed so that another takes its place", "seconds", seconds);
        }
        endUnreachable();
        silentSince = 0;
        boolean recovers = Files.exists(pidFile);
        files.write(config);
        List<String> arguments =
                new ArrayList<>(List.of("-c", files.main().toString(), "-s", SOCKET_NAME, "-P", pidFile.toString()));
        if (recovers) {
            arguments.add("-R");
        }
        Command.Result result = run(arguments);
        if (!result.ok()) {
            throw new IOException("does not start: " + result.complaint());
        }
        // It opens its socket before it leaves for the background.
        if (connected() == null) {
            throw new IOException("ended as soon as it was started; see its log");
        }
        loaded = config;
        if (recovers) {
            Thread.ofVirtual().name("bird-recovery").start(this::attendRecovery);
        }
        return new Outcome.Applied(recovers ? Change.RECOVERED : Change.STARTED);
    }

    /// What BIRD 2.0 puts off while it recovers, it looks at again when something happens or three seconds are
    /// over, three times in a row. So something happens.
    private void attendRecovery() {
        try (BirdControl there = BirdControl.connect(socket, limit)) {
            int after = NUDGES_AFTER;
            for (int i = 0; i < NUDGES && after > 0; i++) {
                after -= there.isRecovering() ? 0 : 1;
                Thread.sleep(NUDGE);
            }
        } catch (IOException e) {
            Log.info("BIRD's recovery is not followed", "reason", String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable BirdRefusal checkAlone(BirdConfig config) throws IOException {
        drafts.write(config);
        Command.Result result = run(List.of("-p", "-c", drafts.main().toString()));
        return result.ok() ? null : BirdRefusal.parse(result.complaint());
    }

    private Command.Result run(List<String> arguments) {
        return Command.run(Stream.concat(bird.stream(), arguments.stream()).toList(), folder, "", START_LIMIT);
    }

    /// Checked first in another place: should the agent end between writing and loading, what lies there is good.
    private Outcome configure(BirdControl there, BirdConfig config) throws IOException {
        drafts.write(config);
        BirdRefusal refusal = there.check(drafts.main());
        if (refusal != null) {
            return new Outcome.Refused(refusal);
        }
        Map<Path, String> before = files.write(config);
        return loaded(config, before, there.configure(files.main()), Change.CONFIGURATION);
    }

    /// Routes are all alike and need no check of their own.
    private Outcome routes(BirdControl there, BirdConfig config, BirdConfig previous) throws IOException {
        Map<Path, String> before = files.writeRoutes(config, previous);
        return loaded(config, before, there.configureSoft(files.main()), Change.ROUTES);
    }

    private Outcome loaded(BirdConfig config, Map<Path, String> before, @Nullable BirdRefusal refusal, Change change)
            throws IOException {
        if (refusal != null) {
            files.restore(before);
            return new Outcome.Refused(refusal);
        }
        loaded = config;
        return new Outcome.Applied(change);
    }

    /// A BIRD whose socket somebody removed, or that hangs, can be told nothing any more, and another beside it would
    /// fight for its sessions. Killed, it says no farewell, and its peers wait for the next one.
    private void endUnreachable() throws IOException {
        Optional<ProcessHandle> process = process();
        if (process.isPresent()) {
            process.get().destroyForcibly();
            await(process.get());
        }
    }

    private static void await(ProcessHandle process) throws IOException {
        try {
            process.onExit().get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IOException("process " + process.pid() + " does not end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// The process of the pid file, if it is this folder's BIRD; pids are used again.
    private Optional<ProcessHandle> process() {
        try {
            long pid = Long.parseLong(Files.readString(pidFile).strip());
            byte[] command = Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline"));
            boolean ours = List.of(new String(command, StandardCharsets.UTF_8).split("\0", -1))
                    .contains(files.main().toString());
            return ours ? ProcessHandle.of(pid) : Optional.empty();
        } catch (NoSuchFileException | NumberFormatException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new AgentException("BIRD's process cannot be found: " + e.getMessage(), e);
        }
    }

    private void forget() {
        loaded = null;
        BirdControl listening = ear;
        BirdControl there = control;
        ear = null;
        control = null;
        close(listening);
        close(there);
    }

    private static void close(@Nullable BirdControl control) {
        if (control != null) {
            try {
                control.close();
            } catch (IOException e) {
                Log.warn("a connection to BIRD cannot be closed", "error", String.valueOf(e.getMessage()));
            }
        }
    }
}
