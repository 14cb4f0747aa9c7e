package dev.bellman.netfilter;

import dev.bellman.digest.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is in a kernel: the chains of the tables that have Service rules, as iptables-save prints them.
///
/// @param chains by table and name; of each its rules, from `-A` on. The kernel's own chains are among them
public record SavedRules(Map<Table, Map<String, List<String>>> chains) {
    /// kube-proxy counts some packets for its metrics in objects of their own. That changes nothing for a packet.
    private static final Pattern COUNTER = Pattern.compile(" -m nfacct --nfacct-name +\\S+");

    /// A rule that does what the next one does, but counts.
    private static final String COUNTED_TWICE = "localhost_nps_accepted_pkts";

    public SavedRules {
        Map<Table, Map<String, List<String>>> copy = new EnumMap<>(Table.class);
        // Whoever makes one gives its chains away. There are thousands, and a change is about one.
        chains.forEach((table, of) -> copy.put(table, Collections.unmodifiableMap(of)));
        chains = Collections.unmodifiableMap(copy);
    }

    public static final SavedRules NONE = new SavedRules(Map.of());

    /// Reads what iptables-save or ip6tables-save 1.8 printed; other tables are passed over.
    public static SavedRules parse(String text) {
        Map<Table, Map<String, List<String>>> tables = new EnumMap<>(Table.class);
        Map<String, List<String>> chains = new LinkedHashMap<>();
        for (String line : (Iterable<String>) text.lines()::iterator) {
            if (line.startsWith("*")) {
                chains = new LinkedHashMap<>();
                Table table = table(line.substring(1));
                if (table != null) {
                    tables.put(table, chains);
                }
            } else if (line.startsWith(":")) {
                chains.put(word(line, 1), new ArrayList<>());
            } else if (line.startsWith("-A ") && !line.contains(COUNTED_TWICE)) {
                chains.computeIfAbsent(word(line, 3), _ -> new ArrayList<>())
                        .add(line.contains(" nfacct ") ? COUNTER.matcher(line).replaceAll("") : line);
            }
        }
        return new SavedRules(tables);
    }

    /// A name for what was printed, but for what changes by itself: the time, and how many packets the kernel's own
    /// chains have seen. To make it takes a small part of the time that reading and comparing takes.
    public static String fingerprint(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        MessageDigest digest = Sha256.start();
        int start = 0;
        while (start < bytes.length) {
            int end = start;
            int counters = -1;
            while (end < bytes.length && bytes[end] != '\n') {
                counters = counters < 0 && bytes[end] == '[' ? end : counters;
                end++;
            }
            if (bytes[start] != '#') {
                digest.update(bytes, start, (bytes[start] == ':' && counters >= 0 ? counters : end) - start);
                digest.update((byte) '\n');
            }
            start = end + 1;
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static @Nullable Table table(String word) {
        for (Table table : Table.values()) {
            if (table.word().equals(word.strip().toLowerCase(Locale.ROOT))) {
                return table;
            }
        }
        return null;
    }

    private static String word(String line, int from) {
        int end = line.indexOf(' ', from);
        return end < 0 ? line.substring(from) : line.substring(from, end);
    }

    /// The same rules for packets, if not for people.
    public SavedRules withoutComments() {
        return new SavedRules(Comments.without(chains));
    }

    /// The chains of a table.
    public Map<String, List<String>> of(Table table) {
        return chains.getOrDefault(table, Map.of());
    }
}
