package dev.bellman.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bellman.testing.Json;
import dev.bellman.testing.Lab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What dies, is broken or is garbage, and what the network hears of it: as little as can be.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EnduranceIT {
    private static final String RANGE = "10.49.0.0/16";
    private static final String CUSTOMER = "10.49.60.52/32";
    private static final String WORKER1 = "10.0.1.30";
    private static final String WORKER2 = "10.0.1.31";
    private static final Map<String, Set<String>> ROUTES =
            Map.of(RANGE, Set.of("10.0.1.20", WORKER1, WORKER2), CUSTOMER, Set.of(WORKER2));
    private static final List<String> URLS = List.of("10.49.60.52/whoami", "10.49.80.32/whoami");

    private static final String POLICY = "policies/customer.yaml";
    private static final String SUMMARY_CHAIN = "KUBE-SVC-OIQIZJVJK6E34BR4";

    /// A node that is silent is given up after this many seconds.
    private static final int HOLD = 6;

    /// For what has to wait for a hold time, or for a JVM on a busy machine.
    private static final Duration LONG = Duration.ofSeconds(40);

    private Lab lab;
    private final Map<String, String> state = new TreeMap<>();

    @BeforeAll
    void up() {
        lab = Lab.start("enduranceit", "--step", "2");
        lab.edit(
                "policies/speaker.yaml",
                text -> text.replaceFirst("holdTimeSeconds: \\d+", "holdTimeSeconds: " + HOLD));
        for (String file : List.of(
                ".bellman.yaml",
                "inventory/endpointslices.yaml",
                "inventory/nodes.yaml",
                "inventory/services.yaml",
                "policies/datacenter.yaml",
                POLICY)) {
            state.put(file, lab.read(file));
        }
    }

    /// Whatever came of a test, the next one finds what this one found.
    @AfterEach
    void mendTheState() {
        state.forEach(lab::write);
    }

    @AfterAll
    void down() {
        lab.close();
    }

    @BeforeEach
    void allIsWell() {
        Lab.await(LONG, () -> {
            assertThat(lab.learned()).isEqualTo(ROUTES);
            for (String node : Lab.NODES) {
                assertThat(session(node)).contains("Established");
                JsonNode status = status(node);
                assertThat(status.path("inSync").asBoolean()).as(node).isTrue();
                assertThat(strings(status.path("inputProblems"))).isEmpty();
                assertThat(status.path("rules").path("mode").asText()).isEqualTo("Program");
                // What it would go by after a restart.
                assertThat(lab.folder().resolve(node).resolve("last-good/declared.yaml"))
                        .content()
                        .contains("trafficPolicy: Local", "holdTimeSeconds: " + HOLD);
            }
        });
    }

    // --------------------------------------------------------------------------------------------------------- agent

    @Test
    void anAgentThatIsKilledTakesNoRouteAndNoRequestWithIt() {
        agentIsReplaced(() -> {
            long killed = lab.agentPid("worker2");
            lab.killAgent("worker2");
            Lab.await(LONG, () -> {
                assertThat(lab.agentPid("worker2")).isNotEqualTo(killed);
                assertThat(http("worker2", "/q/health/ready").code()).isEqualTo("200");
            });
        });
    }

    @Test
    void anAgentThatIsRestartedTakesNoRouteAndNoRequestWithIt() {
        agentIsReplaced(() -> lab.restartAgent("worker2"));
    }

    private void agentIsReplaced(Runnable replace) {
        long agent = lab.agentPid("worker2");
        long bird = bird("worker2");
        Map<String, String> rules = handles();
        try (RouteWatch watch = RouteWatch.start(lab, Lab.BASTION)) {
            List<Lab.Answer> answers = requestsWhile(replace);

            assertThat(answers).hasSizeGreaterThanOrEqualTo(500).allMatch(Lab.Answer::ok);
            assertThat(watch.changes()).isEmpty();
        }
        assertThat(lab.agentPid("worker2")).isNotEqualTo(agent);
        assertThat(bird("worker2")).as("BIRD is adopted").isEqualTo(bird);
        assertThat(handles()).as("no rule is written again").isEqualTo(rules);
        JsonNode status = status("worker2");
        assertThat(status.path("inSync").asBoolean()).isTrue();
        assertThat(strings(status.path("routes").path("announced"))).containsExactly(RANGE, CUSTOMER);
    }

    @Test
    void anAgentThatIsStoppedWithdrawsOnlyWhenToldTo() {
        Map<String, String> rules = handles();
        try (RouteWatch watch = RouteWatch.start(lab, Lab.BASTION)) {
            lab.stopAgent("worker1");
            lab.startAgent("worker1", "--on-shutdown", "withdraw");
            assertThat(watch.changes()).isEmpty();
        }

        lab.stopAgent("worker1");
        try {
            Lab.await(() -> assertThat(lab.learned())
                    .isEqualTo(Map.of(RANGE, Set.of("10.0.1.20", WORKER2), CUSTOMER, Set.of(WORKER2))));
            assertThat(handles()).as("for connections that are there").isEqualTo(rules);
        } finally {
            lab.startAgent("worker1");
        }
        Lab.await(() -> assertThat(lab.learned()).isEqualTo(ROUTES));
    }

    // ---------------------------------------------------------------------------------------------------------- BIRD

    @Test
    void theBirdOfANodeThatIsKilledComesBackByItselfAndNoRequestFails() {
        long killed = bird("worker2");
        try (RouteWatch watch = RouteWatch.start(lab, Lab.BASTION)) {
            List<Lab.Answer> answers = requestsWhile(() -> {
                lab.killBird("worker2");
                Lab.await(LONG, () -> {
                    assertThat(bird("worker2")).isNotEqualTo(killed);
                    // The bastion has taken the new one's routes for those of the old one.
                    assertThat(session("worker2")).contains("Established");
                    assertThat(sessionDetails("worker2")).doesNotContain("Neighbor graceful restart active");
                });
            });

            assertThat(answers).hasSizeGreaterThanOrEqualTo(500).allMatch(Lab.Answer::ok);
            assertThat(watch.changes()).noneMatch(line -> line.startsWith("Deleted"));
        }
        assertThat(lab.learned()).isEqualTo(ROUTES);
    }

    @Test
    void theBirdOfTheBastionComesBackAndLearnsAllAgain() {
        for (Runnable end : List.<Runnable>of(() -> lab.stopBird(Lab.BASTION), () -> lab.killBird(Lab.BASTION))) {
            Map<String, Long> birds = birds();
            end.run();
            lab.startBird();

            Lab.await(LONG, () -> {
                assertThat(Lab.NODES)
                        .allSatisfy(node -> assertThat(session(node)).contains("Established"));
                assertThat(lab.learned()).isEqualTo(ROUTES);
            });
            assertThat(birds()).as("those of the nodes go on").isEqualTo(birds);
        }
    }

    // --------------------------------------------------------------------------------------------------------- rules

    @Test
    void whatSomebodyChangesInBellmansChainsIsPutBackAndOthersChainsAreLeftAlone() {
        List<String> rules = lab.rules("worker1", "iptables-save");
        double before = metric("worker1", "bellman_agent_rules_drift_total{family=\"IPv4\"}");
        // What a kubelet and a firewall of the node's own have there.
        iptables("-N KUBE-KUBELET-CANARY", "-N SITE-NAT", "-A SITE-NAT -s 203.0.113.7/32 -j RETURN");
        iptables("-A POSTROUTING -s 203.0.113.0/24 -j SITE-NAT", "-I PREROUTING -d 203.0.113.9/32 -j ACCEPT");
        List<String> others = lab.rules("worker1", "iptables-save");
        assertThat(others).hasSize(rules.size() + 5);

        for (List<String> damage : List.of(
                List.of("-D KUBE-SERVICES 1", "-F " + SUMMARY_CHAIN, "-D POSTROUTING 1"),
                List.of(
                        "-I KUBE-SERVICES -d 10.49.80.32/32 -j RETURN",
                        "-N KUBE-SVC-AAAAAAAAAAAAAAAA",
                        "-A KUBE-SVC-AAAAAAAAAAAAAAAA -d 203.0.113.1/32 -j RETURN",
                        "-A KUBE-NODEPORTS -j KUBE-SVC-AAAAAAAAAAAAAAAA"))) {
            iptables(damage.toArray(String[]::new));
            assertThat(lab.rules("worker1", "iptables-save")).as("damaged").isNotEqualTo(others);

            Lab.await(
                    Duration.ofSeconds(10),
                    () -> assertThat(lab.rules("worker1", "iptables-save"))
                            .as(damage.toString())
                            .containsExactlyInAnyOrderElementsOf(others));
        }
        assertThat(metric("worker1", "bellman_agent_rules_drift_total{family=\"IPv4\"}"))
                .isGreaterThan(before);

        iptables("-D PREROUTING -d 203.0.113.9/32 -j ACCEPT", "-D POSTROUTING -s 203.0.113.0/24 -j SITE-NAT");
        iptables("-F SITE-NAT", "-X SITE-NAT", "-X KUBE-KUBELET-CANARY");
        assertThat(lab.rules("worker1", "iptables-save")).isEqualTo(rules);
    }

    @Test
    void inVerifyWhatDiffersIsReportedAndNothingIsChanged() {
        mode("Program", "Verify");
        iptables("-F " + SUMMARY_CHAIN);
        String damaged = handles("worker1");

        Lab.await(() -> {
            assertThat(drift("worker1")).singleElement().asString().contains("nat " + SUMMARY_CHAIN);
            assertThat(status("worker1").path("inSync").asBoolean()).isFalse();
            assertThat(status("worker1")
                            .path("rules")
                            .path("IPv4")
                            .path("programmed")
                            .asText())
                    .isEmpty();
            assertThat(metric("worker1", "bellman_agent_rules_drifted")).isOne();
        });
        assertThat(handles("worker1")).isEqualTo(damaged);
        iptables("-I KUBE-SERVICES -d 203.0.113.1/32 -j RETURN");
        damaged = handles("worker1");
        // Another look at the kernel, so what it did after the first one is over.
        Lab.await(() -> assertThat(drift("worker1"))
                .hasSize(2)
                .anyMatch(line -> line.contains("nat KUBE-SERVICES"))
                .anyMatch(line -> line.contains("nat " + SUMMARY_CHAIN)));
        assertThat(handles("worker1")).isEqualTo(damaged);
        assertThat(drift("worker2")).isEmpty();
        assertThat(lab.learned()).isEqualTo(ROUTES);

        mode("Verify", "Program");
        Lab.await(() -> assertThat(lab.rules("worker1", "iptables-save"))
                .anyMatch(line -> line.startsWith("-A " + SUMMARY_CHAIN)));
        assertThat(drift("worker1")).isEmpty();
    }

    private void mode(String from, String to) {
        lab.edit("policies/datacenter.yaml", text -> text.replace("rules: " + from, "rules: " + to));
        Lab.await(() -> assertThat(Lab.NODES)
                .allSatisfy(node -> assertThat(
                                status(node).path("rules").path("mode").asText())
                        .isEqualTo(to)));
    }

    // -------------------------------------------------------------------------------------------------------- garbage

    @Test
    void garbageInTheInputChangesNothing() {
        String policy = lab.read(POLICY);
        Map<String, String> rules = handles();
        try (RouteWatch watch = RouteWatch.start(lab, Lab.BASTION)) {
            garbage(POLICY, "customer.yaml", () -> lab.write(POLICY, policy + "  oops: [\n"));
            garbage(POLICY, "class-missing", () -> lab.edit(POLICY, replace("datacenter", "datacentre")));
            garbage(POLICY, "customer.yaml", () -> lab.write(POLICY, ""));
            garbage(POLICY, "not-utf8", () -> bytes(POLICY, 0xfc, 0xff));
            garbage(POLICY, "unreadable", () -> link(POLICY, "nowhere"));
            for (String file : List.of("inventory/services.yaml", "inventory/endpointslices.yaml")) {
                garbage(file, "unreadable", () -> link(file, "nowhere"));
                garbage(file, file, () -> lab.write(file, ""));
                garbage(file, file, () -> lab.write(file, lab.read(file).substring(0, 300) + "\n  - ]"));
            }
            garbage(".bellman.yaml", ".bellman.yaml", () -> lab.write(".bellman.yaml", "inventory: {"));

            assertThat(watch.changes()).isEmpty();
        }
        assertThat(handles()).isEqualTo(rules);

        // It goes on from there.
        lab.delete(POLICY);
        Lab.await(() -> assertThat(lab.learned().keySet()).containsExactly(RANGE));
        lab.write(POLICY, policy);
        Lab.await(() -> assertThat(lab.learned()).isEqualTo(ROUTES));
    }

    /// @param said what every agent has to say of it
    private void garbage(String file, String said, Runnable damage) {
        String before = lab.read(file);
        damage.run();
        Lab.await(() -> {
            for (String node : Lab.NODES) {
                assertThat(strings(status(node).path("inputProblems")))
                        .as(node)
                        .isNotEmpty()
                        .anyMatch(problem -> problem.contains(said));
                assertThat(metric(node, "bellman_agent_input_held")).isOne();
            }
        });
        lab.write(file, before);
        Lab.await(() -> assertThat(Lab.NODES)
                .allSatisfy(node ->
                        assertThat(strings(status(node).path("inputProblems"))).isEmpty()));
    }

    private static UnaryOperator<String> replace(String from, String to) {
        return text -> text.replace(from, to);
    }

    private void bytes(String file, int... bytes) {
        byte[] all = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            all[i] = (byte) bytes[i];
        }
        try {
            Files.write(lab.state().resolve(file), all);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// In one step, since a file that is deleted is a wish to be followed.
    private void link(String file, String to) {
        try {
            Path link = Files.createSymbolicLink(lab.folder().resolve("new-link"), Path.of(to));
            Files.move(link, lab.state().resolve(file), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// As Git does it, and some editors.
    @Test
    void aFileThatIsDeletedAndWrittenAnewIsNotTakenForDeleted() throws IOException {
        String summary = "-A " + SUMMARY_CHAIN + " -m comment --comment \"yaobank/summary:http -> 10.48.128.1:80\"";
        try (RouteWatch watch = RouteWatch.start(lab, Lab.BASTION)) {
            for (String file : List.of(POLICY, "inventory/services.yaml", "inventory/endpointslices.yaml")) {
                String text = lab.read(file);
                for (int i = 0; i < 10; i++) {
                    Files.delete(lab.state().resolve(file));
                    Files.writeString(lab.state().resolve(file), text);
                }
            }
            // What the agents do next shows that they have seen all that came before.
            lab.podReady("summary-2", "false");
            Lab.await(() -> assertThat(Lab.NODES)
                    .allSatisfy(node ->
                            assertThat(lab.rules(node, "iptables-save")).noneMatch(line -> line.startsWith(summary))));
            lab.podReady("summary-2", "true");
            Lab.await(() -> assertThat(Lab.NODES)
                    .allSatisfy(node ->
                            assertThat(lab.rules(node, "iptables-save")).anyMatch(line -> line.startsWith(summary))));

            assertThat(watch.changes()).isEmpty();
        }
    }

    @Test
    void aNodeWhoseObjectIsGoneGoesOnAsItWas() {
        String nodes = lab.read("inventory/nodes.yaml");
        String rules = handles("worker2");
        try (RouteWatch watch = RouteWatch.start(lab, Lab.BASTION)) {
            int worker2 = nodes.indexOf("- apiVersion: v1\n  kind: Node\n  metadata:\n    name: worker2");
            assertThat(worker2).isPositive();
            lab.write("inventory/nodes.yaml", nodes.substring(0, worker2));
            Lab.await(() -> assertThat(strings(status("worker2").path("inputProblems")))
                    .anyMatch(problem -> problem.contains("there is no Node worker2")));
            lab.write("inventory/nodes.yaml", nodes);
            Lab.await(() ->
                    assertThat(strings(status("worker2").path("inputProblems"))).isEmpty());

            assertThat(watch.changes()).isEmpty();
        }
        assertThat(handles("worker2")).isEqualTo(rules);
    }

    @Test
    void anAgentThatIsStartedOnGarbageGoesByTheLastPlanOnDisk() {
        String policy = lab.read(POLICY);
        long agent = lab.agentPid("worker2");
        Map<String, String> rules = handles();
        try (RouteWatch watch = RouteWatch.start(lab, Lab.BASTION)) {
            lab.write(POLICY, policy + "  oops: [\n");
            Lab.await(() ->
                    assertThat(strings(status("worker2").path("inputProblems"))).isNotEmpty());
            lab.killAgent("worker2");
            Lab.await(LONG, () -> {
                assertThat(lab.agentPid("worker2")).isNotEqualTo(agent);
                assertThat(http("worker2", "/q/health/ready").code()).isEqualTo("200");
                // Of the new one, since metrics are not kept.
                assertThat(metric("worker2", "bellman_agent_input_held")).isOne();
                assertThat(metric("worker2", "bellman_agent_routes_announced")).isEqualTo(2);
            });
            assertThat(strings(status("worker2").path("routes").path("intended")))
                    .containsExactly(RANGE, CUSTOMER);
            lab.write(POLICY, policy);
            Lab.await(() ->
                    assertThat(strings(status("worker2").path("inputProblems"))).isEmpty());

            assertThat(watch.changes()).isEmpty();
        }
        assertThat(handles()).isEqualTo(rules);
    }

    @Test
    void endpointsAreFollowedWhileAPolicyHasAnError() {
        String policy = lab.read(POLICY);
        lab.edit(POLICY, replace("datacenter", "datacentre"));
        Lab.await(() ->
                assertThat(strings(status("worker2").path("inputProblems"))).isNotEmpty());

        lab.podReady("customer", "false");
        Lab.await(() -> assertThat(lab.learned().keySet()).containsExactly(RANGE));
        lab.podReady("customer", "true");
        Lab.await(() -> assertThat(lab.learned()).isEqualTo(ROUTES));

        lab.write(POLICY, policy);
    }

    // -------------------------------------------------------------------------------------------------------- network

    @Test
    void aCutCableTakesTheNodesRoutesAfterTheHoldTimeAndMendedBringsThemBack() {
        long bird = bird("worker1");
        lab.cut("worker1");
        Lab.await(LONG, () -> {
            assertThat(lab.learned()).isEqualTo(Map.of(RANGE, Set.of("10.0.1.20", WORKER2), CUSTOMER, Set.of(WORKER2)));
            assertThat(session("worker1")).doesNotContain("Established");
            assertThat(status("worker1")
                            .path("sessions")
                            .path(0)
                            .path("established")
                            .asBoolean(true))
                    .isFalse();
            assertThat(metric("worker1", "bellman_agent_sessions_established")).isZero();
        });

        lab.mend("worker1");
        Lab.await(LONG, () -> {
            assertThat(lab.learned()).isEqualTo(ROUTES);
            assertThat(status("worker1")
                            .path("sessions")
                            .path(0)
                            .path("established")
                            .asBoolean())
                    .isTrue();
        });
        assertThat(bird("worker1")).isEqualTo(bird);
    }

    @Test
    void aLostNodeTakesItsRoutesWithItAndBringsThemBack() {
        lab.lose("worker2");
        Lab.await(LONG, () -> assertThat(lab.learned()).isEqualTo(Map.of(RANGE, Set.of("10.0.1.20", WORKER1))));

        lab.bringBack("worker2");
        Lab.await(LONG, () -> {
            assertThat(lab.learned()).isEqualTo(ROUTES);
            assertThat(lab.get(Lab.BASTION, URLS.getFirst()).ok()).isTrue();
        });
    }

    // ---------------------------------------------------------------------------------------------------------- sight

    @Test
    void healthAndMetricsHaveTheNamesThatAreDocumented() throws IOException {
        assertThat(http("worker1", "/q/health/live").body()).contains("\"status\": \"UP\"", "\"loop\"");
        assertThat(http("worker1", "/q/health/ready").body()).contains("\"status\": \"UP\"", "\"plan\"");

        Set<String> documented = Pattern.compile("`(bellman_agent_\\w+)")
                .matcher(Files.readString(Path.of("docs/agent.md")))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
        assertThat(documented).hasSizeGreaterThan(10);
        Set<String> exported = http("worker1", "/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("bellman_"))
                .map(line -> line.replaceFirst("[{ ].*", "").replaceFirst("_(bucket|sum|count|max)$", ""))
                .collect(Collectors.toSet());
        assertThat(exported).isEqualTo(documented);
    }

    // -------------------------------------------------------------------------------------------------------- helpers

    /// Requests one after another from before it happens until it is over, and not less than 500.
    private List<Lab.Answer> requestsWhile(Runnable it) {
        CountDownLatch begun = new CountDownLatch(URLS.size());
        CompletableFuture<Void> over = new CompletableFuture<>();
        CompletableFuture<List<Lab.Answer>> all = CompletableFuture.supplyAsync(
                () -> {
                    List<Lab.Answer> answers = new ArrayList<>();
                    while (!over.isDone() || answers.size() < 500) {
                        for (String url : URLS) {
                            answers.addAll(lab.get(Lab.CLIENT, url, 50));
                            begun.countDown();
                        }
                    }
                    return answers;
                },
                task -> Thread.ofPlatform().daemon().name("requests").start(task));
        try {
            begun.await();
            it.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while it waited", e);
        } finally {
            over.complete(null);
        }
        return all.join();
    }

    private JsonNode status(String node) {
        try {
            return Json.parse(Files.readString(lab.folder().resolve(node).resolve("status.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> drift(String node) {
        return strings(status(node).path("rules").path("IPv4").path("drift"));
    }

    private static List<String> strings(JsonNode array) {
        List<String> all = new ArrayList<>();
        array.forEach(one -> all.add(one.asText()));
        return all;
    }

    /// What the bastion's BIRD says of its session with a node, in a line.
    private String session(String node) {
        return lab.birdc(Lab.BASTION, "show protocols " + node);
    }

    private String sessionDetails(String node) {
        return lab.birdc(Lab.BASTION, "show protocols all " + node);
    }

    private record Http(String code, String body) {}

    private Http http(String node, String path) {
        String answer =
                lab.ask(node, "curl", "--silent", "--write-out", "\\n%{http_code}", "http://127.0.0.1:9479" + path);
        int end = answer.lastIndexOf('\n');
        return new Http(answer.substring(end + 1), answer.substring(0, end));
    }

    private double metric(String node, String name) {
        return http(node, "/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no metric " + name + " on " + node));
    }

    /// All rules with the numbers that the kernel gives them when they are written, and without counters.
    private String handles(String node) {
        return lab.ask(node, "nft", "--handle", "--stateless", "list", "ruleset");
    }

    private Map<String, String> handles() {
        Map<String, String> all = new TreeMap<>();
        Lab.NODES.forEach(node -> all.put(node, handles(node)));
        return all;
    }

    /// The pid of the one BIRD that runs on a node.
    private long bird(String node) {
        List<Long> birds = lab.pids(node).stream()
                .filter(pid -> program(pid).equals("bird"))
                .toList();
        assertThat(birds).as("BIRDs on " + node).hasSize(1);
        return birds.getFirst();
    }

    private Map<String, Long> birds() {
        return Lab.NODES.stream().collect(Collectors.toMap(node -> node, this::bird));
    }

    private static String program(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/comm")).strip();
        } catch (IOException e) {
            // It has just ended.
            return "";
        }
    }

    /// Somebody's own commands on worker1, in the table nat.
    private void iptables(String... commands) {
        for (String command : commands) {
            lab.ask(
                    "worker1",
                    Stream.concat(Stream.of("iptables", "-w", "5", "-t", "nat"), Stream.of(command.split(" ")))
                            .toArray(String[]::new));
        }
    }
}
