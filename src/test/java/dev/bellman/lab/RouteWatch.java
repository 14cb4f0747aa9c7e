package dev.bellman.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.testing.Lab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Every change of the bastion's routes, as its kernel tells of them.
///
/// Marks of our own, at the beginning and at the end, show that the kernel was listened to all the time between.
final class RouteWatch implements AutoCloseable {
    private static final String BEGIN = "198.51.100.1";
    private static final String END = "198.51.100.2";

    private final Lab lab;
    private final Path heard;
    private final String pid;

    RouteWatch(Lab lab) {
        this.lab = lab;
        try {
            this.heard = Files.createTempFile("bellman-", ".routes");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.pid = lab.ask(
                        Lab.BASTION,
                        "sh",
                        "-c",
                        "ip -o monitor route >\"$1\" 2>&1 </dev/null & echo $!",
                        "-",
                        heard.toString())
                .strip();
        Lab.await(() -> mark(BEGIN));
    }

    private void mark(String address) {
        for (String what : List.of("replace", "delete")) {
            lab.ask(Lab.BASTION, "ip", "route", what, "blackhole", address);
        }
        assertThat(lines()).anyMatch(line -> line.contains(address));
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(heard);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What was changed until now.
    List<String> changes() {
        Lab.await(() -> mark(END));
        return lines().stream()
                .filter(line -> !line.contains(BEGIN) && !line.contains(END))
                .toList();
    }

    @Override
    public void close() {
        lab.run(Lab.BASTION, "kill", pid);
        try {
            Files.delete(heard);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
