package dev.bellman.agent;

import java.util.List;

/// BIRD's answer to a command.
///
/// @param lines at least one
public record BirdReply(List<Line> lines) {
    private static final int FAILURES = 8000;

    public BirdReply {
        lines = List.copyOf(lines);
    }

    /// @param code 0xxx for success, 1xxx and 2xxx for data, 8xxx for a failure, 9xxx for a command that is none
    public record Line(int code, String text) {}

    public boolean ok() {
        return lines.stream().noneMatch(line -> line.code() >= FAILURES);
    }

    /// What BIRD says is wrong, or empty text.
    public String complaint() {
        return lines.stream()
                .filter(line -> line.code() >= FAILURES)
                .map(Line::text)
                .findFirst()
                .orElse("");
    }
}
