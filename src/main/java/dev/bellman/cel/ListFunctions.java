package dev.bellman.cel;

import dev.bellman.cel.Library.Function;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import java.util.Comparator;
import java.util.List;

/// Kubernetes' list functions (`apiserver/pkg/cel/library/lists.go`).
final class ListFunctions {
    private static final ListType LIST = ListType.create(SimpleType.DYN);

    private ListFunctions() {}

    static List<Function> all() {
        return List.of(
                Function.member("isSorted", SimpleType.BOOL, LIST, List.class, a -> isSorted((List<?>) a[0])),
                Function.member("sum", SimpleType.DYN, LIST, List.class, a -> sum((List<?>) a[0])),
                Function.member("min", SimpleType.DYN, LIST, List.class, a -> best((List<?>) a[0], "min", -1)),
                Function.member("max", SimpleType.DYN, LIST, List.class, a -> best((List<?>) a[0], "max", 1)),
                Function.member("indexOf", SimpleType.INT, LIST, List.class, SimpleType.DYN, Object.class, a ->
                        (long) ((List<?>) a[0]).indexOf(a[1])),
                Function.member("lastIndexOf", SimpleType.INT, LIST, List.class, SimpleType.DYN, Object.class, a ->
                        (long) ((List<?>) a[0]).lastIndexOf(a[1])));
    }

    private static boolean isSorted(List<?> list) {
        for (int i = 1; i < list.size(); i++) {
            if (compare(list.get(i - 1), list.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    private static Object best(List<?> list, String name, int direction) {
        return list.stream()
                .map(Object.class::cast)
                .max(Comparator.comparing(item -> item, (a, b) -> direction * compare(a, b)))
                .orElseThrow(() -> new IllegalArgumentException(name + " called on empty list"));
    }

    private static Object sum(List<?> list) {
        boolean integers = list.stream().allMatch(Long.class::isInstance);
        if (integers) {
            return list.stream().mapToLong(Long.class::cast).reduce(0L, Math::addExact);
        }
        return list.stream().mapToDouble(item -> number(item).doubleValue()).sum();
    }

    private static Number number(Object item) {
        if (item instanceof Number number) {
            return number;
        }
        throw new IllegalArgumentException(
                "no such overload: sum of " + item.getClass().getSimpleName());
    }

    private static int compare(Object a, Object b) {
        if (a instanceof Long one && b instanceof Long other) {
            return one.compareTo(other);
        }
        if (a instanceof Number one && b instanceof Number other) {
            return Double.compare(one.doubleValue(), other.doubleValue());
        }
        if (a instanceof String one && b instanceof String other) {
            return one.compareTo(other);
        }
        if (a instanceof Boolean one && b instanceof Boolean other) {
            return one.compareTo(other);
        }
        throw new IllegalArgumentException("no such overload: items cannot be compared");
    }
}
