package dev.bellman.netfilter;

/// A rule of ours in a chain of the kernel's, such as `PREROUTING`, that leads packets into our chains.
public record Hook(Table table, String chain, Rule rule) {}
