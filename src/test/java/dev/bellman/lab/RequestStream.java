package dev.bellman.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.testing.Lab;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Requests that go on and on, to one address after another and each on a connection of its own.
final class RequestStream implements AutoCloseable {
    private static final String PER_SECOND = "50/s";
    private static final int MOST = 20_000;

    private static final int FIELDS = 5;
    private static final int RESET = 56;

    /// What came of one request.
    ///
    /// @param end when it was heard of
    /// @param exitCode of curl
    record Request(Instant end, int exitCode, int status, String url, String pod, double seconds) {
        boolean ok() {
            return exitCode == 0 && status == 200;
        }

        /// Whether somebody ended the connection, rather than that nobody answered.
        boolean wasReset() {
            return exitCode == RESET;
        }

        Instant begin() {
            return end.minusNanos((long) (seconds * 1_000_000_000));
        }

        static Request parse(String line) {
            String[] parts = line.split(" ", -1);
            return new Request(
                    Instant.now(),
                    Integer.parseInt(parts[0]),
                    Integer.parseInt(parts[1]),
                    parts[3],
                    parts[4],
                    Double.parseDouble(parts[2]));
        }
    }

    private final Process process;
    private final List<Request> requests = new ArrayList<>();
    private final Thread reader = new Thread(this::read, "request-stream");

    private RequestStream(Process process) {
        this.process = process;
        reader.setDaemon(true);
        reader.start();
    }

    /// Returns when each address has answered.
    static RequestStream start(Lab lab, String place, List<String> urls) {
        Path config = lab.folder().resolve("requests.conf").toAbsolutePath();
        try {
            Files.writeString(
                    config,
                    Stream.generate(() -> urls)
                            .flatMap(List::stream)
                            .limit(MOST)
                            .map(url -> "url = \"" + url + "\"\noutput = \"/dev/null\"\n")
                            .collect(Collectors.joining()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        RequestStream stream = new RequestStream(lab.spawn(
                place,
                "curl",
                "--silent",
                "--config",
                config.toString(),
                "--rate",
                PER_SECOND,
                "--max-time",
                "5",
                "--no-keepalive",
                "--header",
                "Connection: close",
                // Standard error, which curl does not hold back.
                "--write-out",
                "%{stderr}%{exitcode} %{http_code} %{time_total} %{url} %header{x-pod}\\n"));
        Lab.await(() -> assertThat(stream.soFar()).hasSizeGreaterThanOrEqualTo(urls.size()));
        return stream;
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                // The last line may lack its end, since curl is ended while it writes.
                if (line.split(" ", -1).length == FIELDS) {
                    Request request = Request.parse(line);
                    synchronized (requests) {
                        requests.add(request);
                    }
                }
                line = lines.readLine();
            }
        } catch (IOException e) {
            // It was ended while we read.
            return;
        }
    }

    List<Request> soFar() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /// Ends it.
    ///
    /// @return all requests that have come to an end
    List<Request> end() {
        assertThat(process.isAlive()).as("there were requests all the time").isTrue();
        close();
        return soFar();
    }

    @Override
    public void close() {
        process.destroy();
    }
}
