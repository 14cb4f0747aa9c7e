package dev.bellman.operator;

import dev.bellman.compile.Engine;
import dev.bellman.document.Manifest;
import dev.bellman.schema.Kinds;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Judges the cluster, and only anew once something has changed that a judgement depends on. Most passes are made since
/// an agent says how far it is, or since the operator itself has written a plan or a status.
final class Judge {
    private final Engine.Memory memory = new Engine.Memory();
    private List<Manifest> judged = List.of();
    private @Nullable Judgement last;

    /// @param known as for [Judgement#of]; what a judgement found good is among it the next time, so that
    ///     it need not be compared
    Judgement of(List<Manifest> manifests, Map<String, Judgement.Good> known) {
        List<Manifest> inputs = manifests.stream()
                .filter(manifest -> !PresentPlans.isPart(manifest))
                .toList();
        Judgement before = last;
        if (before != null && areAlike(judged, inputs)) {
            return before;
        }
        Judgement judgement = Judgement.of(manifests, known, memory);
        judged = inputs;
        last = judgement;
        return judgement;
    }

    private static boolean areAlike(List<Manifest> before, List<Manifest> after) {
        if (before.size() != after.size()) {
            return false;
        }
        for (int i = 0; i < before.size(); i++) {
            if (!isAlike(before.get(i), after.get(i))) {
                return false;
            }
        }
        return true;
    }

    /// Another version of an object may be one that says the same, such as of a Node whose kubelet is alive.
    private static boolean isAlike(Manifest before, Manifest after) {
        return before.equals(after)
                || (before.group().equals(Kinds.GROUP)
                        ? before.withoutStatus().saysSameAs(after.withoutStatus())
                        : before.saysSameAs(after));
    }
}
