package dev.bellman.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The lab of `hack/lab.sh` for a test: a bastion, three nodes and their pods in network namespaces, with real
/// BIRD and real rules. Beside a user's own, since it has another name.
///
/// A place is `bastion`, `client`, `control1`, `worker1`, `worker2` or the name of a pod. What is asked is asked of the
/// kernel and of BIRD by their own tools.
///
/// It needs root and the programs that `hack/lab.sh check` names, and fails without them.
public final class Lab implements AutoCloseable {
    public static final String BASTION = "bastion";
    /// A host that the bastion is the router of. A steady stream comes from here: Linux may move the bastion's own
    /// connections to another next hop at any time.
    public static final String CLIENT = "client";
    public static final List<String> NODES = List.of("control1", "worker1", "worker2");

    private static final String MAIN = "dev.bellman.cli.Main";
    private static final Path PROGRAMS = Path.of("target", "lab-programs");
    private static final Path SCRIPT = Path.of("hack/lab.sh");
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(20);

    private final String name;
    private final Map<String, String> environment;
    private final Process guard;

    private Lab(String name, Map<String, String> environment, Process guard) {
        this.name = name;
        this.environment = environment;
        this.guard = guard;
    }

    /// Builds a lab and returns when its pods answer and its agents are ready.
    ///
    /// @param name of letters and digits, that no other test uses
    /// @param flags of `hack/lab.sh up`: `--no-agents`, `--step 0`
    public static Lab start(String name, String... flags) {
        return startWith(MAIN, name, flags);
    }

    /// @param main the class that stands in for Bellman's
    static Lab startWith(String main, String name, String... flags) {
        try {
            Map<String, String> environment = Map.of("BELLMAN_LAB", name, "BELLMAN_LAB_PROGRAM", program(name, main));
            Lab lab = new Lab(name, environment, guard(environment));
            boolean up = false;
            try {
                List<String> command = new ArrayList<>(List.of("up"));
                command.addAll(List.of(flags));
                lab.script(command.toArray(String[]::new));
                up = true;
                return lab;
            } finally {
                if (!up) {
                    lab.end();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Bellman as the tests see it: what is built may be older, and what is tested need not be built. The agent
    /// does need it, since Quarkus starts only what it has packaged: `-Dbellman.program=bin/bellman`.
    private static String program(String name, String main) throws IOException {
        String packaged = System.getProperty("bellman.program");
        if (packaged != null && main.equals(MAIN)) {
            return Path.of(packaged).toAbsolutePath().toString();
        }
        Path program = Files.createDirectories(PROGRAMS).resolve(name).toAbsolutePath();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Files.writeString(program, """
                #!/bin/sh
                exec '%s' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --sun-misc-unsafe-memory-access=allow -cp '%s' '%s' "$@"
                """.formatted(java, System.getProperty("java.class.path"), main));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return program.toString();
    }

    /// A shutdown hook does not run when the JVM is killed, but the kernel then closes the pipe that this shell
    /// reads.
    private static Process guard(Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        "sh",
                        "-c",
                        "trap '' HUP INT TERM; read -r _; \"$0\" down; rm -f \"target/lab-programs/$BELLMAN_LAB\"",
                        SCRIPT.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        return builder.start();
    }

    // ------------------------------------------------------------------------------------------------ run and wait

    /// Runs a command in a place, whatever comes of it.
    public Shell.Result run(String place, String... command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace(place)));
        all.addAll(List.of(command));
        return Shell.run(environment, all);
    }

    /// Runs a command in a place, and insists that it ends well.
    public String ask(String place, String... command) {
        return run(place, command).output();
    }

    /// Starts a command in a place that runs on beside the test, which ends it. Its errors are among its output.
    public Process spawn(String place, String... command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace(place)));
        all.addAll(List.of(command));
        try {
            return new ProcessBuilder(all).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Runs Bellman itself, as the agents are run.
    public Shell.Result bellman(String... arguments) {
        List<String> all = new ArrayList<>(List.of(environment.get("BELLMAN_LAB_PROGRAM")));
        all.addAll(List.of(arguments));
        return Shell.run(environment, all);
    }

    private String script(String... arguments) {
        List<String> all = new ArrayList<>(List.of(SCRIPT.toString()));
        all.addAll(List.of(arguments));
        return Shell.run(environment, all).output();
    }

    /// Tries until the assertion holds; after a while its last failure is the test's.
    public static void await(Runnable assertion) {
        await(PATIENCE, assertion);
    }

    public static void await(Duration patience, Runnable assertion) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                assertion.run();
                return;
            } catch (AssertionError | IllegalStateException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while it waited", e);
        }
    }

    // ----------------------------------------------------------------------------------------------------------- ask

    /// What the bastion's kernel has learned from BIRD: prefixes and their next hops, as `bellman routes`
    /// predicts them.
    public Map<String, SortedSet<String>> learned() {
        Map<String, SortedSet<String>> all = new TreeMap<>();
        for (String family : List.of("-4", "-6")) {
            for (JsonNode route : routes(BASTION, family)) {
                if (!route.path("protocol").asText().equals("bird")) {
                    continue;
                }
                String prefix = route.path("dst").asText();
                if (!prefix.contains("/")) {
                    prefix += family.equals("-4") ? "/32" : "/128";
                }
                SortedSet<String> nextHops = all.computeIfAbsent(prefix, _ -> new TreeSet<>());
                // IPv6 lists a route with several next hops under that name or once for each.
                if (route.has("gateway")) {
                    nextHops.add(route.path("gateway").asText());
                }
                route.path("nexthops")
                        .forEach(hop -> nextHops.add(hop.path("gateway").asText()));
            }
        }
        return all;
    }

    /// @param family `-4` or `-6`
    /// @return what `ip -j route` prints
    public List<JsonNode> routes(String place, String family) {
        List<JsonNode> all = new ArrayList<>();
        Json.parse(ask(place, "ip", "-j", family, "route")).forEach(all::add);
        return all;
    }

    /// What the kernel holds, as `iptables-save` (or `ip6tables-save`) prints it, without comments and counters.
    public List<String> rules(String node, String tool) {
        return ask(node, tool)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.replaceFirst(" \\[\\d+:\\d+]$", ""))
                .toList();
    }

    /// Asks a BIRD through its control socket.
    public String birdc(String place, String command) {
        try (Stream<Path> files = Files.walk(folder().resolve(place))) {
            Path socket = files.filter(
                            file -> Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no control socket in " + folder().resolve(place)));
            // In its folder, since the path of a socket may not be longer than 107 bytes.
            return ask(
                    place,
                    "sh",
                    "-c",
                    "cd \"$1\" && exec birdc -r -s \"$2\" $3",
                    "-",
                    socket.getParent().toString(),
                    socket.getFileName().toString(),
                    command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What came of one request.
    ///
    /// @param exitCode of curl: 0, or why there is no answer (7 refused or no route, 28 too slow, 56 reset)
    /// @param pod which answered
    /// @param client whom that pod saw
    public record Answer(int exitCode, int status, String pod, String client) {
        public boolean ok() {
            return exitCode == 0 && status == 200;
        }
    }

    /// One request, such as `10.49.60.52/whoami`.
    public Answer get(String place, String url) {
        return get(place, url, 1).getFirst();
    }

    /// Requests one after another, each on a connection of its own.
    public List<Answer> get(String place, String url, int times) {
        Shell.Result result = run(
                place,
                "curl",
                "--silent",
                "--max-time",
                "2",
                "--no-keepalive",
                "--header",
                "Connection: close",
                "--output",
                "/dev/null",
                "--write-out",
                "%{exitcode} %{http_code} %header{x-pod} %header{x-client}\\n",
                url + (url.contains("?") ? "&" : "?") + "[1-" + times + "]");
        List<Answer> answers = result.stdout().lines().map(Lab::answer).toList();
        if (answers.size() != times) {
            throw new IllegalStateException(result.toString());
        }
        return answers;
    }

    private static Answer answer(String line) {
        String[] parts = line.split(" ", -1);
        return new Answer(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), parts[2], parts[3]);
    }

    /// @return how many of the answers each pod gave, for those that succeeded
    public static Map<String, Long> shares(List<Answer> answers) {
        return answers.stream()
                .filter(Answer::ok)
                .collect(Collectors.groupingBy(Answer::pod, TreeMap::new, Collectors.counting()));
    }

    /// The processes that run in the places given, or in all of the lab.
    public List<Long> pids(String... places) {
        Stream<String> namespaces =
                places.length > 0 ? Arrays.stream(places).map(this::namespace) : namespaces().stream();
        return namespaces
                .flatMap(namespace -> Shell.run(Map.of(), List.of("ip", "netns", "pids", namespace))
                        .output()
                        .lines())
                .map(Long::valueOf)
                .toList();
    }

    public List<String> namespaces() {
        return namespaces(name);
    }

    static List<String> namespaces(String lab) {
        return Shell.run(Map.of(), List.of("ip", "netns", "list"))
                .output()
                .lines()
                .map(line -> line.split(" ", 2)[0])
                .filter(namespace -> namespace.startsWith(lab + "-"))
                .toList();
    }

    private String namespace(String place) {
        boolean isPod = !place.equals(BASTION) && !place.equals(CLIENT) && !NODES.contains(place);
        return isPod ? name + "-pod-" + place : name + "-" + place;
    }

    /// Where everything of this lab is, the run folders of the agents (`worker1/`) among it.
    public Path folder() {
        return folder(name);
    }

    static Path folder(String lab) {
        return Path.of("target", "lab-" + lab);
    }

    // ---------------------------------------------------------------------------------------------- edit the state

    /// The folder that the agents watch.
    public Path state() {
        return folder().resolve("state");
    }

    public String read(String file) {
        try {
            return Files.readString(state().resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// In one step, so that no agent reads half of it.
    ///
    /// @param file such as `policies/customer.yaml`
    public void write(String file, String text) {
        try {
            Path target = state().resolve(file);
            Files.createDirectories(target.getParent());
            // Beside the state, which is the same file system and which no agent reads.
            Path fresh = Files.createTempFile(folder(), "new-", ".tmp");
            Files.writeString(fresh, text);
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void edit(String file, UnaryOperator<String> change) {
        String before = read(file);
        String after = change.apply(before);
        if (after.equals(before)) {
            throw new IllegalArgumentException("the edit changes nothing in " + file);
        }
        write(file, after);
    }

    public void delete(String file) {
        try {
            Files.delete(state().resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Commits what was edited under `policies/`.
    public void commit(String message) {
        script("commit", message);
    }

    // ---------------------------------------------------------------------------------------------------------- pods

    /// @param options of `hack/lab.sh pod add`: `--kind`, `--service`, `--port`; an echo of no service by default
    public void addPod(String pod, String node, String ip, String... options) {
        List<String> command = new ArrayList<>(List.of("pod", "add", pod, node, ip));
        command.addAll(List.of(options));
        script(command.toArray(String[]::new));
    }

    /// The same address on another node. For make before break add a second pod instead.
    public void movePod(String pod, String node) {
        script("pod", "move", pod, node);
    }

    /// @param state `true`, `false` or `terminating`
    public void podReady(String pod, String state) {
        script("pod", "ready", pod, state);
    }

    public void deletePod(String pod) {
        script("pod", "delete", pod);
    }

    // --------------------------------------------------------------------------------------------------------- break

    public long agentPid(String node) {
        try {
            return Long.parseLong(Files.readString(folder().resolve(node).resolve("agent.pid"))
                    .strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// As `kill -9` does; the lab starts it again.
    public void killAgent(String node) {
        script("agent", "kill", node);
    }

    /// As `kill` does; returns when the next one is ready.
    public void restartAgent(String node) {
        script("agent", "restart", node);
    }

    /// For good, until [#startAgent].
    public void stopAgent(String node) {
        script("agent", "stop", node);
    }

    /// @param options of `bellman agent`, such as `--on-shutdown withdraw`, until it is stopped
    public void startAgent(String node, String... options) {
        List<String> command = new ArrayList<>(List.of("agent", "start", node));
        command.addAll(List.of(options));
        script(command.toArray(String[]::new));
    }

    public void killBird(String place) {
        script("bird", "kill", place);
    }

    public void stopBird(String place) {
        script("bird", "stop", place);
    }

    /// The bastion's; the one of a node is started by its agent.
    public void startBird() {
        script("bird", "start");
    }

    public void cut(String node) {
        script("link", "down", node);
    }

    public void mend(String node) {
        script("link", "up", node);
    }

    /// Runs kubectl against the API server of a lab that has one, and insists that it ends well.
    public String kubectl(String... command) {
        List<String> all = new ArrayList<>(List.of(
                TestEnvironment.program("kubectl").toString(),
                "--kubeconfig",
                folder().resolve("kubeconfig").toString()));
        all.addAll(List.of(command));
        return Shell.run(Map.of(), all).output();
    }

    public void stopApi() {
        script("api", "stop");
    }

    public void startApi() {
        script("api", "start");
    }

    /// As when its power fails: no process says goodbye, and no rule survives.
    public void lose(String node) {
        script("node", "lose", node);
    }

    public void bringBack(String node) {
        script("node", "return", node);
    }

    @Override
    public void close() {
        end();
    }

    private void end() {
        try {
            script("down");
        } finally {
            guard.destroyForcibly();
            try {
                Files.deleteIfExists(PROGRAMS.resolve(name));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
