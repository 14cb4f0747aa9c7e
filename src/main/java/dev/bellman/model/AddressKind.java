package dev.bellman.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The three kinds of address that a Service can have.
public enum AddressKind {
    CLUSTER_IP("ClusterIP"),
    EXTERNAL_IP("ExternalIP"),
    LOAD_BALANCER_IP("LoadBalancerIP");

    private final String word;

    AddressKind(String word) {
        this.word = word;
    }

    /// The name in the custom resources.
    public String word() {
        return word;
    }

    /// The kind that a custom resource names so, or null.
    public static @Nullable AddressKind parse(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.word.equals(word))
                .findFirst()
                .orElse(null);
    }
}
