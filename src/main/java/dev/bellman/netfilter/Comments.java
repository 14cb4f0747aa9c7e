package dev.bellman.netfilter;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Rules without their comments, for comparing what packets meet.
///
/// kube-proxy leaves some comments out in a large cluster, and writes the chains of a Service that does not change
/// only once in an hour: where a cluster becomes large, they are there in part for as long.
final class Comments {
    private static final Pattern COMMENT = Pattern.compile(" -m comment --comment (\"[^\"]*\"|\\S+)");

    private Comments() {}

    /// @param line of iptables-save
    static String without(String line) {
        return line.contains(" --comment ") ? COMMENT.matcher(line).replaceAll("") : line;
    }

    static List<String> without(List<String> lines) {
        return lines.stream().map(Comments::without).toList();
    }

    static Map<Table, Map<String, List<String>>> without(Map<Table, Map<String, List<String>>> tables) {
        Map<Table, Map<String, List<String>>> stripped = new EnumMap<>(Table.class);
        tables.forEach((table, chains) -> {
            Map<String, List<String>> lines = LinkedHashMap.newLinkedHashMap(chains.size());
            chains.forEach((chain, rules) -> lines.put(chain, without(rules)));
            stripped.put(table, lines);
        });
        return stripped;
    }
}
