package dev.bellman.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.testing.Lab;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Every change of a namespace's routes, as `ip monitor` tells it: a route that was missing for
/// however short a time has an event that says so.
final class RouteWatch implements AutoCloseable {
    /// Nobody's, and added and deleted only to see whether all before it has been seen (RFC 5737).
    private static final String MARKER = "192.0.2.255";

    private static final Pattern NEXT_HOP = Pattern.compile(" via (\\S+)");

    /// @param line as `ip` writes it
    /// @param at when it was heard of
    /// @param prefix as `ip` writes it: a host route is only its address
    /// @param deleted whether it was missing from then on, until there is another event
    record Event(String line, Instant at, String prefix, Set<String> nextHops, boolean deleted) {
        static Event parse(String line) {
            boolean deleted = line.startsWith("Deleted ");
            String route = line.replaceFirst("^Deleted ", "").replaceFirst("^(unicast|blackhole|unreachable) ", "");
            Set<String> nextHops = new TreeSet<>();
            Matcher matcher = NEXT_HOP.matcher(route);
            while (matcher.find()) {
                nextHops.add(matcher.group(1));
            }
            return new Event(line, Instant.now(), route.split(" ", 2)[0], nextHops, deleted);
        }
    }

    private final Lab lab;
    private final String place;
    private final Process process;
    private final List<Event> events = new ArrayList<>();
    private final Thread reader = new Thread(this::read, "route-watch");

    private RouteWatch(Lab lab, String place, Process process) {
        this.lab = lab;
        this.place = place;
        this.process = process;
        reader.setDaemon(true);
        reader.start();
    }

    /// Returns when it sees changes.
    static RouteWatch start(Lab lab, String place) {
        RouteWatch watch = new RouteWatch(lab, place, lab.spawn(place, "ip", "-oneline", "monitor", "route"));
        watch.mark();
        return watch;
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                synchronized (events) {
                    events.add(Event.parse(line));
                }
                line = lines.readLine();
            }
        } catch (IOException e) {
            // It was closed while we read. Whoever asks afterwards finds its marker missing.
            return;
        }
    }

    /// Returns when all that has happened until now has been seen.
    private void mark() {
        int before = count(MARKER);
        // Asked again, since at first the monitor may not listen yet.
        Lab.await(() -> {
            lab.ask(place, "ip", "route", "replace", "blackhole", MARKER);
            lab.ask(place, "ip", "route", "delete", "blackhole", MARKER);
            assertThat(count(MARKER)).as("events that ip monitor tells").isGreaterThan(before);
        });
    }

    private int count(String prefix) {
        return events(prefix).size();
    }

    /// What has been seen of a prefix so far.
    List<Event> events(String prefix) {
        synchronized (events) {
            return events.stream()
                    .filter(event -> event.prefix().equals(prefix))
                    .toList();
        }
    }

    /// The next hops of a prefix by the last event that was seen; none if it was never seen.
    Set<String> nextHops(String prefix) {
        List<Event> seen = events(prefix);
        return seen.isEmpty() || seen.getLast().deleted()
                ? Set.of()
                : seen.getLast().nextHops();
    }

    /// All that has happened until now, to any prefix, as `ip` writes it.
    List<String> changes() {
        mark();
        synchronized (events) {
            return events.stream()
                    .filter(event -> !event.prefix().equals(MARKER))
                    .map(Event::line)
                    .toList();
        }
    }

    /// All that has happened to a prefix until now.
    List<Event> everything(String prefix) {
        mark();
        return events(prefix);
    }

    @Override
    public void close() {
        process.destroy();
    }
}
