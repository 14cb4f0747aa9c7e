package dev.bellman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.address.Cidr;
import dev.bellman.agent.BirdSpeaker;
import dev.bellman.agent.Iptables;
import dev.bellman.agent.Meters;
import dev.bellman.agent.NodeAgent;
import dev.bellman.agent.Settings;
import dev.bellman.agent.Status;
import dev.bellman.testing.NodeAndRouter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An agent beside somebody who programs the rules in its place, late or never, with a real kernel and the real
/// BIRD.
class VerifyIT {
    private static final Path YAOBANK = Path.of("gitops-examples/yaobank");
    private static final Path LAB_POLICIES = Path.of("hack/lab/policies");
    private static final String NODE = "worker1";
    private static final String RANGE = "10.49.0.0/16";
    private static final String CUSTOMER = "10.49.60.52";
    private static final Duration FOR_EVER = Duration.ofDays(1);
    private static final Duration SHORT = Duration.ofMillis(700);

    @TempDir
    private Path folder;

    private Path state;
    private NodeAndRouter network;
    private final List<Agent> agents = new ArrayList<>();
    private final Warnings warnings = new Warnings();

    @BeforeEach
    void start() throws IOException {
        network = NodeAndRouter.start(folder.resolve("network"));
        network.route(
                "local " + NodeAndRouter.ROUTER_IPV4 + " as 64512; neighbor " + NodeAndRouter.NODE_IPV4 + " as 64512;");
        state = folder.resolve("state");
        write(".bellman.yaml", "inventory: inventory\nclusterCIDR: 10.48.0.0/16\n");
        write(
                "policies/datacenter.yaml",
                Files.readString(LAB_POLICIES.resolve("datacenter.yaml")).replace("rules: Program", "rules: Verify"));
        write("policies/speaker.yaml", Files.readString(LAB_POLICIES.resolve("speaker.yaml")));
        write(
                "policies/customer.yaml",
                Files.readString(YAOBANK.resolve("step2-keep-one-service-local/customer.yaml")));
        for (String file : List.of("nodes.yaml", "services.yaml", "endpointslices.yaml")) {
            write(
                    "inventory/" + file,
                    Files.readString(YAOBANK.resolve("inventory").resolve(file)));
        }
        warnings.listen();
    }

    @AfterEach
    void stop() {
        warnings.close();
        agents.forEach(Agent::close);
        network.close();
    }

    @Test
    void anAddressIsAnnouncedOnceItsRulesAreThereAndThatOfAClassAtOnce() throws IOException {
        customerComesToTheNode();
        Agent agent = agent(FOR_EVER);
        network.untilInstalled(RANGE);

        agent.untilSaid("ready", Status::ready);
        Status waits = agent.said().getLast();
        assertThat(waits.intended()).hasToString("[" + RANGE + ", " + CUSTOMER + "/32]");
        assertThat(waits.waiting()).hasToString("[" + CUSTOMER + "/32]");
        assertThat(waits.inSync()).isFalse();
        assertThat(network.installed(CUSTOMER)).isEmpty();
        programRules();

        network.untilInstalled(CUSTOMER);
        agent.untilSaid("announced", VerifyIT::announcesCustomer);
        // Whenever it says that it announces it, the rules are as they should be.
        assertThat(agent.said())
                .filteredOn(VerifyIT::announcesCustomer)
                .allSatisfy(status -> assertThat(drift(status)).isEmpty());
        assertThat(warnings.said()).isEmpty();
    }

    @Test
    void anAddressWhoseRulesNeverComeIsAnnouncedAllTheSame() throws IOException {
        Agent agent = agent(SHORT);
        network.untilInstalled(RANGE);
        customerComesToTheNode();

        network.untilInstalled(CUSTOMER);
        agent.untilSaid("announced", VerifyIT::announcesCustomer);

        Status announced = agent.said().stream()
                .filter(VerifyIT::announcesCustomer)
                .findFirst()
                .orElseThrow();
        assertThat(agent.said())
                .as("it knew of the pod, and waited")
                .anyMatch(
                        status -> intendedRules(status).equals(intendedRules(announced)) && !announcesCustomer(status));
        assertThat(drift(announced)).isNotEmpty();
        assertThat(warnings.said())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .contains("announced though its rules are not found", "prefix=" + CUSTOMER + "/32"),
                        line -> assertThat(line).contains("addresses do not wait for theirs", "family=IPv4"));
    }

    @Test
    void aRestartTakesNoAddressBackWhoseRulesAreNotThere() throws IOException {
        customerComesToTheNode();
        Agent first = agent(SHORT);
        network.untilInstalled(CUSTOMER);
        first.close();
        Path changes = network.watchRoutes();

        Agent next = agent(FOR_EVER);
        next.untilSaid("ready", Status::ready);

        assertThat(next.said()).filteredOn(Status::ready).allMatch(VerifyIT::announcesCustomer);
        assertThat(network.installed(CUSTOMER)).isNotEmpty();
        assertThat(Files.readString(changes)).doesNotContain("Deleted " + CUSTOMER);
    }

    private static boolean announcesCustomer(Status status) {
        return status.intended().stream()
                .filter(prefix -> !status.waiting().contains(prefix))
                .map(Cidr::toString)
                .anyMatch((CUSTOMER + "/32")::equals);
    }

    private static List<String> drift(Status status) {
        return status.rules().get("IPv4").drift();
    }

    private static String intendedRules(Status status) {
        return status.rules().containsKey("IPv4") ? status.rules().get("IPv4").intended() : "";
    }

    /// Its only pod has been on another node, so that this one did not announce it.
    private void customerComesToTheNode() throws IOException {
        String slices = Files.readString(state.resolve("inventory/endpointslices.yaml"));
        write("inventory/endpointslices.yaml", slices.replaceFirst("nodeName: worker2", "nodeName: " + NODE));
    }

    /// As kube-proxy would.
    private void programRules() throws IOException {
        Run rules = Run.of("rules", "--node", NODE, state.toString());
        assertThat(rules.code()).as(rules.err()).isZero();
        Path file = Files.writeString(folder.resolve("rules"), rules.out());
        NodeAndRouter.run(
                network.onNode("iptables-restore", "--noflush", file.toString()).toArray(String[]::new));
    }

    /// In one step.
    private void write(String file, String text) throws IOException {
        Path target = state.resolve(file);
        Files.createDirectories(target.getParent());
        Path fresh = Files.writeString(folder.resolve("fresh"), text);
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private Agent agent(Duration patience) throws IOException {
        Agent agent = new Agent(patience);
        agents.add(agent);
        return agent;
    }

    /// One agent and what it says after each of its turns.
    private final class Agent implements AutoCloseable {
        private final List<Status> said = new CopyOnWriteArrayList<>();
        private final NodeAgent agent;
        private final StateFolder source;

        Agent(Duration patience) throws IOException {
            Path runDir = Files.createDirectories(folder.resolve("run"));
            Settings settings = new Settings(
                    NODE,
                    runDir,
                    Settings.OVERLAP,
                    Settings.SETTLE,
                    patience,
                    Settings.CHECK,
                    Settings.OnShutdown.KEEP);
            agent = new NodeAgent(
                    settings,
                    new Iptables(network.onNode()),
                    new BirdSpeaker(runDir, network.onNode(), () -> {}),
                    new Meters(new SimpleMeterRegistry()),
                    said::add);
            Terminal terminal =
                    new Terminal(new ByteArrayInputStream(new byte[0]), System.out, System.err, false, false, Map.of());
            source = new StateFolder(state, runDir, NODE, terminal, agent::offer);
            agent.start();
            source.start();
        }

        List<Status> said() {
            return said;
        }

        void untilSaid(String what, Predicate<Status> condition) {
            NodeAndRouter.until(
                    () -> "not " + what + ": " + said, () -> said.stream().anyMatch(condition));
        }

        @Override
        public void close() {
            source.close();
            agent.close();
        }
    }

    /// What the agent warns of.
    private static final class Warnings extends Handler {
        private final Logger logger = Logger.getLogger("dev.bellman.agent");
        private final List<String> said = new CopyOnWriteArrayList<>();

        void listen() {
            logger.addHandler(this);
        }

        List<String> said() {
            return said;
        }

        @Override
        public void publish(LogRecord line) {
            if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
                said.add(line.getMessage());
            }
        }

        @Override
        public void flush() {
            // Nothing is kept back.
        }

        @Override
        public void close() {
            logger.removeHandler(this);
        }
    }
}
