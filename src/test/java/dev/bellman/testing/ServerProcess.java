package dev.bellman.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A server that a test runs, its log in a file, and which does not outlive the test JVM however that ends.
final class ServerProcess implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final int TAIL = 20;

    private final String name;
    private final Path log;
    private final Process process;
    private final Process guard;

    private ServerProcess(String name, Path log, Process process, Process guard) {
        this.name = name;
        this.log = log;
        this.process = process;
        this.guard = guard;
    }

    static ServerProcess start(Path log, List<String> command) {
        return start(log, command, Map.of());
    }

    /// @param environment beside the test's own
    static ServerProcess start(Path log, List<String> command, Map<String, String> environment) {
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            String name = Path.of(command.getFirst()).getFileName().toString();
            return new ServerProcess(name, log, process, guard(process));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A shutdown hook does not run when the JVM is killed, but the kernel then closes the pipe that this shell reads.
    /// It outlives Ctrl-C, which a terminal sends to all of them at once.
    private static Process guard(Process process) throws IOException {
        String script = "trap '' HUP INT TERM; read -r _; kill -9 \"$0\"";
        Process guard = new ProcessBuilder("sh", "-c", script, Long.toString(process.pid()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.onExit().thenRun(guard::destroyForcibly);
        return guard;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// Waits, but not longer than the server lives.
    ///
    /// @return whether the server has ended
    boolean endsWithin(Duration time) throws InterruptedException {
        return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    boolean lostItsPort() {
        return !isAlive() && log().contains("address already in use");
    }

    /// What to show a person when the server did not do what it should.
    String report() {
        List<String> lines = log().lines().toList();
        String tail = String.join("\n    ", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
        String state = isAlive() ? "runs" : "ended with exit code " + process.exitValue();
        return name + " " + state + "; the last lines of " + log + ":\n    " + tail;
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!endsWithin(GRACE)) {
                process.destroyForcibly().waitFor();
            }
            guard.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            guard.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
