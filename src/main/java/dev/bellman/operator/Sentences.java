package dev.bellman.operator;

import dev.bellman.diagnostic.Diagnostic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What findings say, as the text of a condition. What is the same about many Services is said of one of them: a
/// condition and an Event have an end.
final class Sentences {
    /// As many are told in full.
    private static final int MOST_IN_FULL = 2;

    private static final int MOST_NAMED = 5;
    /// What tells apart what is alike: a name in backquotes, an address, a number.
    private static final Pattern NAME = Pattern.compile("`[^`]*`|\\S*\\d\\S*");

    private Sentences() {}

    static String of(List<Diagnostic> findings) {
        Map<String, List<Diagnostic>> alike = new LinkedHashMap<>();
        findings.forEach(finding ->
                alike.computeIfAbsent(pattern(finding), _ -> new ArrayList<>()).add(finding));
        return spoken(alike.values().stream().map(Sentences::ofAlike).collect(Collectors.joining(". ")));
    }

    /// A question has its mark already.
    static String spoken(String sentences) {
        return sentences.replace("?. ", "? ");
    }

    private static String pattern(Diagnostic finding) {
        return finding.rule() + "\n"
                + NAME.matcher(finding.message() + "\n" + finding.help()).replaceAll("#");
    }

    private static String ofAlike(List<Diagnostic> alike) {
        List<String> sentences = alike.stream().map(Sentences::of).distinct().toList();
        if (sentences.size() <= MOST_IN_FULL) {
            return String.join(". ", sentences);
        }
        String first = alike.getFirst().message();
        List<String> names = alike.stream()
                .map(finding -> difference(first, finding.message()))
                .filter(name -> name != null)
                .distinct()
                .toList();
        String named = names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
        return sentences.getFirst() + ". And " + (sentences.size() - 1) + " more"
                + (named.isEmpty() ? "" : ": " + named)
                + (names.size() > MOST_NAMED ? ", …" : "");
    }

    private static String of(Diagnostic finding) {
        return finding.message()
                + finding.related().stream()
                        .filter(place -> !place.span().hasText())
                        .map(place -> " (" + place.span().file() + ": " + place.message() + ")")
                        .distinct()
                        .collect(Collectors.joining())
                + (finding.help().isEmpty() ? "" : "; " + finding.help());
    }

    /// What the other message names instead of something in the first one: in backquotes rather than anything else,
    /// since an object says more than its address.
    private static @Nullable String difference(String first, String other) {
        List<String> before = names(first);
        List<String> after = names(other);
        String found = null;
        for (int i = 0; i < Math.min(before.size(), after.size()); i++) {
            String name = after.get(i);
            if (!name.equals(before.get(i)) && (found == null || (name.startsWith("`") && !found.startsWith("`")))) {
                found = name;
            }
        }
        return found;
    }

    private static List<String> names(String message) {
        return NAME.matcher(message).results().map(MatchResult::group).toList();
    }
}
