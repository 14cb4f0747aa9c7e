package dev.bellman.report;

import dev.bellman.diagnostic.Severity;

/// What a report says about a rule beside its findings.
///
/// @param summary one line without a full stop
/// @param help what to do about any finding of the rule; may be empty
/// @param rationale why the rule exists, as Markdown; may be empty
/// @param helpUri a page about the rule, or empty
public record RuleInfo(String id, Severity severity, String summary, String help, String rationale, String helpUri) {}
