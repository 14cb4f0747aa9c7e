package dev.bellman.model;

import dev.bellman.diagnostic.Span;
import java.util.List;
import java.util.Map;

/// Which objects are meant. There is no implicit "empty means all".
public sealed interface Selection {
    /// The field that says it.
    Span span();

    boolean selects(String name, Map<String, String> labels);

    record Names(List<Located<String>> names, Span span) implements Selection {
        public Names {
            names = List.copyOf(names);
        }

        @Override
        public boolean selects(String name, Map<String, String> labels) {
            return names.stream().anyMatch(wanted -> wanted.value().equals(name));
        }
    }

    record Labelled(LabelSelector selector, Span span) implements Selection {
        @Override
        public boolean selects(String name, Map<String, String> labels) {
            return selector.matches(labels);
        }
    }

    record All(Span span) implements Selection {
        @Override
        public boolean selects(String name, Map<String, String> labels) {
            return true;
        }
    }

    /// What a manifest that selects nothing, or selects in a way that its schema refuses, is read as.
    record None(Span span) implements Selection {
        @Override
        public boolean selects(String name, Map<String, String> labels) {
            return false;
        }
    }
}
