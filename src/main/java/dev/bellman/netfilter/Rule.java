package dev.bellman.netfilter;

import java.util.List;

/// What happens to a packet to which all matches apply.
///
/// @param matches in the order in which they are written
public record Rule(List<Match> matches, Verdict verdict) {
    public Rule {
        matches = List.copyOf(matches);
    }

    static Rule of(Verdict verdict, Match... matches) {
        return new Rule(List.of(matches), verdict);
    }
}
