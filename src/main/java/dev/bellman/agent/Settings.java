package dev.bellman.agent;

import java.nio.file.Path;
import java.time.Duration;

/// How an agent works.
///
/// @param runDir where it keeps what has to survive it
/// @param overlap how long a node goes on announcing an address whose last endpoint moved to another node
/// @param settle how long the rules of a withdrawn address stay
/// @param patience how long a new address waits at most for rules that somebody else programs
/// @param check how often it looks whether kernel and speaker are still as they should be
public record Settings(
        String node,
        Path runDir,
        Duration overlap,
        Duration settle,
        Duration patience,
        Duration check,
        OnShutdown onShutdown) {
    public static final Duration OVERLAP = Duration.ofSeconds(3);
    public static final Duration SETTLE = Duration.ofSeconds(1);

    /// Longer than kube-proxy takes, which gathers changes for a second. Shorter than the overlap: where rules are
    /// never found, the node that a pod moves to must be heard before the one that it left withdraws.
    public static final Duration PATIENCE = Duration.ofSeconds(2);

    public static final Duration CHECK = Duration.ofSeconds(5);

    /// What happens to rules and routes when the agent is asked to end.
    public enum OnShutdown {
        /// They stay, so that a new version takes over without a gap.
        KEEP,
        /// The node announces nothing any more; its rules stay, for connections that are there.
        WITHDRAW
    }
}
