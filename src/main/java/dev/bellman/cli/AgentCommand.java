package dev.bellman.cli;

import dev.bellman.agent.AgentApplication;
import dev.bellman.agent.BirdSpeaker;
import dev.bellman.agent.Iptables;
import dev.bellman.agent.Meters;
import dev.bellman.agent.NodeAgent;
import dev.bellman.agent.Preconditions;
import dev.bellman.agent.Settings;
import dev.bellman.agent.Settings.OnShutdown;
import dev.bellman.cluster.ClusterObjects;
import dev.bellman.document.Manifest;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// `bellman agent`: carries out a node's plan on the node.
final class AgentCommand implements CliCommand {
    static final String NAME = "agent";

    private final Terminal terminal;
    private final OptionSpec node = Options.one("NODE", "The name of the Node that it runs on.", "--node")
            .required(true)
            .build();
    private final OptionSpec from = Options.one(
                    "DIR",
                    "Take policies, Services, EndpointSlices and Nodes from this folder, and watch it. Its .bellman.yaml "
                            + "says which part of it is inventory. Without it they come from the cluster of its pod, or "
                            + "of KUBECONFIG.",
                    "--from")
            .build();
    private final OptionSpec runDir = Options.one(
                    "DIR",
                    "Where it keeps its status, the files of BIRD, and what it has to know after a restart. "
                            + "Default: /run/bellman.",
                    "--run-dir")
            .initialValue("/run/bellman")
            .build();
    private final OptionSpec onShutdown = Options.word(
                    OnShutdown.class,
                    OnShutdown.KEEP,
                    "WHAT",
                    "keep (default): rules and routes stay when it is asked to end, for the next one to take over. "
                            + "withdraw: the node announces nothing any more.",
                    "--on-shutdown")
            .build();
    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

    AgentCommand(Terminal terminal) {
        this.terminal = terminal;
        spec.name(NAME).addOption(node).addOption(from).addOption(runDir).addOption(onShutdown);
        Options.help(
                spec,
                List.of(
                        "Keep a node's Service rules and BGP routes as its plan says. Needs root.",
                        "",
                        "Health is at http://127.0.0.1:9479/q/health, metrics are at /q/metrics, its status is "
                                + "status.json in the folder of --run-dir."),
                List.of(
                        "  bellman agent --node worker1 --from state/",
                        "  bellman agent --node worker1                  in a cluster, fed by its API server"));
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() {
        String given = Options.text(from);
        Path folder = given == null ? null : Path.of(given);
        if (folder != null && !Files.isDirectory(folder)) {
            throw new Failure("there is no folder " + folder);
        }
        if (folder == null) {
            ClusterAccess.check();
        }
        List<String> missing = Preconditions.missing();
        if (!missing.isEmpty()) {
            missing.forEach(terminal::warn);
            return Outcome.FAILURE.code();
        }
        Path run = Path.of(String.valueOf(Options.text(runDir)));
        try {
            Files.createDirectories(run);
        } catch (IOException e) {
            throw new Failure("cannot make the folder " + run + ": " + e.getMessage(), e);
        }
        Settings settings = new Settings(
                String.valueOf(Options.text(node)),
                run,
                Settings.OVERLAP,
                Settings.SETTLE,
                Settings.PATIENCE,
                Settings.CHECK,
                Options.word(onShutdown, OnShutdown.class));
        return AgentApplication.run(surroundings -> folder == null
                ? new InCluster(settings, surroundings)
                : new StandAlone(settings, folder, surroundings.meters()));
    }

    /// An agent that is fed from a folder.
    private final class StandAlone implements AgentApplication.Running {
        private final NodeAgent agent;
        private final StateFolder source;

        StandAlone(Settings settings, Path folder, Meters meters) {
            BirdSpeaker speaker = new BirdSpeaker(settings.runDir(), List.of(), this::wake);
            agent = new NodeAgent(settings, new Iptables(List.of()), speaker, meters, _ -> {});
            source = new StateFolder(folder, settings.runDir(), settings.node(), terminal, agent::offer);
            agent.start();
            source.start();
        }

        private void wake() {
            agent.wake();
        }

        @Override
        public NodeAgent agent() {
            return agent;
        }

        @Override
        public void close() {
            source.close();
            agent.close();
        }
    }

    /// An agent that is fed by an API server, and tells it how far it is.
    private final class InCluster implements AgentApplication.Running {
        private final NodeAgent agent;
        private final ClusterState source;
        private final NodePlanStatus status;
        private final SecretPasswords passwords;

        InCluster(Settings settings, AgentApplication.Surroundings surroundings) {
            KubernetesClient client = surroundings.client().get();
            passwords = new SecretPasswords(
                    new ClusterObjects(client), namespace(client), settings.runDir(), terminal, this::wake);
            BirdSpeaker speaker = new BirdSpeaker(settings.runDir(), List.of(), passwords, this::wake);
            LastState lastState = new LastState(settings.runDir());
            status = new NodePlanStatus(new ClusterObjects(client), settings.node(), this::plan, terminal);
            agent = new NodeAgent(settings, new Iptables(List.of()), speaker, surroundings.meters(), status::tell);
            source = new ClusterState(client, lastState, settings.node(), terminal, agent::offer);
            passwords.start();
            agent.start();
            status.start();
            source.start();
        }

        private void wake() {
            agent.wake();
        }

        private @Nullable Manifest plan() {
            return source.plan();
        }

        @Override
        public NodeAgent agent() {
            return agent;
        }

        @Override
        public void close() {
            source.close();
            agent.close();
            status.close();
            passwords.close();
        }

        /// In which Bellman runs.
        private static String namespace(KubernetesClient client) {
            String pod = System.getenv("POD_NAMESPACE");
            String own = pod != null ? pod : client.getNamespace();
            return own == null ? "default" : own;
        }
    }
}
