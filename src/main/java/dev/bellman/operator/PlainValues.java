package dev.bellman.operator;

import dev.bellman.document.Node;
import dev.bellman.document.Plain;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Compares values of JSON. Numbers are compared by what they count, since the client reads one as an Integer that
/// the plan holds as a Long.
final class PlainValues {
    private PlainValues() {}

    static boolean same(Node one, Node other) {
        return same(Plain.of(one), Plain.of(other));
    }

    static boolean same(@Nullable Object one, @Nullable Object other) {
        return covers(one, other) && covers(other, one);
    }

    /// Whether all that is wanted is there; maps may hold more, such as what the API server fills in.
    static boolean covers(@Nullable Object present, @Nullable Object wanted) {
        return switch (wanted) {
            case Map<?, ?> map ->
                present instanceof Map<?, ?> there
                        && map.entrySet().stream()
                                .allMatch(entry -> covers(there.get(entry.getKey()), entry.getValue()));
            case List<?> list -> present instanceof List<?> there && sameItems(there, list);
            case Number number -> present instanceof Number there && there.longValue() == number.longValue();
            case null -> present == null;
            default -> Objects.equals(present, wanted);
        };
    }

    private static boolean sameItems(List<?> present, List<?> wanted) {
        if (present.size() != wanted.size()) {
            return false;
        }
        for (int i = 0; i < wanted.size(); i++) {
            if (!covers(present.get(i), wanted.get(i))) {
                return false;
            }
        }
        return true;
    }
}
