package dev.bellman.agent;

import dev.bellman.address.Cidr;
import dev.bellman.plan.NodeState;
import java.util.List;
import java.util.NavigableMap;

/// How far a node is with its plan: what is wanted, what the kernel and the speaker say, and what is in the way.
///
/// @param ready whether the plan has been carried out at least once since the agent began
/// @param inputProblems why the newest input is not what is carried out; empty if it is
/// @param mode Disabled, Verify or Program
/// @param rules by IP family
/// @param intended the prefixes to announce
/// @param waiting those of them that are not announced before their rules are in
/// @param leaving prefixes that are announced for a moment longer, while another node takes over
/// @param errors what did not work the last time it was tried
/// @param version which plan it is about
public record Status(
        String node,
        boolean ready,
        List<String> inputProblems,
        String mode,
        NavigableMap<String, Rules> rules,
        List<Cidr> intended,
        List<Cidr> waiting,
        List<Cidr> leaving,
        Speaker.Report speaker,
        List<String> errors,
        NodeState.Version version) {
    public Status {
        inputProblems = List.copyOf(inputProblems);
        intended = List.copyOf(intended);
        waiting = List.copyOf(waiting);
        leaving = List.copyOf(leaving);
        errors = List.copyOf(errors);
    }

    /// @param intended a hash of the rules that should be there
    /// @param programmed a hash of those that the agent loaded or, verifying, found; empty if it did neither
    /// @param drift what is different in the kernel
    public record Rules(String intended, String programmed, List<String> drift) {
        public Rules {
            drift = List.copyOf(drift);
        }
    }

    /// Whether the network hears what it should.
    public boolean inSync() {
        return ready
                && errors.isEmpty()
                && waiting.isEmpty()
                && rules.values().stream().allMatch(one -> one.drift().isEmpty());
    }
}
