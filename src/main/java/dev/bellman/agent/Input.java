package dev.bellman.agent;

import dev.bellman.plan.NodeState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a source saw.
///
/// @param state what the node should do, or null where nothing could be made of what was read: then all stays
/// as it is
/// @param problems why it is not, or not all, of what was read, each a line for people
public record Input(@Nullable NodeState state, List<String> problems) {
    public Input {
        problems = List.copyOf(problems);
    }
}
