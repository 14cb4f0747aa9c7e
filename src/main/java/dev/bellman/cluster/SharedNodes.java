package dev.bellman.cluster;

import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Sequence;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/// Nodes of which equal ones are held once, for as long as somebody holds them.
final class SharedNodes {
    private final Map<Node, WeakReference<Node>> nodes = new WeakHashMap<>();

    /// A node that is equal, with equal parts in place of its own: mappings, sequences and the items of sequences.
    synchronized Node share(Node node) {
        Node parts = switch (node) {
            case Mapping mapping ->
                new Mapping(
                        mapping.entries().stream()
                                .map(entry -> entry.value() instanceof Sequence
                                        ? new Mapping.Entry(entry.key(), share(entry.value()))
                                        : entry)
                                .toList(),
                        mapping.empty(),
                        mapping.span());
            case Sequence sequence ->
                new Sequence(sequence.items().stream().map(this::share).toList(), sequence.span());
            default -> node;
        };
        WeakReference<Node> known = nodes.get(parts);
        @Nullable Node found = known == null ? null : known.get();
        if (found == null) {
            nodes.put(parts, new WeakReference<>(parts));
            return parts;
        }
        return found;
    }
}
