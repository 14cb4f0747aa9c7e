package dev.bellman.netfilter;

import java.util.List;

/// A chain of our own, with all of its rules.
public record Chain(Table table, String name, List<Rule> rules) {
    public Chain {
        rules = List.copyOf(rules);
    }
}
