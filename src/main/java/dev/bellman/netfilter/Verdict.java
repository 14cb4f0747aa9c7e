package dev.bellman.netfilter;

/// What a rule does with a packet.
public sealed interface Verdict {
    /// Goes on in another chain of the same table, and comes back if that decides nothing.
    record Jump(String chain) implements Verdict {}

    /// Goes back to the calling chain.
    record Return() implements Verdict {}

    record Accept() implements Verdict {}

    record Drop() implements Verdict {}

    /// Answers that the port cannot be reached.
    record Reject() implements Verdict {}

    /// Sends the connection to an endpoint.
    record Dnat(Backend to) implements Verdict {}

    /// Gives the connection an address of the node's as its source.
    ///
    /// @param fullyRandom whether the source port is drawn at random (iptables 1.6.2 and newer)
    record Masquerade(boolean fullyRandom) implements Verdict {}

    /// Marks the packet for masquerading later on.
    record SetMark() implements Verdict {}

    /// Takes that mark away, so that a packet that is encapsulated and passes again is not masqueraded twice.
    record ClearMark() implements Verdict {}

    /// Decides nothing: a note for readers.
    record None() implements Verdict {}
}
