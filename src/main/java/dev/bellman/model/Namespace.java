package dev.bellman.model;

import java.util.Map;

/// A Namespace. Its labels always hold `kubernetes.io/metadata.name`, as the API server sets it.
public record Namespace(String name, Map<String, String> labels) {
    public static final String NAME_LABEL = "kubernetes.io/metadata.name";
}
