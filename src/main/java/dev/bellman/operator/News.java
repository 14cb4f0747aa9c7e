package dev.bellman.operator;

import dev.bellman.cluster.Conditions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is new about an object: each condition that became worse or another kind of bad, and each that is well again.
///
/// What is not known yet, as while agents are at it, is neither; it is well again once the condition holds.
///
/// @param known what is known of each condition now, by its type
/// @param sayings what is to be said
record News(Map<String, Known> known, List<Saying> sayings) {
    /// Reasons for which an object that is wrong, or that names what is not there, is not carried out.
    private static final Set<String> FOLLOWING = Set.of(Verdict.NOTHING_TO_DO, Verdict.NOT_IN_FORCE);

    /// @param bad whether it did not hold, and has not held since
    /// @param text all that it says, or empty where another condition says it already
    record Known(boolean bad, String text) {}

    /// @param bad whether it is for the worse
    record Saying(boolean bad, String reason, String message) {}

    /// @param before what is known of the object's conditions
    /// @param conditions as they are now
    static News of(Map<String, Known> before, @Nullable Object conditions) {
        Map<String, Known> known = new LinkedHashMap<>();
        List<Saying> sayings = new ArrayList<>();
        for (Map<?, ?> condition : all(conditions)) {
            String type = word(condition, "type");
            Known last = before.getOrDefault(type, new Known(false, ""));
            String status = word(condition, "status");
            boolean bad = status.equals("False");
            String text = follows(condition, conditions)
                    ? ""
                    : String.join(" ", status, word(condition, "reason"), word(condition, "message"));
            known.put(type, new Known(bad || (last.bad() && !status.equals("True")), text));
            boolean worse = bad && !text.isEmpty() && !text.equals(last.text());
            boolean better = status.equals("True") && last.bad();
            if (worse || better) {
                sayings.add(new Saying(bad, word(condition, "reason"), message(condition)));
            }
        }
        return new News(known, sayings);
    }

    /// What a status tells of what was known when it was written.
    static Map<String, Known> knownOf(@Nullable Object conditions) {
        return of(Map.of(), conditions).known();
    }

    /// Ready says what others do.
    private static List<Map<?, ?>> all(@Nullable Object conditions) {
        List<Map<?, ?>> all = new ArrayList<>();
        if (conditions instanceof List<?> list) {
            for (Object item : list) {
                if (item instanceof Map<?, ?> condition && !"Ready".equals(condition.get("type"))) {
                    all.add(condition);
                }
            }
        }
        return all;
    }

    /// Whether another condition says it already.
    private static boolean follows(Map<?, ?> condition, @Nullable Object conditions) {
        return FOLLOWING.contains(word(condition, "reason"))
                && (isNotTrue(conditions, "Accepted") || isNotTrue(conditions, "ResolvedRefs"));
    }

    private static boolean isNotTrue(@Nullable Object conditions, String type) {
        Map<?, ?> condition = Conditions.find(conditions, type);
        return condition != null && !"True".equals(condition.get("status"));
    }

    private static String message(Map<?, ?> condition) {
        String message = word(condition, "message");
        if (!message.isEmpty()) {
            return message;
        }
        String type = word(condition, "type");
        return switch (type) {
            case "Accepted" -> "nothing is wrong with it any more";
            case "ResolvedRefs" -> "all that it names is there now";
            default -> type + " is " + word(condition, "status");
        };
    }

    private static String word(Map<?, ?> condition, String key) {
        return String.valueOf(condition.get(key));
    }
}
