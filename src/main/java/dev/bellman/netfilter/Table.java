package dev.bellman.netfilter;

import java.util.Locale;

/// A table of netfilter that has Service rules. In the order in which a file for iptables-restore names them.
public enum Table {
    FILTER,
    NAT;

    /// The name that iptables knows it by.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
