package dev.bellman.model;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A transport protocol that a Service can have (Kubernetes `core/v1` Protocol).
public enum Protocol {
    TCP,
    UDP,
    SCTP;

    /// The name that iptables and nftables know it by.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static @Nullable Protocol parse(String word) {
        return switch (word) {
            case "TCP" -> TCP;
            case "UDP" -> UDP;
            case "SCTP" -> SCTP;
            default -> null;
        };
    }
}
