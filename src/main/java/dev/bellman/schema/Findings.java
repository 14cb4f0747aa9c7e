package dev.bellman.schema;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.Span;
import dev.bellman.document.Node;
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

    boolean isFaulty(Node node) {
        return faulty.contains(node);
    }

    List<Diagnostic> sorted() {
        return all.stream().distinct().sorted().toList();
    }
}
