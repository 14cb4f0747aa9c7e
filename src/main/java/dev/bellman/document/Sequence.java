package dev.bellman.document;

import dev.bellman.diagnostic.Span;
import java.util.List;

/// An ordered list of values.
public record Sequence(List<Node> items, Span span) implements Node {
    public Sequence {
        items = List.copyOf(items);
    }

    @Override
    public String type() {
        return "array";
    }
}
