package dev.bellman.testing;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `bellman agent` as a container of a cluster runs it: in its node's network, as root with few capabilities, and with
/// the API server where its kubeconfig says, though that is in another network. As there, `/proc/sys` cannot be
/// written.
public final class AgentProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final NodeAndRouter network;
    private final List<ServerProcess> doors;
    private final ServerProcess process;

    private AgentProcess(NodeAndRouter network, List<ServerProcess> doors, ServerProcess process) {
        this.network = network;
        this.doors = doors;
        this.process = process;
    }

    /// Starts one and returns when it is ready.
    ///
    /// @param folder for its log
    /// @param server which its kubeconfig names, and which listens on a loopback address
    /// @param capabilities all that it has, as a container's `add` names them
    /// @param environment its variables, but for that of the kubeconfig
    /// @param options of `bellman agent`
    public static AgentProcess start(
            NodeAndRouter network,
            Path folder,
            URI server,
            Path kubeconfig,
            List<String> capabilities,
            Map<String, String> environment,
            List<String> options) {
        Path socket = folder.resolve("api.sock");
        String address = server.getHost() + ":" + server.getPort();
        ServerProcess outside = ServerProcess.start(
                folder.resolve("door-outside.log"),
                List.of("socat", "UNIX-LISTEN:" + socket + ",fork", "TCP:" + address));
        ServerProcess inside = ServerProcess.start(
                folder.resolve("door-inside.log"),
                network.onNode(
                        "socat",
                        "TCP-LISTEN:" + server.getPort() + ",bind=" + server.getHost() + ",fork",
                        "UNIX-CONNECT:" + socket));
        Path log = folder.resolve("agent.log");
        String only = Stream.concat(
                        Stream.of("-all"), capabilities.stream().map(name -> "+" + name.toLowerCase(Locale.ROOT)))
                .collect(Collectors.joining(","));
        List<String> command = new ArrayList<>(network.onNode(
                "sh",
                "-c",
                "mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys && exec \"$@\"",
                "container",
                "setpriv",
                "--no-new-privs",
                "--inh-caps=-all",
                "--bounding-set=" + only,
                Path.of(System.getProperty("bellman.program", "bin/bellman"))
                        .toAbsolutePath()
                        .toString(),
                "agent"));
        command.addAll(options);
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("KUBECONFIG", kubeconfig.toString());
        AgentProcess agent =
                new AgentProcess(network, List.of(inside, outside), ServerProcess.start(log, command, variables));
        agent.awaitReady();
        return agent;
    }

    private void awaitReady() {
        Lab.await(START_LIMIT, () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException(process.report());
            }
            if (Shell.run(
                                    Map.of(),
                                    network.onNode(
                                            "curl",
                                            "--silent",
                                            "--fail",
                                            "--max-time",
                                            "2",
                                            "http://127.0.0.1:9479/q/health/ready"))
                            .exitCode()
                    != 0) {
                throw new IllegalStateException("the agent is not ready\n" + log());
            }
        });
    }

    public String log() {
        return process.log();
    }

    @Override
    public void close() {
        process.close();
        doors.forEach(ServerProcess::close);
    }
}
