package dev.bellman.agent;

import dev.bellman.address.Cidr;
import dev.bellman.plan.NodeState;
import dev.bellman.plan.RouteAttributes;
import java.util.List;
import java.util.NavigableMap;

/// What announces prefixes to the network for a node.
public interface Speaker extends AutoCloseable {
    /// The prefixes that a plan wants announced with the endpoints as they are.
    NavigableMap<Cidr, RouteAttributes> wanted(NodeState state);

    /// The prefixes that the network may hear of the node since before the first [#announce]: those that the agent
    /// before this one left. Their attributes are those that the plan has for them now, if any.
    ///
    /// @throws AgentException if it cannot be told
    NavigableMap<Cidr, RouteAttributes> inherited(NodeState state);

    /// Sees to it that just these prefixes are announced, to the peers of the plan. Asking again for the same
    /// repairs what has become different, such as a speaker that died.
    ///
    /// @throws AgentException if it cannot be done, in which case what was announced before still is, if anything
    Announcement announce(NodeState state, NavigableMap<Cidr, RouteAttributes> routes);

    /// @param done what was done about it, for people; empty if nothing had to be
    /// @param isTold whether peers know by now, if they listen. While a speaker recovers they do not: they keep
    /// what they heard before it died until it has said all
    record Announcement(List<String> done, boolean isTold) {
        static final Announcement NOTHING = new Announcement(List.of(), true);

        public Announcement {
            done = List.copyOf(done);
        }
    }

    /// What it says of itself.
    ///
    /// @throws AgentException if it does not answer
    Report report();

    /// @param announced the prefixes that it announces now to at least one peer, sorted
    record Report(boolean running, List<Session> sessions, List<Cidr> announced) {
        public static final Report NONE = new Report(false, List.of(), List.of());

        public Report {
            sessions = List.copyOf(sessions);
            announced = List.copyOf(announced);
        }
    }

    /// @param state `Established`, or BGP's or BIRD's word for what it is instead
    /// @param detail why it is not established, or empty
    record Session(String peer, boolean established, String state, String detail) {}

    /// Lets go of it, which goes on announcing.
    @Override
    void close();
}
