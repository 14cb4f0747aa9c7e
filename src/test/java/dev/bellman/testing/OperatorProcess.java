package dev.bellman.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// `bellman operator` as a cluster runs it: the packaged program, in a process of its own.
public final class OperatorProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration END_LIMIT = Duration.ofSeconds(20);

    private final Path log;
    private final int port;
    private final Process process;

    private OperatorProcess(Path log, int port, Process process) {
        this.log = log;
        this.port = port;
        this.process = process;
    }

    /// Starts one and returns when it is ready.
    public static OperatorProcess start(Path kubeconfig, String... options) {
        OperatorProcess started = launch(kubeconfig, options);
        started.awaitReady();
        return started;
    }

    /// Starts one, whatever the API server has to say to it.
    public static OperatorProcess launch(Path kubeconfig, String... options) {
        return launch(kubeconfig, Map.of(), options);
    }

    /// @param environment beside the test's own
    public static OperatorProcess launch(Path kubeconfig, Map<String, String> environment, String... options) {
        try {
            int port = freePort();
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("bellman.program", "bin/bellman"))
                            .toAbsolutePath()
                            .toString(),
                    "operator"));
            command.addAll(List.of(options));
            Path log = Files.createTempFile("bellman-operator-", ".log");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            builder.environment().put("KUBECONFIG", kubeconfig.toString());
            builder.environment()
                    .merge("BELLMAN_JAVA_OPTS", "-Dquarkus.http.port=" + port, (given, ours) -> given + " " + ours);
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new OperatorProcess(log, port, process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public void awaitReady() {
        Lab.await(START_LIMIT, () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("the operator ended with " + process.exitValue() + "\n" + log());
            }
            if (status("/q/health/ready") != 200) {
                throw new IllegalStateException("the operator is not ready\n" + log());
            }
        });
    }

    /// @return the status of a GET, or 0 where nobody answers
    public int status(String path) {
        try {
            return get(path).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    /// A metric's value, or -1 where there is none.
    public double metric(String name) {
        try {
            return get("/q/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .findFirst()
                    .orElse(-1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<String> get(String path) throws IOException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            // Else the client asks to go on in HTTP/2, and now and then waits for ever for what is left
                            // of the answer, whatever its time limit.
                            .version(HttpClient.Version.HTTP_1_1)
                            .timeout(Duration.ofSeconds(5))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// As `kill -9` does.
    public void kill() {
        process.destroyForcibly();
        await();
    }

    /// As Kubernetes ends a pod.
    ///
    /// @return the exit code
    public int terminate() {
        process.destroy();
        await();
        return process.exitValue();
    }

    private void await() {
        try {
            if (!process.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        process.destroy();
        await();
        try {
            Files.deleteIfExists(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
