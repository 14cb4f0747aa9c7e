package dev.bellman.rule;

import dev.bellman.diagnostic.Severity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One thing that Bellman looks for.
///
/// @param id what findings, settings and silences call it
/// @param severity of its findings, unless a finding knows better
/// @param summary what is wrong, in a line
/// @param help what to do about it, where a finding knows nothing better
/// @param rationale why it is worth a finding
public record Rule(String id, Severity severity, String summary, String help, String rationale, Check check) {

    /// How it is found.
    public sealed interface Check {}

    /// By reading: nothing could be made of the text, so nobody can switch the finding off.
    public record Reading() implements Check {}

    /// By comparing an object with the definition of its kind, as the API server does.
    public record Definition() implements Check {}

    /// By code, since it takes more than an object or two to see it.
    public record Code() implements Check {}

    /// By a CEL expression over `object`.
    ///
    /// @param kinds the kinds of objects that it is about
    public record OnObjects(List<String> kinds, Condition condition) implements Check {
        public OnObjects {
            kinds = List.copyOf(kinds);
        }
    }

    /// By a CEL expression over a `policy`, a `service` that it selects, and its `class`.
    public record OnBindings(Condition condition) implements Check {}

    /// @param expression true when all is well
    /// @param message CEL for what is wrong when it is not, or null to say the summary
    /// @param at the field to point to, such as `spec.type`; empty for whatever settled the result
    /// @param related the fields that make the other place to show: the first that the objects state, if any does
    /// @param masksPrefix whether the right answer is the prefix without its host bits
    public record Condition(
            String expression, @Nullable String message, String at, List<String> related, boolean masksPrefix) {
        public Condition {
            related = List.copyOf(related);
        }
    }

    /// Whether settings and silences may not touch it.
    public boolean isObligatory() {
        return check instanceof Reading;
    }
}
