package dev.bellman.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The lab itself, without agents.
class LabTest {
    private static final String RANGE = "10.49.0.0/16";

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class WhileItRuns {
        private Lab lab;

        @BeforeAll
        void up() {
            lab = Lab.start("labtest", "--no-agents");
        }

        @AfterAll
        void down() {
            lab.close();
        }

        @Test
        void everyNodeReachesEveryPodAndPodsSeeEachOtherAsTheyAre() {
            for (String place : Lab.NODES) {
                for (String pod : List.of("10.48.0.43", "10.48.128.0:2379", "10.48.128.1", "10.48.128.192")) {
                    assertThat(lab.get(place, pod + "/whoami").ok())
                            .as(place + " to " + pod)
                            .isTrue();
                }
            }
            assertThat(lab.get("summary-1", "10.48.0.43/whoami"))
                    .isEqualTo(new Lab.Answer(0, 200, "customer", "10.48.128.192"));
            assertThat(lab.get("summary-2", "10.48.0.43/whoami"))
                    .isEqualTo(new Lab.Answer(0, 200, "customer", "10.48.128.1"));
        }

        @Test
        void ipv6ReachesPodsToo() {
            assertThat(lab.get("summary-1", "[fd00:48::0:43]/whoami"))
                    .isEqualTo(new Lab.Answer(0, 200, "customer", "fd00:48:0:0:0:0:128:192"));
            assertThat(lab.get("control1", "[fd00:48::128:192]/whoami").client())
                    .isEqualTo("fd00:10:0:1:0:0:0:20");
        }

        @Test
        void theBastionReachesNodesButNeitherPodsNorServices() {
            for (String address : List.of("10.0.1.20", "10.0.1.30", "10.0.1.31", "[fd00:10:0:1::31]")) {
                // Refused, so somebody was there to refuse.
                assertThat(lab.run(Lab.BASTION, "curl", "-sv", "--max-time", "2", address + ":9")
                                .stderr())
                        .as(address)
                        .contains("Connection refused");
            }
            assertThat(lab.get(Lab.BASTION, "10.48.0.43").exitCode()).isEqualTo(7);
            assertThat(lab.get(Lab.BASTION, "10.49.60.52").exitCode()).isEqualTo(7);
        }

        @Test
        void theBastionsBirdAnswersAndHasAProtocolForEachNode() {
            assertThat(lab.birdc(Lab.BASTION, "show status")).contains("10.0.1.10", "Daemon is up and running");
            assertThat(lab.birdc(Lab.BASTION, "show protocols")).contains(Lab.NODES);
        }

        @Test
        void theStateIsWhatTheExampleSaysWithBirdInPlaceOfCalico() {
            Shell.Result routes =
                    lab.bellman("routes", "--format", "json", lab.state().toString());

            assertThat(Json.parse(routes.output()).get("upstream")).isEqualTo(Json.parse("""
                            [{"prefix": "10.49.0.0/16", "nextHops": ["10.0.1.20", "10.0.1.30", "10.0.1.31"]}]
                            """));
            assertThat(lab.bellman("lint", lab.state().toString()).exitCode()).isZero();
            assertThat(lab.read("policies/datacenter.yaml")).contains("backend: Bird", "rules: Program");
            assertThat(Shell.run(Map.of(), List.of("git", "-C", lab.state() + "/policies", "status", "--porcelain"))
                            .output())
                    .isEmpty();
        }

        @Test
        void whatNodesAnnounceBecomesOneRouteWithSeveralNextHops() {
            for (String node : Lab.NODES) {
                announce(node, RANGE, "10.49.60.52/32", "fd00:49::/112");
            }

            Lab.await(() -> assertThat(lab.learned())
                    .isEqualTo(Map.of(
                            RANGE,
                            Set.of("10.0.1.20", "10.0.1.30", "10.0.1.31"),
                            "10.49.60.52/32",
                            Set.of("10.0.1.20", "10.0.1.30", "10.0.1.31"),
                            "fd00:49::/112",
                            Set.of("fd00:10:0:1::20", "fd00:10:0:1::30", "fd00:10:0:1::31"))));

            lab.killBird("worker1");
            Lab.await(() ->
                    assertThat(lab.birdc(Lab.BASTION, "show protocols worker1")).doesNotContain("Established"));
            assertThat(lab.learned().get(RANGE)).as("graceful restart").contains("10.0.1.30");

            lab.lose("worker2");
            Lab.await(() -> assertThat(lab.learned().get(RANGE)).doesNotContain("10.0.1.31"));
            assertThat(lab.get("control1", "10.48.0.43/whoami").ok()).isFalse();
            lab.bringBack("worker2");
            assertThat(lab.get("control1", "10.48.0.43/whoami").ok()).isTrue();

            lab.stopBird("control1");
            Lab.await(() -> assertThat(lab.learned().get(RANGE)).doesNotContain("10.0.1.20"));

            lab.stopBird(Lab.BASTION);
            assertThat(lab.learned()).isEmpty();
            lab.startBird();
        }

        /// As an agent would, with the little that it takes.
        private void announce(String node, String... prefixes) {
            StringBuilder v4 = new StringBuilder();
            StringBuilder v6 = new StringBuilder();
            for (String prefix : prefixes) {
                (prefix.contains(":") ? v6 : v4).append("route ").append(prefix).append(" blackhole;");
            }
            Path folder = lab.folder().resolve(node);
            try {
                Files.createDirectories(folder);
                Files.writeString(folder.resolve("bird.conf"), """
                        protocol device {}
                        protocol direct { ipv4; ipv6; }
                        protocol static svc4 { ipv4; %s }
                        protocol static svc6 { ipv6; %s }
                        protocol bgp bastion {
                          local as 64512; neighbor 10.0.1.10 as 64512;
                          graceful restart; hold time 3; connect delay time 1;
                          ipv4 { import none; export where source = RTS_STATIC; };
                          ipv6 { import none; export where source = RTS_STATIC; };
                        }
                        """.formatted(v4, v6));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            lab.ask(node, "sh", "-c", "cd " + folder + " && bird -c bird.conf -s bird.ctl");
        }

        @Test
        void podsComeMoveAndGoAndTheEndpointsFollow() {
            lab.addPod("shop", "control1", "10.48.7.1", "--service", "shop/web", "--port", "8080");
            assertThat(lab.get("worker1", "10.48.7.1:8080")).isEqualTo(new Lab.Answer(0, 200, "shop", "10.0.1.30"));
            assertThat(lab.read("inventory/endpointslices.yaml"))
                    .contains("name: web-8080", "- 10.48.7.1", "nodeName: control1");

            lab.movePod("shop", "worker1");
            assertThat(lab.get("control1", "10.48.7.1:8080")).isEqualTo(new Lab.Answer(0, 200, "shop", "10.0.1.20"));
            assertThat(lab.read("inventory/endpointslices.yaml")).doesNotContain("nodeName: control1");

            lab.podReady("shop", "terminating");
            assertThat(lab.read("inventory/endpointslices.yaml"))
                    .containsPattern("10.48.7.1\n *conditions:\n *ready: false\n *serving: true\n *terminating: true");

            lab.deletePod("shop");
            assertThat(lab.get("worker1", "10.48.7.1:8080").ok()).isFalse();
            assertThat(lab.read("inventory/endpointslices.yaml")).doesNotContain("10.48.7.1");
            assertThat(lab.namespaces()).noneMatch(name -> name.endsWith("shop"));
        }

        @Test
        void thePodCommandRefusesWhatWouldBreakTheLab() {
            assertThatThrownBy(() -> lab.addPod("customer", "worker1", "10.48.9.9"))
                    .hasMessageContaining("there is a pod 'customer' already");
            assertThatThrownBy(() -> lab.addPod("other", "worker1", "10.48.0.43"))
                    .hasMessageContaining("10.48.0.43 is the address of another pod");
            assertThatThrownBy(() -> lab.addPod("other", "worker9", "10.48.9.9"))
                    .hasMessageContaining("there is no node 'worker9'");
            assertThatThrownBy(() -> lab.addPod("other", "worker1", "192.0.2.1"))
                    .hasMessageContaining("not an address of pods");
            assertThat(lab.namespaces()).noneMatch(name -> name.endsWith("other"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "agent kill",
                    "agent kill @",
                    "agent kill bastion",
                    "agent kill worker1 worker2",
                    "agent sleep worker1",
                    "api stop",
                    "bird sleep",
                    "bird start worker1",
                    "bird stop worker9",
                    "exec nobody true",
                    "exec * true",
                    "link sideways worker1",
                    "node sleep worker1",
                    "pod add shop worker1",
                    "pod add shop worker1 10.48.9.9 --port",
                    "pod delete",
                    "pod list more",
                    "pod move customer",
                    "pod move customer @",
                    "pod move nobody worker1",
                    "pod ready customer maybe",
                    "pod sleep customer",
                })
        void saysInOneLineWhatIsWrongWithACommand(String command) throws IOException {
            List<Long> before = lab.pids();

            assertMisuse(script("labtest", command.split(" ")));

            assertThat(lab.pids()).isEqualTo(before);
        }

        @Test
        void anotherLabRunsBesideIt() {
            try (Lab other = Lab.start("labother", "--no-agents")) {
                assertThat(other.get("worker1", "10.48.0.43/whoami").ok()).isTrue();
                assertThat(lab.get("worker1", "10.48.0.43/whoami").ok()).isTrue();
            }
            assertThat(Lab.namespaces("labother")).isEmpty();
            assertThat(lab.get("worker1", "10.48.0.43/whoami").ok()).isTrue();
        }

        @Test
        void upAgainLeavesItAsItIs() {
            List<Long> before = lab.pids();

            Shell.Result again = script("labtest", "up", "--no-agents");

            assertThat(again.exitCode()).isZero();
            assertThat(again.stderr()).contains("is up already");
            assertThat(lab.pids()).isEqualTo(before);
        }
    }

    @Test
    void anAgentThatDiesIsStartedAgainAndOneThatIsStoppedIsNot() throws IOException {
        try (Lab lab = Lab.startWith(Agent.class.getName(), "labagent")) {
            long first = lab.agentPid("worker1");
            assertThat(lab.pids("worker1")).contains(first);
            assertThat(Files.readString(Path.of("/proc", Long.toString(first), "cmdline"))
                            .replace('\0', ' '))
                    .endsWith(
                            " agent --node worker1 --from target/lab-labagent/state --run-dir target/lab-labagent/worker1 ");

            lab.killAgent("worker1");
            Lab.await(() -> assertThat(lab.agentPid("worker1")).isNotEqualTo(first));

            Lab.await(() -> assertThat(lab.pids("worker1")).contains(lab.agentPid("worker1")));
            long second = lab.agentPid("worker1");
            lab.restartAgent("worker1");
            assertThat(lab.agentPid("worker1")).isNotEqualTo(second);

            lab.stopAgent("worker1");
            assertThat(lab.pids("worker1")).isEmpty();
            lab.startAgent("worker1");
            assertThat(lab.pids("worker1")).contains(lab.agentPid("worker1"));

            lab.lose("worker2");
            assertThat(lab.pids("worker2", "customer")).isEmpty();
            lab.bringBack("worker2");
            assertThat(lab.pids("worker2")).contains(lab.agentPid("worker2"));
        }
    }

    /// Says that it is ready, and no more.
    static final class Agent {
        private Agent() {}

        static void main(String[] args) throws IOException {
            HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 9479), 0);
            server.createContext("/q/health/ready", exchange -> {
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            server.start();
        }
    }

    @Test
    void downLeavesNothingButLogs() throws IOException {
        Lab lab = Lab.start("labdown", "--no-agents");
        List<Long> pids = lab.pids();
        assertThat(pids).hasSizeGreaterThanOrEqualTo(5);
        // Somebody's own shell does not keep it from going.
        Process shell = new ProcessBuilder("ip", "netns", "exec", "labdown-worker1", "sleep", "600").start();

        lab.close();

        assertThat(shell.isAlive()).isFalse();
        assertNothingIsLeft("labdown", pids);
        assertThat(script("labdown", "down").exitCode()).isZero();

        try (Lab second = Lab.start("labdown", "--no-agents")) {
            assertThat(second.get("worker1", "10.48.0.43/whoami").ok()).isTrue();
        }
    }

    @Test
    void whatFailsHalfWayIsCleanedUp(@TempDir Path folder) throws IOException {
        program(folder, "birdc", "exit 1");

        Shell.Result up = script(Map.of("PATH", folder + ":" + System.getenv("PATH")), "labhalf", "up", "--no-agents");

        assertThat(up.exitCode()).isEqualTo(1);
        assertThat(up.stderr()).contains("BIRD on the bastion does not answer", "what was built is removed");
        assertNothingIsLeft("labhalf", List.of());
    }

    @Test
    void whatIsInterruptedIsCleanedUp(@TempDir Path folder) throws Exception {
        program(folder, "birdc", "sleep 0.1; exit 1");
        for (String signal : List.of("TERM", "INT", "HUP")) {
            Process up = startUp(folder, "labstop");
            signal(signal, up);

            assertThat(up.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(up.exitValue()).as(signal).isGreaterThan(128);
            assertNothingIsLeft("labstop", List.of());
        }
    }

    @Test
    void whatIsKilledIsCleanedUpByTheNextOne(@TempDir Path folder) throws Exception {
        program(folder, "birdc", "sleep 0.1; exit 1");
        Process up = startUp(folder, "labkill");
        signal("KILL", up);
        up.waitFor();
        assertThat(Lab.namespaces("labkill")).isNotEmpty();

        try (Lab lab = Lab.start("labkill", "--no-agents")) {
            assertThat(lab.get("worker1", "10.48.0.43/whoami").ok()).isTrue();
        }
        assertNothingIsLeft("labkill", List.of());
    }

    /// An `up` that has built all but the bastion's BIRD, which will never answer.
    private static Process startUp(Path folder, String lab) throws IOException {
        // A shell has what it starts in the background pass over SIGINT, and nohup SIGHUP: these tests and all that
        // they start inherit it.
        ProcessBuilder builder = new ProcessBuilder("env", "--default-signal", "hack/lab.sh", "up", "--no-agents")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("BELLMAN_LAB", lab);
        builder.environment().put("PATH", folder + ":" + System.getenv("PATH"));
        Process up = builder.start();
        Lab.await(() -> assertThat(Lab.folder(lab).resolve("bastion/bird.pid")).exists());
        return up;
    }

    private static void signal(String signal, Process process) {
        Shell.run(Map.of(), List.of("kill", "-" + signal, Long.toString(process.pid())))
                .output();
    }

    @Test
    void doesNotOutliveAJvmThatIsKilled() throws Exception {
        Process jvm = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledJvm.class.getName())
                .start();

        assertThat(new String(jvm.getInputStream().readAllBytes(), UTF_8).strip())
                .isEqualTo("true");

        assertThat(jvm.waitFor()).isEqualTo(9);
        Lab.await(() -> assertThat(Lab.namespaces("labjvm")).isEmpty());
    }

    /// Ends as abruptly as a killed JVM does: without shutdown hooks.
    static final class KilledJvm {
        private KilledJvm() {}

        static void main(String[] args) {
            Lab lab = Lab.start("labjvm", "--no-agents");
            System.out.println(lab.namespaces().contains("labjvm-worker1"));
            Runtime.getRuntime().halt(9);
        }
    }

    @Test
    void saysInOneLineEachWhatIsMissingAndTouchesNothing(@TempDir Path folder) throws IOException {
        // No curl and no jq among these, and another BIRD.
        for (String name : List.of(
                "bash",
                "sh",
                "dirname",
                "cat",
                "grep",
                "uname",
                "readlink",
                "ip",
                "git",
                "flock",
                "setsid",
                "unshare",
                "mount",
                "sha1sum")) {
            program(folder, name, "exec /usr/bin/" + name + " \"$@\"");
        }
        program(folder, "bird", "echo BIRD version 1.6.8 >&2");

        Shell.Result up = script(Map.of("PATH", folder.toString()), "labnone", "up", "--no-agents");

        assertThat(up.exitCode()).isEqualTo(2);
        assertThat(up.stderr().lines().map(line -> line.replace("lab.sh: ", "")))
                .containsExactly(
                        "there is no program curl: install the package curl",
                        "there is no program jq: install the package jq",
                        "the lab needs BIRD 2, this is: BIRD version 1.6.8");
        assertNothingIsLeft("labnone", List.of());
    }

    @Test
    void saysThatItNeedsRootAndTouchesNothing() throws IOException {
        Shell.Result up = Shell.run(
                Map.of("BELLMAN_LAB", "labroot"),
                List.of("unshare", "--user", "--map-user=65534", "hack/lab.sh", "up", "--no-agents"));

        assertThat(up.exitCode()).isEqualTo(2);
        assertThat(up.stderr())
                .isEqualTo("lab.sh: the lab makes network namespaces, which takes root: run it with sudo\n");
        assertNothingIsLeft("labroot", List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a-pod", "A"})
    void refusesANameThatWouldReachBeyondItsOwnFolder(String name) {
        assertMisuse(script(name, "down"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "agent",
                "agent kill",
                "api",
                "bird",
                "check more",
                "commit",
                "down more",
                "exec",
                "exec bastion",
                "link up",
                "node lose",
                "pod",
                "pod sleep",
                "sleep",
                "status more",
                "story more",
                "up --sleep",
                "up --step",
                "up --step 3",
            })
    void saysInOneLineWhatIsWrongWithACommandAndTouchesNothing(String command) {
        assertMisuse(script("labmisuse", command.split(" ")));

        assertThat(Lab.folder("labmisuse")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "agent kill worker1",
                "api stop",
                "bird stop",
                "commit message",
                "exec bastion true",
                "link up worker1",
                "node lose worker1",
                "pod add shop worker1 10.48.9.9",
                "pod delete customer",
                "pod list",
                "pod move customer worker1",
                "pod ready customer true",
            })
    void saysThatThereIsNoLabAndHowToGetOne(String command) throws IOException {
        Shell.Result result = script("labnolab", command.split(" "));

        assertMisuse(result);
        assertThat(result.stderr()).isEqualTo("lab.sh: the lab is not up: run hack/lab.sh up\n");
        assertThat(Lab.folder("labnolab")).doesNotExist();
    }

    /// Files outlive a restart of the machine, and namespaces do not.
    @Test
    void isNotUpWithoutItsNamespaces() throws IOException {
        Path up = Lab.folder("labreboot").resolve("up");
        Files.createDirectories(up.getParent());
        Files.createFile(up);
        try {
            assertThat(script("labreboot", "exec", "bastion", "true").stderr()).contains("the lab is not up");
            assertThat(script("labreboot", "status").output()).isEqualTo("there is no lab\n");
        } finally {
            script("labreboot", "down").output();
        }
        assertNothingIsLeft("labreboot", List.of());
    }

    private static void assertMisuse(Shell.Result result) {
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(2);
        assertThat(result.stdout()).isEmpty();
        assertThat(result.stderr()).matches("lab\\.sh: [^\n]+\n").doesNotContain("line ");
    }

    private static void assertNothingIsLeft(String lab, List<Long> pids) throws IOException {
        assertThat(Lab.namespaces(lab)).isEmpty();
        assertThat(pids)
                .allSatisfy(pid -> assertThat(isGone(pid)).as("process " + pid).isTrue());
        assertThat(Files.readAllLines(Path.of("/proc/self/mounts")))
                .noneMatch(mount -> mount.contains("/" + lab + "-"));
        Set<String> files = new TreeSet<>();
        if (Files.exists(Lab.folder(lab))) {
            try (Stream<Path> all = Files.walk(Lab.folder(lab))) {
                all.filter(file -> !Files.isDirectory(file) && !file.toString().endsWith(".log"))
                        .forEach(file -> files.add(file.toString()));
            }
        }
        assertThat(files).isEmpty();
    }

    /// One that nobody has waited for yet has ended all the same.
    private static boolean isGone(long pid) throws IOException {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        return !Files.exists(stat) || Files.readString(stat).contains(") Z ");
    }

    private static void program(Path folder, String name, String script) throws IOException {
        Path program = folder.resolve(name);
        Files.deleteIfExists(program);
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
    }

    private static Shell.Result script(String lab, String... arguments) {
        return script(Map.of(), lab, arguments);
    }

    private static Shell.Result script(Map<String, String> environment, String lab, String... arguments) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("BELLMAN_LAB", lab);
        List<String> command = new ArrayList<>(List.of("hack/lab.sh"));
        command.addAll(List.of(arguments));
        return Shell.run(all, command);
    }
}
