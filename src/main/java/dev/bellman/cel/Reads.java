package dev.bellman.cel;

import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The nodes that one evaluation looked at, in order. Since CEL stops as soon as the result is settled, the last leaf
/// that it read is the one that settled it.
public final class Reads {
    private final List<Node> nodes = new ArrayList<>();

    Reads() {}

    void add(Node node) {
        nodes.add(node);
    }

    /// A key was looked for in a mapping that lacks it.
    void absent(Mapping mapping) {
        nodes.add(mapping);
    }

    /// Every node that was read, in order. A mapping stands for itself or for a key that it lacks.
    public List<Node> nodes() {
        return List.copyOf(nodes);
    }

    /// The leaf, or the mapping that lacks a key, that was read last; null if nothing was.
    public @Nullable Node decisive() {
        return nodes.isEmpty() ? null : nodes.getLast();
    }

    /// The last leaf read, whatever came after it.
    public @Nullable Node lastLeaf() {
        return nodes.reversed().stream()
                .filter(Scalar.class::isInstance)
                .findFirst()
                .orElse(null);
    }
}
