package dev.bellman.netfilter;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Turns one chain into another rule by rule, where that costs less than to write it anew.
///
/// The chains that all Services share have a rule for each of them, and a change is about one. To write a
/// thousand rules takes iptables and the kernel ten times as long as to find one among them.
final class RuleEdits {
    /// What it takes to find the place of one rule, as the number of rules that could be written meanwhile: the
    /// chain is read once.
    private static final int READING = 100;

    /// What it takes beside to find a rule by its text. Each time many are compared.
    private static final int DELETING = 50;

    private RuleEdits() {}

    /// A rule is deleted by its text and never by its number: if somebody else has changed the chain meanwhile,
    /// either nothing happens, or just what was meant.
    ///
    /// @return for iptables-restore, or null where it is better to write the chain anew: where much is different,
    ///     where rules changed places, or where one is there twice
    static @Nullable List<String> between(List<String> there, List<String> wanted) {
        if (wanted.size() <= READING) {
            return null;
        }
        Set<String> before = new HashSet<>(there);
        Set<String> after = new HashSet<>(wanted);
        List<String> stay = there.stream().filter(after::contains).toList();
        int deleted = there.size() - stay.size();
        int added = wanted.size() - stay.size();
        boolean pays = READING + (long) DELETING * deleted + added < wanted.size();
        boolean unique = before.size() == there.size() && after.size() == wanted.size();
        if (!pays
                || !unique
                || !stay.equals(wanted.stream().filter(before::contains).toList())) {
            return null;
        }
        List<String> edits = new ArrayList<>(deleted + added);
        there.stream().filter(line -> !after.contains(line)).forEach(line -> edits.add("-D" + line.substring(2)));
        for (int i = 0; i < wanted.size(); i++) {
            String line = wanted.get(i);
            if (!before.contains(line)) {
                // What stands above it is in its place by now.
                edits.add(insertion(line, i + 1));
            }
        }
        return edits;
    }

    /// @param line `-A CHAIN ...`
    private static String insertion(String line, int place) {
        int chain = line.indexOf(' ') + 1;
        int end = line.indexOf(' ', chain);
        String name = end < 0 ? line.substring(chain) : line.substring(chain, end);
        return "-I " + name + " " + place + (end < 0 ? "" : line.substring(end));
    }
}
