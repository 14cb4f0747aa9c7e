package dev.bellman.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Runs a program to its end.
final class Command {
    private static final Executor READERS = Thread::startVirtualThread;

    private Command() {}

    /// What a program said and how it ended.
    record Result(int code, String out, String err) {
        boolean ok() {
            return code == 0;
        }

        /// The program's own words on what is wrong, in one line.
        String complaint() {
            String said = err.isBlank() ? out : err;
            return said.isBlank() ? "exit code " + code : said.strip().replace('\n', ' ');
        }
    }

    /// @throws AgentException if the program cannot be started or does not end in time
    static Result run(List<String> command, String input, Duration limit) {
        return run(command, null, input, limit);
    }

    /// @param folder where the program starts, or null for the agent's own
    static Result run(List<String> command, @Nullable Path folder, String input, Duration limit) {
        String name = String.join(" ", command);
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder == null ? null : folder.toFile())
                    .start();
            try {
                CompletableFuture<String> out =
                        CompletableFuture.supplyAsync(() -> text(process.getInputStream()), READERS);
                CompletableFuture<String> err =
                        CompletableFuture.supplyAsync(() -> text(process.getErrorStream()), READERS);
                CompletableFuture<Void> in =
                        CompletableFuture.runAsync(() -> feed(process.getOutputStream(), input), READERS);
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new AgentException("no answer after " + limit.toSeconds() + " s from: " + name);
                }
                in.join();
                return new Result(process.exitValue(), out.join(), err.join());
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new AgentException("cannot run " + command.getFirst() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AgentException("interrupted while it ran: " + name, e);
        }
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A program that ends before it has read everything says why by its exit code.
    private static void feed(OutputStream stream, String input) {
        try (stream) {
            stream.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            return;
        }
    }
}
