package dev.bellman.model;

import org.jspecify.annotations.Nullable;

/// A Service's `externalTrafficPolicy`.
public enum TrafficPolicy {
    /// Only the endpoints on the node that the packet came to; keeps the client's address.
    LOCAL("Local"),
    /// Any endpoint of the cluster. Kubernetes' default.
    CLUSTER("Cluster");

    private final String word;

    TrafficPolicy(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    /// The policy that a manifest names so, or null.
    public static @Nullable TrafficPolicy parse(String word) {
        return switch (word) {
            case "Local" -> LOCAL;
            case "Cluster" -> CLUSTER;
            default -> null;
        };
    }
}
