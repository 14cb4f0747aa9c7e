package dev.bellman.model;

import java.util.List;
import java.util.Map;

/// Kubernetes' label selector: all requirements must hold.
public record LabelSelector(List<Requirement> requirements) {
    public LabelSelector {
        requirements = List.copyOf(requirements);
    }

    public boolean matches(Map<String, String> labels) {
        return requirements.stream().allMatch(requirement -> requirement.matches(labels));
    }

    /// Whether it looks at one label only.
    public boolean isAbout(String key) {
        return requirements.stream().allMatch(requirement -> requirement.key().equals(key));
    }

    /// One condition on one label (apimachinery `labels.Requirement`).
    public sealed interface Requirement {
        String key();

        boolean matches(Map<String, String> labels);

        record In(String key, List<String> values) implements Requirement {
            @Override
            public boolean matches(Map<String, String> labels) {
                String value = labels.get(key);
                return value != null && values.contains(value);
            }
        }

        /// Also holds where the label is absent, as in Kubernetes.
        record NotIn(String key, List<String> values) implements Requirement {
            @Override
            public boolean matches(Map<String, String> labels) {
                String value = labels.get(key);
                return value == null || !values.contains(value);
            }
        }

        record Exists(String key) implements Requirement {
            @Override
            public boolean matches(Map<String, String> labels) {
                return labels.containsKey(key);
            }
        }

        record DoesNotExist(String key) implements Requirement {
            @Override
            public boolean matches(Map<String, String> labels) {
                return !labels.containsKey(key);
            }
        }
    }
}
