package dev.bellman.netfilter;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What has to change in a kernel so that it holds what is wanted, and nothing else of ours.
///
/// @param differences one for each chain that is not as wanted, for people
/// @param input for `iptables-restore --noflush`, one transaction per table; empty if nothing has to change
/// @param after what the kernel holds afterwards
public record RulesChange(List<String> differences, String input, SavedRules after) {
    public RulesChange {
        differences = List.copyOf(differences);
    }

    public boolean isEmpty() {
        return input.isEmpty();
    }

    /// @param kernel what is there now
    public static RulesChange between(SavedRules kernel, Wanted wanted) {
        List<String> differences = new ArrayList<>();
        StringBuilder input = new StringBuilder();
        Map<Table, Map<String, List<String>>> after = new EnumMap<>(Table.class);
        for (Table table : Table.values()) {
            OneTable change = new OneTable(
                    table,
                    kernel.of(table),
                    wanted.chains().getOrDefault(table, Map.of()),
                    wanted.hooks().getOrDefault(table, Map.of()));
            differences.addAll(change.differences);
            input.append(change.input());
            after.put(table, change.after);
        }
        return new RulesChange(differences, input.toString(), new SavedRules(after));
    }

    private static final class OneTable {
        /// Room for the chains of one more Service.
        private static final int SPARE = 16;

        private final Table table;
        private final Map<String, List<String>> kernel;
        private final List<String> differences = new ArrayList<>();
        private final List<String> declarations = new ArrayList<>();
        private final List<String> rules = new ArrayList<>();
        private final List<String> deletions = new ArrayList<>();
        private final Map<String, List<String>> after;

        OneTable(
                Table table,
                Map<String, List<String>> kernel,
                Map<String, List<String>> chains,
                Map<String, List<String>> hooks) {
            this.table = table;
            this.kernel = kernel;
            this.after = LinkedHashMap.newLinkedHashMap(kernel.size() + SPARE);
            this.after.putAll(kernel);
            hooks.forEach(this::hook);
            chains.forEach(this::chain);
            kernel.keySet().stream()
                    .filter(chain -> Wanted.ofService(chain) && !chains.containsKey(chain))
                    .forEach(this::delete);
        }

        /// A chain of ours is emptied and written anew, all in one transaction; of a long one only those rules
        /// are touched that differ.
        @SuppressWarnings("ReferenceEquality")
        private void chain(String chain, List<String> wanted) {
            List<String> there = kernel.get(chain);
            if (wanted == there) {
                return;
            }
            if (wanted.equals(there)) {
                // The very same lines from now on: the next comparison costs nothing, and neither do two copies.
                after.put(chain, wanted);
                return;
            }
            differences.add(table.word() + " " + chain + ": " + difference(there, wanted));
            List<String> edits = there == null ? null : RuleEdits.between(there, wanted);
            if (edits == null) {
                declarations.add(IptablesText.declaration(chain));
                rules.addAll(wanted);
            } else {
                rules.addAll(edits);
            }
            after.put(chain, wanted);
        }

        private void delete(String chain) {
            differences.add(table.word() + " " + chain + ": not wanted");
            declarations.add(IptablesText.declaration(chain));
            deletions.add("-X " + chain);
            after.remove(chain);
        }

        /// In a chain of the kernel's only our own rules are touched: they stand on top, together and in order.
        private void hook(String chain, List<String> wanted) {
            List<String> there = kernel.getOrDefault(chain, List.of());
            List<String> ours = there.stream().filter(wanted::contains).toList();
            if (ours.equals(wanted)) {
                return;
            }
            differences.add(table.word() + " " + chain + ": " + difference(ours, wanted));
            ours.forEach(line -> rules.add("-D" + line.substring(2)));
            wanted.reversed().forEach(line -> rules.add("-I" + line.substring(2)));
            after.put(
                    chain,
                    Stream.concat(wanted.stream(), there.stream().filter(line -> !wanted.contains(line)))
                            .toList());
        }

        private static String difference(@Nullable List<String> there, List<String> wanted) {
            if (there == null) {
                return "missing";
            }
            Differing part = Differing.of(there, wanted);
            long missing = without(part.wanted(), part.there());
            long foreign = without(part.there(), part.wanted());
            return missing == 0 && foreign == 0
                    ? "rules in another order"
                    : missing + " rules missing, " + foreign + " not ours";
        }

        private static long without(List<String> lines, List<String> others) {
            Set<String> known = new HashSet<>(others);
            return lines.stream().filter(line -> !known.contains(line)).count();
        }

        private String input() {
            if (declarations.isEmpty() && rules.isEmpty()) {
                return "";
            }
            return Stream.of(List.of("*" + table.word()), declarations, rules, deletions, List.of("COMMIT"))
                    .flatMap(List::stream)
                    .map(line -> line + "\n")
                    .collect(Collectors.joining());
        }
    }
}
