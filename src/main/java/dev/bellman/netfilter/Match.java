package dev.bellman.netfilter;

import dev.bellman.address.Cidr;
import dev.bellman.model.Protocol;
import java.util.List;

/// A condition on a packet, or a note about the rule.
public sealed interface Match {
    /// @param not whether the address must lie outside
    record Source(Cidr cidr, boolean not) implements Match {}

    /// @param not whether the address must lie outside
    record Destination(Cidr cidr, boolean not) implements Match {}

    /// The transport protocol; every rule with a port names it too.
    record Transport(Protocol protocol) implements Match {}

    record DestinationPort(Protocol protocol, int port) implements Match {}

    /// Matches everything: tells a reader what the rule is for.
    record Comment(String text) implements Match {}

    /// The source is an address of the node itself.
    record SourceIsLocal() implements Match {}

    /// The destination is an address of the node itself.
    record DestinationIsLocal() implements Match {}

    /// The state of the connection that the packet belongs to.
    ///
    /// @param states conntrack's names for them, any of which will do
    /// @param not whether it must be in none of them
    record ConnectionState(List<String> states, boolean not) implements Match {
        public ConnectionState {
            states = List.copyOf(states);
        }
    }

    /// The packet is marked for masquerading.
    ///
    /// @param not whether it must not be
    record Marked(boolean not) implements Match {}

    /// By chance, once in so many times.
    ///
    /// @param outOf 2 or more
    record Chance(int outOf) implements Match {}

    /// The client was sent to an endpoint not long ago.
    ///
    /// @param list the endpoint's chain, after which the kernel's list of its clients is called
    /// @param seconds how long ago at most
    record Recently(String list, int seconds) implements Match {}

    /// Matches everything, and remembers the client for [Recently].
    record Remember(String list) implements Match {}
}
