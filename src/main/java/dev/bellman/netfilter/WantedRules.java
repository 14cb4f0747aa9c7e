package dev.bellman.netfilter;

import dev.bellman.address.Family;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Spells one ruleset after the other, of which each differs little from the one before: what has been spelled
/// is kept as long as it is the very same object.
public final class WantedRules {
    private IdentityHashMap<Chain, List<String>> chains = new IdentityHashMap<>();
    private Map<String, IdentityHashMap<Rule, String>> rules = new HashMap<>();

    public Wanted next(Ruleset ruleset) {
        IdentityHashMap<Chain, List<String>> chainsNow = new IdentityHashMap<>(chains.size());
        Map<String, IdentityHashMap<Rule, String>> rulesNow = new HashMap<>();
        Map<Table, Map<String, List<String>>> wanted = new EnumMap<>(Table.class);
        for (Chain chain : ruleset.chains()) {
            List<String> known = chains.get(chain);
            List<String> lines = known == null ? lines(ruleset.family(), chain, rulesNow) : known;
            if (known != null || Wanted.ofService(chain.name())) {
                chainsNow.put(chain, lines);
            }
            wanted.computeIfAbsent(chain.table(), _ -> new LinkedHashMap<>()).put(chain.name(), lines);
        }
        chains = chainsNow;
        rules = rulesNow;
        return new Wanted(ruleset.family(), wanted, hooks(ruleset));
    }

    /// The chains that all Services share are made anew each time, out of rules that are mostly the same.
    private List<String> lines(Family family, Chain chain, Map<String, IdentityHashMap<Rule, String>> rulesNow) {
        if (Wanted.ofService(chain.name())) {
            return IptablesText.lines(family, chain);
        }
        String key = chain.table() + " " + chain.name();
        IdentityHashMap<Rule, String> before = rules.getOrDefault(key, new IdentityHashMap<>());
        IdentityHashMap<Rule, String> now = rulesNow.computeIfAbsent(key, _ -> new IdentityHashMap<>());
        List<String> lines = new ArrayList<>(chain.rules().size());
        for (Rule rule : chain.rules()) {
            String known = before.get(rule);
            String line = known == null ? IptablesText.line(family, chain.name(), rule) : known;
            now.put(rule, line);
            lines.add(line);
        }
        return lines;
    }

    private static Map<Table, Map<String, List<String>>> hooks(Ruleset ruleset) {
        Map<Table, Map<String, List<String>>> hooks = new EnumMap<>(Table.class);
        for (Hook hook : ruleset.hooks()) {
            hooks.computeIfAbsent(hook.table(), _ -> new LinkedHashMap<>())
                    .computeIfAbsent(hook.chain(), _ -> new ArrayList<>())
                    .add(IptablesText.line(ruleset.family(), hook.chain(), hook.rule()));
        }
        return hooks;
    }
}
