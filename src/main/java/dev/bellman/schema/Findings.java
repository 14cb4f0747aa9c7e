package dev.bellman.schema;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.Span;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/// What has been found so far about one object.
final class Findings {
    private final String object;
    private final List<Diagnostic> all = new ArrayList<>();
    private final Set<Node> faulty = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Node> lacking = Collections.newSetFromMap(new IdentityHashMap<>());

    Findings(String object) {
        this.object = object;
    }

    String object() {
        return object;
    }

    /// A finding, not yet added.
    Diagnostic error(String rule, Span span, String message, String help) {
        return new Diagnostic(rule, Severity.ERROR, message, help, span, object);
    }

    void add(Diagnostic finding) {
        all.add(finding);
    }

    void add(String rule, Span span, String message, String help) {
        add(error(rule, span, message, help));
    }

    /// Adds a finding about a value, which rules then no longer judge.
    void blame(Node node, Diagnostic finding) {
        faulty.add(node);
        add(finding);
    }

    /// Adds a finding about what is not in a value, or too often; rules still judge what is there.
    void lack(Node node, Diagnostic finding) {
        lacking.add(node);
        add(finding);
    }

    /// Whether the value itself is wrong.
    boolean isFaulty(Node node) {
        return faulty.contains(node);
    }

    /// Whether anything in the value is wrong.
    boolean isFlawed(Node node) {
        if (faulty.isEmpty() && lacking.isEmpty()) {
            return false;
        }
        if (faulty.contains(node) || lacking.contains(node)) {
            return true;
        }
        return switch (node) {
            case Scalar _ -> false;
            case Sequence sequence -> sequence.items().stream().anyMatch(this::isFlawed);
            case Mapping mapping -> mapping.entries().stream().anyMatch(entry -> isFlawed(entry.value()));
        };
    }

    List<Diagnostic> sorted() {
        return all.stream().distinct().sorted().toList();
    }
}
