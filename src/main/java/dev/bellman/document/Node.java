package dev.bellman.document;

import dev.bellman.diagnostic.Span;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One value of a manifest and the text that it was written as.
public sealed interface Node permits Mapping, Sequence, Scalar {
    /// Where the value is written. An alias has the place of the alias, a mapping or sequence that of its first to its
    /// last character.
    Span span();

    /// The JSON type, as the API server's messages name it: `object`, `array`, `string`, `integer`, `number`,
    /// `boolean` or `null`.
    String type();

    /// The node at a path of keys, or null when a step is absent or not a mapping.
    default @Nullable Node at(String... path) {
        return at(Arrays.asList(path));
    }

    default @Nullable Node at(List<String> path) {
        Node node = this;
        for (String key : path) {
            if (!(node instanceof Mapping mapping)) {
                return null;
            }
            node = mapping.get(key);
            if (node == null) {
                return null;
            }
        }
        return node;
    }

    /// The items of the sequence at a path, or none when there is none.
    default List<Node> items(String... path) {
        return at(path) instanceof Sequence sequence ? sequence.items() : List.of();
    }

    /// The string at a path, or null when there is none or it is not a string.
    default @Nullable String text(String... path) {
        return at(path) instanceof Scalar scalar && scalar.value() instanceof String string ? string : null;
    }
}
