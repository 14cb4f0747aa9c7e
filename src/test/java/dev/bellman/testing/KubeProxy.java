package dev.bellman.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The real kube-proxy in iptables mode for one node, in a network namespace of its own.
///
/// The namespace has nothing but its loopback interface; two relays over a Unix socket lead to the API server,
/// on the port that it has outside, so that no address of the machine is touched.
public final class KubeProxy implements AutoCloseable {
    private final String namespace;
    private final Path folder;
    private final List<ServerProcess> processes = new ArrayList<>();

    private KubeProxy(String namespace, Path folder) {
        this.namespace = namespace;
        this.folder = folder;
    }

    /// @param node the node whose rules it makes; it waits until that Node exists and has an address
    public static KubeProxy start(KubeApiServer server, String node, String clusterCidr) {
        KubeProxy proxy = null;
        try {
            Path folder = Files.createTempDirectory("bellman-kube-proxy-");
            proxy = new KubeProxy("bellman-t-kp-" + ProcessHandle.current().pid(), folder);
            proxy.run("ip", "netns", "add", proxy.namespace);
            proxy.inside("ip", "link", "set", "lo", "up");
            String port = Integer.toString(server.url().getPort());
            Path socket = folder.resolve("api");
            proxy.serve(
                    "relay-outside", List.of(), "socat", "UNIX-LISTEN:" + socket + ",fork", "TCP:127.0.0.1:" + port);
            proxy.serve(
                    "relay-inside",
                    proxy.prefix(),
                    "socat",
                    "TCP-LISTEN:" + port + ",bind=127.0.0.1,reuseaddr,fork",
                    "UNIX-CONNECT:" + socket);
            proxy.serve(
                    "kube-proxy",
                    proxy.prefix(),
                    TestEnvironment.program("kube-proxy").toString(),
                    "--kubeconfig=" + server.kubeconfig(),
                    "--hostname-override=" + node,
                    "--proxy-mode=iptables",
                    "--cluster-cidr=" + clusterCidr,
                    // Not writable in a namespace, and kube-proxy ends where it cannot set them.
                    "--conntrack-max-per-core=0",
                    "--conntrack-tcp-timeout-established=0",
                    "--conntrack-tcp-timeout-close-wait=0");
            return proxy;
        } catch (IOException e) {
            proxy.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            if (proxy != null) {
                proxy.close();
            }
            throw e;
        }
    }

    /// What `iptables-save` (or `ip6tables-save`) prints there.
    public String saved(String program) {
        return inside(program);
    }

    /// What the processes said last, for a test that failed.
    public String report() {
        return String.join("\n", processes.stream().map(ServerProcess::report).toList());
    }

    private List<String> prefix() {
        return List.of("ip", "netns", "exec", namespace);
    }

    private void serve(String name, List<String> prefix, String... command) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(List.of(command));
        processes.add(ServerProcess.start(folder.resolve(name + ".log"), all));
    }

    private String inside(String... command) {
        List<String> all = new ArrayList<>(prefix());
        all.addAll(List.of(command));
        return run(all.toArray(String[]::new));
    }

    private String run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(folder.resolve("stderr").toFile())
                    .start();
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new IllegalStateException(String.join(" ", command) + " ended with " + code + ": "
                        + Files.readString(folder.resolve("stderr")));
            }
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while it ran: " + String.join(" ", command), e);
        }
    }

    @Override
    public void close() {
        processes.reversed().forEach(ServerProcess::close);
        run("ip", "netns", "del", namespace);
    }
}
