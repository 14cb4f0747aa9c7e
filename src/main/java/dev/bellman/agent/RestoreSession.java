package dev.bellman.agent;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// An iptables-restore that takes one change after the other.
///
/// One that is run for a single change spends most of its time on its start, and on its end: the kernel lets go of a
/// program that changed rules only when it has freed those that were replaced, for which it waits until no packet
/// can see them. The change itself is in effect long before.
///
/// It is the iptables of nf_tables, version 1.8 and newer: that one forgets what it knows of the kernel after each
/// COMMIT, and with `--verbose` it repeats comments as it comes to them, which says how far it is. It must be fed with
/// so little at a time that what it says about it fits into a pipe.
final class RestoreSession implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private int loads;

    /// @param command of an `iptables-restore --noflush`
    /// @throws AgentException if it cannot be started
    RestoreSession(List<String> command) {
        List<String> all = new ArrayList<>(command);
        all.add("--verbose");
        try {
            this.process = new ProcessBuilder(all).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new AgentException("cannot run " + command.getFirst() + ": " + e.getMessage(), e);
        }
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /// How many changes it has carried out.
    int loads() {
        return loads;
    }

    /// Whether it can be given another change.
    boolean isAlive() {
        return process.isAlive();
    }

    /// @param input whole tables, each with its COMMIT
    /// @param limit how long that may take
    /// @throws AgentException if it is refused or takes longer; the session is over then
    void load(String input, Duration limit) {
        String mark = "# loaded " + ++loads;
        CompletableFuture<Void> done = new CompletableFuture<>();
        done.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS).exceptionally(_ -> {
            process.destroyForcibly();
            return null;
        });
        try {
            List<String> said = answer(input + mark + "\n", mark);
            if (done.isDone()) {
                throw new AgentException("no answer after " + limit.toMillis() + " ms");
            }
            if (!said.isEmpty()) {
                throw new AgentException(String.join(" ", said));
            }
        } finally {
            done.complete(null);
        }
    }

    /// @return what it said instead of the mark
    private List<String> answer(String input, String mark) {
        List<String> said = new ArrayList<>();
        try {
            feed(input);
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                if (line.equals(mark)) {
                    return List.of();
                }
                said.add(line);
            }
        } catch (IOException e) {
            said.add(String.valueOf(e.getMessage()));
        }
        close();
        return said.isEmpty() ? List.of("it ended without a word") : said;
    }

    /// One that ends before it has read everything says why.
    private void feed(String input) {
        try {
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            return;
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
