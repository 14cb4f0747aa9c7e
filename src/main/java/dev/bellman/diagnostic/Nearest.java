package dev.bellman.diagnostic;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The known word that a misspelled one was meant to be.
public final class Nearest {
    private Nearest() {}

    /// The one known word that is clearly nearest, or null: at most a third of its letters differ (two at least are
    /// allowed for words of four letters and more), and no other word is as near. Case differences are free.
    public static @Nullable String of(String word, Collection<String> known) {
        int best = Integer.MAX_VALUE;
        String nearest = null;
        boolean tied = false;
        for (String candidate : known.stream().distinct().sorted().toList()) {
            int distance = distance(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < best) {
                best = distance;
                nearest = candidate;
                tied = false;
            } else if (distance == best) {
                tied = true;
            }
        }
        if (nearest == null || tied) {
            return null;
        }
        int length = Math.max(word.length(), nearest.length());
        int allowed = length < 4 ? 1 : Math.max(2, length / 3);
        return best <= allowed ? nearest : null;
    }

    /// `did you mean X?`, or what is known when no word is near and the list is short, or empty.
    public static String help(String word, Collection<String> known) {
        String nearest = of(word, known);
        if (nearest != null) {
            return "did you mean `" + nearest + "`?";
        }
        List<String> sorted = known.stream().distinct().sorted().toList();
        return sorted.isEmpty() || sorted.size() > 12 ? "" : "known here: " + String.join(", ", sorted);
    }

    /// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours each cost one.
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            cost[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            cost[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int substitution = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                cost[i][j] =
                        Math.min(Math.min(cost[i - 1][j] + 1, cost[i][j - 1] + 1), cost[i - 1][j - 1] + substitution);
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
