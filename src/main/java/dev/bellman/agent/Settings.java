package dev.bellman.agent;

import java.nio.file.Path;
import java.time.Duration;

/// How an agent works.
///
/// @param runDir where it keeps what has to survive it
/// @param overlap how long a node goes on announcing an address whose last endpoint moved to another node
/// @param settle how long the rules of a withdrawn address stay
/// @param check how often it looks whether kernel and speaker are still as they should be
public record Settings(
        String node, Path runDir, Duration overlap, Duration settle, Duration check, OnShutdown onShutdown) {
    public static final Duration OVERLAP = Duration.ofSeconds(3);
    public static final Duration SETTLE = Duration.ofSeconds(1);
    public static final Duration CHECK = Duration.ofSeconds(5);

    /// What happens to rules and routes when the agent is asked to end.
    public enum OnShutdown {
        /// They stay, so that a new version takes over without a gap.
        KEEP,
        /// The node announces nothing any more; its rules stay, for connections that are there.
        WITHDRAW
    }
}
