package dev.bellman.diagnostic;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What somebody meant who wrote a name that does not exist.
///
/// @param names the known names that are equally near, in the order known, and no more than help; empty when none is
/// near
public record Nearest(List<String> names) {
    /// More known names than this are no help to a reader.
    private static final int MOST_LISTED = 12;

    /// More that may have been meant are none either.
    private static final int MOST_MEANT = 3;

    private static final int FARTHEST = 2;

    /// A name is near when at most two slips of the keyboard (a letter wrong, missing, too many, or two swapped) lie
    /// between, and more than half of it is right. A wrong capital alone is the nearest slip of all.
    public static Nearest to(String written, Collection<String> known) {
        List<String> sameLetters =
                known.stream().filter(written::equalsIgnoreCase).toList();
        if (!sameLetters.isEmpty()) {
            return new Nearest(sameLetters);
        }
        for (int slips = 1; slips <= FARTHEST; slips++) {
            int allowed = slips;
            List<String> found = known.stream()
                    .filter(name -> allowed * 2 < Math.max(name.length(), written.length()))
                    .filter(name -> slips(lower(written), lower(name)) == allowed)
                    .limit(MOST_MEANT)
                    .toList();
            if (!found.isEmpty()) {
                return new Nearest(found);
            }
        }
        return new Nearest(List.of());
    }

    /// The one that is meant beyond doubt, or null.
    public @Nullable String only() {
        return names.size() == 1 ? names.getFirst() : null;
    }

    /// `did you mean A or B?`, or what `otherwise` says when nothing is near.
    public String help(String otherwise) {
        return names.isEmpty() ? otherwise : "did you mean " + either(names) + "?";
    }

    /// The help for a reference to a name that does not exist: what was meant, or what there is when that is not much.
    public static String help(String written, Collection<String> known) {
        List<String> sorted = known.stream().distinct().sorted().toList();
        boolean few = !sorted.isEmpty() && sorted.size() <= MOST_LISTED;
        return to(written, sorted).help(few ? "known here: " + String.join(", ", sorted) : "");
    }

    /// `A`, `A or B`, `A, B or C`, each in backquotes.
    public static String either(Collection<String> names) {
        return series(names.stream().map(name -> "`" + name + "`").toList());
    }

    /// A, B or C as they are.
    public static String series(List<String> words) {
        if (words.size() < 2) {
            return String.join("", words);
        }
        return String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.getLast();
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /// The optimal string alignment distance.
    private static int slips(String a, String b) {
        if (Math.abs(a.length() - b.length()) > FARTHEST) {
            return FARTHEST + 1;
        }
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            cost[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            cost[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                cost[i][j] = Math.min(Math.min(cost[i - 1][j] + 1, cost[i][j - 1] + 1), cost[i - 1][j - 1] + change);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
