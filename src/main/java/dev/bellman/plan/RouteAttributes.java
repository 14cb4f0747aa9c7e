package dev.bellman.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What travels with a planned route, merged from the class's defaults and the policies.
///
/// @param communities sorted, no duplicates
public record RouteAttributes(
        List<String> communities,
        @Nullable Long localPreference,
        @Nullable Long med,
        @Nullable Long prepend) {
    public static final RouteAttributes NONE = new RouteAttributes(List.of(), null, null, null);

    public RouteAttributes {
        communities = communities.stream().distinct().sorted().toList();
    }

    public boolean isEmpty() {
        return equals(NONE);
    }
}
