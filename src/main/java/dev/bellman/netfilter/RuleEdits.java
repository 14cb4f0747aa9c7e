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
        Differing part = Differing.of(there, wanted);
        Set<String> before = new HashSet<>(part.there());
        Set<String> after = new HashSet<>(part.wanted());
        List<String> stay = part.there().stream().filter(after::contains).toList();
        int deleted = part.there().size() - stay.size();
        int added = part.wanted().size() - stay.size();
        boolean pays = READING + (long) DELETING * deleted + added < wanted.size();
        if (!pays
                || !stay.equals(part.wanted().stream().filter(before::contains).toList())) {
            return null;
        }
        List<String> edits = new ArrayList<>(deleted + added);
        for (String line : part.there()) {
            if (!after.contains(line)) {
                if (there.indexOf(line) < part.start()
                        || part.there().indexOf(line) != part.there().lastIndexOf(line)) {
                    // Another one like it would be deleted.
                    return null;
                }
                edits.add("-D" + line.substring(2));
            }
        }
        for (int i = 0; i < part.wanted().size(); i++) {
            String line = part.wanted().get(i);
            if (!before.contains(line)) {
                // What stands above it is in its place by now.
                edits.add(insertion(line, part.start() + i + 1));
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
