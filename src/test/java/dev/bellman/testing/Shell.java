package dev.bellman.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Programs that a test runs to their end.
public final class Shell {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    private Shell() {}

    /// What a program said when it had ended.
    public record Result(List<String> command, int exitCode, String stdout, String stderr) {
        /// @return what it wrote, where it ended well
        public String output() {
            if (exitCode != 0) {
                throw new IllegalStateException(this.toString());
            }
            return stdout;
        }

        @Override
        public String toString() {
            return String.join(" ", command) + " ended with " + exitCode + "\n" + stdout + stderr;
        }
    }

    public static Result run(Map<String, String> environment, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        try {
            return run(builder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while it ran: " + String.join(" ", command), e);
        }
    }

    private static Result run(ProcessBuilder builder) throws IOException, InterruptedException {
        // Into files: a pipe that fills up while the other one is read would stop both programs.
        Path stdout = Files.createTempFile("bellman-", ".out");
        Path stderr = Files.createTempFile("bellman-", ".err");
        try {
            Process process = builder.redirectOutput(stdout.toFile())
                    .redirectError(stderr.toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        "not done after " + LIMIT.toSeconds() + " s: " + String.join(" ", builder.command()));
            }
            return new Result(
                    List.copyOf(builder.command()),
                    process.exitValue(),
                    Files.readString(stdout),
                    Files.readString(stderr));
        } finally {
            Files.delete(stdout);
            Files.delete(stderr);
        }
    }
}
