package dev.bellman.model;

import org.jspecify.annotations.Nullable;

/// How the network finds a service that does not end up Local.
public enum RouteMode {
    /// Through the class's prefix.
    COVERED("Covered"),
    /// Through a host route of its own.
    PER_SERVICE("PerService");

    private final String word;

    RouteMode(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    static @Nullable RouteMode parse(String word) {
        return switch (word) {
            case "Covered" -> COVERED;
            case "PerService" -> PER_SERVICE;
            default -> null;
        };
    }
}
