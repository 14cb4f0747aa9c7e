package dev.bellman.schema;

import dev.bellman.address.Cidr;
import dev.bellman.cel.Expression.Evaluation;
import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Rewrite;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Evaluates the CEL rules of a definition (`x-kubernetes-validations`).
///
/// The API server evaluates none of them while a type, an enumeration or a required field is wrong anywhere in the
/// object; Bellman leaves out only those about the wrong part.
final class Validations {
    /// Mistakes that are so common that they have a rule, and a page, of their own.
    private static final Map<String, String> NAMED = Map.of(
            "must be an IPv4 or IPv6 prefix such as 10.49.0.0/16 or fd00:49::/112", "wrong-format",
            "must be one CIDR, or an IPv4 and an IPv6 one separated by a comma without spaces", "wrong-format",
            "must be an IPv4 or IPv6 address", "wrong-format",
            "must be an IP address", "wrong-format",
            "must be in its canonical spelling (RFC 5952)", "wrong-format",
            "must not have address bits beyond its prefix length", "host-bits",
            "each part of a standard community must be at most 65535 (RFC 1997)", "community-range",
            "each part of a large community must be at most 4294967295 (RFC 8092)", "community-range");

    private final Findings findings;

    Validations(Findings findings) {
        this.findings = findings;
    }

    void check(Node node, Schema schema, FieldPath path) {
        if (!schema.traits().rules().isEmpty() && !findings.isFlawed(node)) {
            for (ValidationRule rule : schema.traits().rules()) {
                evaluate(rule, node, path);
            }
        }
        switch (node) {
            case Mapping mapping
            when schema instanceof Schema.Fields fields -> {
                for (Mapping.Entry entry : mapping.entries()) {
                    Schema field = fields.field(entry.name());
                    if (field != null) {
                        check(entry.value(), field, path.field(entry.name()));
                    }
                }
            }
            case Sequence sequence
            when schema instanceof Schema.Items items && items.item() != null -> {
                for (int i = 0; i < sequence.items().size(); i++) {
                    check(sequence.items().get(i), items.item(), path.item(i));
                }
            }
            case Mapping _, Sequence _, Scalar _ -> {}
        }
    }

    private void evaluate(ValidationRule rule, Node self, FieldPath path) {
        switch (rule.expression().evaluate(Map.of("self", self))) {
            case Evaluation.Value value when Boolean.TRUE.equals(value.value()) -> {}
            case Evaluation.Value value
            when rule.blamesLast() -> {
                Node last = value.reads().decisive();
                Node place = last == null ? self : last;
                findings.add("schema-rule", place.span(), rule.message(), "");
            }
            case Evaluation.Value _ -> report(rule, self, path);
            case Evaluation.Failed failed ->
                findings.add(
                        "schema-rule",
                        self.span(),
                        path.text() + " cannot be checked: " + failed.problem().message(),
                        "the API server refuses it for that reason");
        }
    }

    private void report(ValidationRule rule, Node self, FieldPath path) {
        Node place = self;
        FieldPath placed = path;
        if (rule.fieldPath() != null) {
            for (String name : List.of(rule.fieldPath().substring(1).split("\\."))) {
                Node next = place.at(name);
                place = next == null ? place : next;
                placed = placed.field(name);
            }
        }
        String id = NAMED.getOrDefault(rule.message(), "schema-rule");
        String message = message(rule, place, placed);
        String answer = answer(rule, place);
        Diagnostic finding = findings.error(id, place.span(), message, answer == null ? "" : "write `" + answer + "`");
        findings.blame(place, answer == null ? finding : finding.withFix(Rewrite.of(place, answer)));
    }

    private static String message(ValidationRule rule, Node place, FieldPath path) {
        String id = NAMED.getOrDefault(rule.message(), "");
        if (place instanceof Scalar scalar && id.equals("host-bits")) {
            return Shown.of(String.valueOf(scalar.value())) + " has address bits beyond its prefix length";
        }
        if (place instanceof Scalar scalar && id.equals("community-range")) {
            return Shown.of(String.valueOf(scalar.value())) + " is out of range: " + rule.message();
        }
        boolean obligation = rule.message().startsWith("must ");
        if (obligation && place instanceof Scalar scalar && scalar.value() != null) {
            return path.text() + " " + rule.message() + ", not " + Shown.of(String.valueOf(scalar.value()));
        }
        if (obligation || rule.message().isEmpty()) {
            return path.text() + " "
                    + (obligation
                            ? rule.message()
                            : "does not comply with " + rule.expression().text());
        }
        return rule.message();
    }

    /// What the value was meant to be, where there is one right answer.
    private static @Nullable String answer(ValidationRule rule, Node node) {
        boolean mendable = rule.message().equals("must not have address bits beyond its prefix length")
                || rule.message().equals("must be in its canonical spelling (RFC 5952)");
        if (!mendable || !(node instanceof Scalar scalar && scalar.value() instanceof String text)) {
            return null;
        }
        List<String> mended = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Cidr cidr = Cidr.parse(part);
            if (cidr == null) {
                return null;
            }
            mended.add(cidr.masked().toString());
        }
        return String.join(",", mended);
    }
}
