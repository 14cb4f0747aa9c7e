package dev.bellman.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// A node and a router on one wire, each in a network namespace, and the real BIRD on the router. What the
/// router has is asked of the kernel and of BIRD by their own tools.
///
/// It needs root, iproute2 and BIRD 2, and fails without them. Nothing of it is left behind, however the test
/// ends.
public final class NodeAndRouter implements AutoCloseable {
    public static final String NODE_IPV4 = "10.0.1.30";
    public static final String NODE_IPV6 = "fd00:10:0:1::30";
    public static final String ROUTER_IPV4 = "10.0.1.10";
    public static final String ROUTER_IPV6 = "fd00:10:0:1::10";

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Path folder;
    private final String node;
    private final String router;
    private final Process guard;
    private final List<Process> watchers = new ArrayList<>();

    private NodeAndRouter(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        String name = "bellman-t-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
        node = name + "n";
        router = name + "r";
        guard = guard();
    }

    /// @param folder for the router's files
    public static NodeAndRouter start(Path folder) throws IOException {
        NodeAndRouter both = new NodeAndRouter(folder);
        boolean up = false;
        try {
            both.build();
            up = true;
            return both;
        } finally {
            if (!up) {
                both.close();
            }
        }
    }

    private void build() {
        run("ip", "netns", "add", node);
        run("ip", "netns", "add", router);
        run("ip", "link", "add", "ens5", "netns", node, "type", "veth", "peer", "name", "ens5", "netns", router);
        for (List<String> end :
                List.of(List.of(node, NODE_IPV4, NODE_IPV6), List.of(router, ROUTER_IPV4, ROUTER_IPV6))) {
            String namespace = end.getFirst();
            run("ip", "-n", namespace, "link", "set", "lo", "up");
            run("ip", "-n", namespace, "link", "set", "ens5", "up");
            run("ip", "-n", namespace, "addr", "add", end.get(1) + "/24", "dev", "ens5");
            run("ip", "-n", namespace, "addr", "add", end.get(2) + "/64", "dev", "ens5", "nodad");
        }
    }

    /// Starts the router's BIRD.
    ///
    /// @param sessions its `protocol bgp`, without those braces around
    public void route(String... sessions) throws IOException {
        StringBuilder config = new StringBuilder("""
                log "%1$s/router.log" all;
                router id %2$s;
                protocol device {}
                protocol direct { ipv4; ipv6; }
                protocol kernel kernel4 { ipv4 { export where source = RTS_BGP; }; merge paths on; }
                protocol kernel kernel6 { ipv6 { export where source = RTS_BGP; }; merge paths on; }
                template bgp node {
                  connect delay time 1;
                  error wait time 1, 2;
                  graceful restart on;
                  ipv4 { import all; export none; };
                  ipv6 { import all; export none; };
                }
                """.formatted(folder, ROUTER_IPV4));
        for (String session : sessions) {
            config.append("protocol bgp from node {\n").append(session).append("\n}\n");
        }
        Path file = Files.writeString(folder.resolve("router.conf"), config);
        run(inRouter(
                "bird",
                "-c",
                file.toString(),
                "-s",
                socket(),
                "-P",
                folder.resolve("router.pid").toString()));
    }

    private String socket() {
        return folder.resolve("router.ctl").toString();
    }

    /// What it takes to run a program on the node.
    public List<String> onNode(String... command) {
        List<String> full = new ArrayList<>(List.of("ip", "netns", "exec", node));
        full.addAll(List.of(command));
        return full;
    }

    private String[] inRouter(String... command) {
        List<String> full = new ArrayList<>(List.of("ip", "netns", "exec", router));
        full.addAll(List.of(command));
        return full.toArray(String[]::new);
    }

    /// What the router's BIRD knows of a prefix, all paths and their attributes; empty if it has no route for it.
    public String known(String prefix) {
        Shell.Result result =
                Shell.run(Map.of(), List.of("birdc", "-s", socket(), "show route for " + prefix + " all"));
        if (result.stdout().contains("Network not found")) {
            return "";
        }
        return result.output().contains(prefix) ? result.output() : "";
    }

    /// The route that the router's kernel has for a prefix, or empty text.
    public String installed(String prefix) {
        String family = prefix.contains(":") ? "-6" : "-4";
        return run("ip", family, "-n", router, "route", "show", prefix).strip();
    }

    public String neighbours() {
        // BIRD works the time out anew whenever it is asked, and may be a millisecond off.
        return run("birdc", "-s", socket(), "show protocols").replaceAll("(:\\d\\d)\\.\\d{3}", "$1");
    }

    /// Writes down each change of the router's routes from now on, into a file.
    public Path watchRoutes() throws IOException {
        Path file = folder.resolve("routes-" + watchers.size() + ".log");
        Process watcher = new ProcessBuilder(inRouter("ip", "-o", "monitor", "route"))
                .redirectOutput(file.toFile())
                .redirectErrorStream(true)
                .start();
        watchers.add(watcher);
        // It listens once it sees a change that is made for it to see.
        until(() -> "the monitor sees nothing", () -> {
            run("ip", "-n", router, "route", "replace", "blackhole", "192.0.2.255/32");
            run("ip", "-n", router, "route", "del", "blackhole", "192.0.2.255/32");
            return text(file).contains("192.0.2.255");
        });
        return file;
    }

    public static void until(Supplier<String> otherwise, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not after " + PATIENCE.toSeconds() + " s: " + otherwise.get());
            }
            Thread.onSpinWait();
        }
    }

    /// Waits for a route in the router's kernel.
    public void untilInstalled(String prefix, String... parts) {
        until(
                () -> prefix + " is not as expected on the router:\n" + installed(prefix) + "\n" + known(prefix)
                        + neighbours() + text(folder.resolve("router.log")),
                () -> {
                    String route = installed(prefix);
                    return !route.isEmpty() && List.of(parts).stream().allMatch(route::contains);
                });
    }

    public void untilGone(String prefix) {
        until(
                () -> "the router still has " + installed(prefix),
                () -> installed(prefix).isEmpty());
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String run(String... command) {
        return Shell.run(Map.of(), List.of(command)).output();
    }

    /// Ends what runs in the namespaces and removes them when its input ends: at [#close], or when the kernel
    /// closes the pipe of a JVM that was killed.
    private Process guard() throws IOException {
        String script = """
                trap '' HUP INT TERM
                read -r _
                for namespace in "$@"; do
                    [ -e "/run/netns/$namespace" ] || continue
                    for pid in $(ip netns pids "$namespace"); do kill -9 "$pid"; done
                    ip netns delete "$namespace"
                done
                """;
        return new ProcessBuilder("sh", "-c", script, "guard", node, router)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Override
    public void close() {
        watchers.forEach(Process::destroy);
        try {
            guard.getOutputStream().close();
            guard.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
