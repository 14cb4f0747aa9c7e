package dev.bellman.document;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Nodes as maps, lists and scalars, without their places, in the order in which they were written.
public final class Plain {
    private Plain() {}

    public static @Nullable Object of(Node node) {
        return switch (node) {
            case Mapping mapping -> of(mapping);
            case Sequence sequence -> {
                List<@Nullable Object> items = new ArrayList<>();
                sequence.items().forEach(item -> items.add(of(item)));
                yield items;
            }
            case Scalar scalar -> scalar.value();
        };
    }

    public static Map<String, @Nullable Object> of(Mapping mapping) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        mapping.entries().forEach(entry -> map.put(entry.name(), of(entry.value())));
        return map;
    }
}
