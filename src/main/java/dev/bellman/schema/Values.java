package dev.bellman.schema;

import com.google.re2j.Pattern;
import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Fix;
import dev.bellman.diagnostic.Nearest;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Rewrite;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import dev.bellman.schema.Schema.Bounds;
import dev.bellman.schema.Schema.Range;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Compares every value with its schema: types, enumerations, ranges, lengths, patterns, formats and required fields.
///
/// As apiextensions-apiserver's `ValidateCustomResource`: a constraint holds only for values of its type, lengths
/// count code points, and a number without a fraction is an integer however it is written.
final class Values {
    private final Findings findings;

    Values(Findings findings) {
        this.findings = findings;
    }

    void check(Node node, Schema schema, FieldPath path) {
        if (node instanceof Scalar scalar && scalar.value() == null) {
            if (!schema.traits().nullable() && !(schema instanceof Schema.Anything)) {
                wrongType(node, schema, path);
            }
            return;
        }
        switch (schema) {
            case Schema.Fields fields -> fields(node, fields, path);
            case Schema.Items items -> items(node, items, path);
            case Schema.Text text -> text(node, text, path);
            case Schema.Numeric number -> number(node, number, path);
            case Schema.Flag _ -> {
                if (value(node) instanceof Boolean) {
                    choice(node, schema, path);
                } else {
                    wrongType(node, schema, path);
                }
            }
            case Schema.IntOrString either -> intOrString(node, either, path);
            case Schema.Anything _ -> {}
        }
    }

    private void fields(Node node, Schema.Fields schema, FieldPath path) {
        if (!(node instanceof Mapping mapping)) {
            wrongType(node, schema, path);
            return;
        }
        for (String name : schema.required()) {
            if (mapping.get(name) == null) {
                findings.lack(
                        mapping,
                        findings.error(
                                "missing-field",
                                mapping.span(),
                                "missing field `" + name + "`",
                                missing(schema.field(name), name, path)));
            }
        }
        for (Mapping.Entry entry : mapping.entries()) {
            Schema field = schema.field(entry.name());
            if (field != null) {
                check(entry.value(), field, path.field(entry.name()));
            }
        }
        count(mapping, mapping.entries().size(), schema.count(), "field", path);
    }

    private static String missing(@Nullable Schema field, String name, FieldPath path) {
        String add = path.parent() == null ? "add `" + name + "`" : "add `" + name + "` to " + path.text();
        if (field == null) {
            return add;
        }
        if (!field.traits().choices().isEmpty()) {
            return add + ": " + choices(field);
        }
        String summary = field.traits().summary();
        return summary.isEmpty() ? add : add + ": " + summary;
    }

    private void items(Node node, Schema.Items schema, FieldPath path) {
        if (!(node instanceof Sequence sequence)) {
            wrongType(node, schema, path);
            return;
        }
        Schema item = schema.item();
        if (item != null) {
            for (int i = 0; i < sequence.items().size(); i++) {
                check(sequence.items().get(i), item, path.item(i));
            }
        }
        count(sequence, sequence.items().size(), schema.count(), "item", path);
        new Duplicates(findings).check(sequence, schema.unique(), path);
    }

    private void text(Node node, Schema.Text schema, FieldPath path) {
        if (!(value(node) instanceof String text)) {
            wrongType(node, schema, path);
            return;
        }
        if (choice(node, schema, path)
                && length(node, text, schema.length(), path)
                && pattern(node, text, schema.pattern(), path)
                && !schema.format().admits(text)) {
            String what = text.isEmpty() ? path.text() + " is empty, but must be " : Shown.of(text) + " is not ";
            blame("wrong-format", node, what + schema.format().noun());
        }
    }

    private void number(Node node, Schema.Numeric schema, FieldPath path) {
        Double number = number(value(node));
        if (number == null || (schema.whole() && !isWhole(number))) {
            wrongType(node, schema, path);
            return;
        }
        if (choice(node, schema, path)) {
            range(node, number, schema.range(), path);
        }
    }

    private void intOrString(Node node, Schema.IntOrString schema, FieldPath path) {
        Double number = number(value(node));
        if (value(node) instanceof String text) {
            if (choice(node, schema, path) && length(node, text, schema.length(), path)) {
                pattern(node, text, schema.pattern(), path);
            }
            return;
        }
        if (number == null || !isWhole(number)) {
            wrongType(node, schema, path);
            return;
        }
        if (choice(node, schema, path)) {
            range(node, number, schema.range(), path);
        }
    }

    private boolean choice(Node node, Schema schema, FieldPath path) {
        List<Node> choices = schema.traits().choices();
        if (choices.isEmpty()) {
            return true;
        }
        for (Node choice : choices) {
            if (same(value(choice), value(node))) {
                return true;
            }
        }
        List<String> words =
                choices.stream().map(choice -> String.valueOf(value(choice))).toList();
        String written = String.valueOf(value(node));
        Nearest nearest = Nearest.to(written, words);
        String message = words.size() == 1
                ? path.text() + " can only be `" + words.getFirst() + "`, not " + Shown.of(written)
                : written.isEmpty()
                        ? path.text() + " is empty, but must be " + Nearest.either(words)
                        : Shown.of(written) + " is not " + path.choice() + ": " + choices(schema);
        Diagnostic finding = findings.error("unknown-value", node.span(), message, nearest.help(""));
        String only = nearest.only();
        findings.blame(node, only == null ? finding : finding.withFix(Rewrite.of(node, only)));
        return false;
    }

    private static String choices(Schema schema) {
        return Nearest.series(schema.traits().choices().stream()
                .map(choice -> String.valueOf(value(choice)))
                .map(word -> word.isEmpty() ? "\"\"" : word)
                .toList());
    }

    private boolean length(Node node, String text, Bounds bounds, FieldPath path) {
        int length = text.codePointCount(0, text.length());
        if (bounds.admits(length)) {
            return true;
        }
        String message = length == 0
                ? path.text() + " is empty"
                : path.text() + " is " + amount(length, "character") + " long, but " + limit(bounds, length);
        blame("out-of-range", node, message);
        return false;
    }

    private void count(Node node, int size, Bounds bounds, String what, FieldPath path) {
        if (bounds.admits(size)) {
            return;
        }
        String message = size == 0
                ? path.text() + " is empty, but needs at least " + amount(bounds.least(), what)
                : path.text() + " has " + amount(size, what) + ", but " + limit(bounds, size);
        findings.lack(node, findings.error("out-of-range", node.span(), message, ""));
    }

    private static String limit(Bounds bounds, long size) {
        return size < bounds.least()
                ? "at least " + bounds.least() + " are needed"
                : "at most " + bounds.most() + " are allowed";
    }

    private static String amount(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private boolean pattern(Node node, String text, @Nullable Pattern pattern, FieldPath path) {
        if (pattern == null || pattern.matcher(text).find()) {
            return true;
        }
        String words = Wording.of(pattern.pattern());
        String message = text.isBlank()
                ? path.text() + (text.isEmpty() ? " is empty" : " is blank")
                : Shown.of(text) + (words == null ? " does not match `" + pattern + "`" : " is not " + words);
        blame("wrong-format", node, message);
        return false;
    }

    private void range(Node node, double number, Range range, FieldPath path) {
        if (range.admits(number)) {
            return;
        }
        String limits =
                range.minimum() != null && range.maximum() != null && !range.aboveMinimum() && !range.belowMaximum()
                        ? "between " + plain(range.minimum()) + " and " + plain(range.maximum())
                        : range.minimum() != null && number <= range.minimum()
                                ? (range.aboveMinimum() ? "greater than " : "at least ") + plain(range.minimum())
                                : (range.belowMaximum() ? "less than " : "at most ")
                                        + plain(Objects.requireNonNull(range.maximum()));
        blame("out-of-range", node, path.text() + " is " + plain(number) + ", but must be " + limits);
    }

    private void wrongType(Node node, Schema schema, FieldPath path) {
        String message = path.text() + " must be " + schema.noun() + ", not " + kind(node);
        Diagnostic finding = findings.error("wrong-type", node.span(), message, help(node, schema));
        String unquoted = unquoted(node, schema);
        findings.blame(node, unquoted == null ? finding : finding.withFix(Fix.replace(node.span(), unquoted)));
    }

    private static String help(Node node, Schema schema) {
        Object value = value(node);
        if (schema instanceof Schema.Text && value != null && !(value instanceof String)) {
            return "put it in quotes";
        }
        if (unquoted(node, schema) != null) {
            return "take the quotes off";
        }
        if (schema instanceof Schema.Items && !(node instanceof Sequence)) {
            return "write a list, even of one: `- item`";
        }
        return "";
    }

    /// The value that was put in quotes by mistake, or null.
    private static @Nullable String unquoted(Node node, Schema schema) {
        boolean quoted = node instanceof Scalar scalar
                && (scalar.style() == Scalar.Style.SINGLE_QUOTED || scalar.style() == Scalar.Style.DOUBLE_QUOTED);
        if (!quoted || !(value(node) instanceof String text)) {
            return null;
        }
        boolean fits = switch (schema) {
            case Schema.Numeric _ -> text.matches("-?(0|[1-9][0-9]{0,17})");
            case Schema.Flag _ -> text.equals("true") || text.equals("false");
            case Schema.Fields _, Schema.Items _, Schema.Text _ -> false;
            case Schema.IntOrString _, Schema.Anything _ -> false;
        };
        return fits ? text : null;
    }

    private void blame(String rule, Node node, String message) {
        findings.blame(node, findings.error(rule, node.span(), message, ""));
    }

    private static @Nullable Object value(Node node) {
        return node instanceof Scalar scalar ? scalar.value() : null;
    }

    private static boolean same(@Nullable Object a, @Nullable Object b) {
        Double number = number(a);
        return number == null ? Objects.equals(a, b) : number.equals(number(b));
    }

    private static @Nullable Double number(@Nullable Object value) {
        return switch (value) {
            case Long whole -> (double) whole;
            case Double real -> real;
            case null, default -> null;
        };
    }

    /// 1e300 has no fraction either, but does not fit the server's 64 bits.
    private static boolean isWhole(double number) {
        return number == Math.rint(number) && Math.abs(number) <= 0x1p63;
    }

    private static String plain(double number) {
        return isWhole(number) ? Long.toString((long) number) : Double.toString(number);
    }

    private static String kind(Node node) {
        return switch (node.type()) {
            case "object" -> "an object";
            case "array" -> "a list";
            case "integer" -> "an integer";
            case "boolean" -> "a boolean";
            case "null" -> "null";
            default -> "a " + node.type();
        };
    }
}
