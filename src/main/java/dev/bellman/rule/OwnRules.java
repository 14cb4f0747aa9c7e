package dev.bellman.rule;

import dev.bellman.cel.Expression;
import dev.bellman.cel.Expression.Compiled;
import dev.bellman.cel.Expression.Problem;
import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Nearest;
import dev.bellman.diagnostic.Related;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.diagnostic.Span;
import dev.bellman.document.Manifest;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.ScalarText;
import dev.bellman.document.Sequence;
import dev.bellman.rule.Rule.Condition;
import dev.bellman.rule.Rule.OnObjects;
import dev.bellman.schema.Kinds;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The organisation's own rules, as AdvertisementRules say them.
final class OwnRules {
    private static final Set<String> VARIABLES = Set.of("object");

    private final Catalogue catalogue;
    private final Function<String, @Nullable SourceText> texts;
    private final List<Diagnostic> findings = new ArrayList<>();
    private final List<Own> rules = new ArrayList<>();

    private OwnRules(Catalogue catalogue, Function<String, @Nullable SourceText> texts) {
        this.catalogue = catalogue;
        this.texts = texts;
    }

    /// @param expression where the expression is written
    record Own(Program program, Manifest manifest, Scalar expression) {}

    record Found(List<Own> rules, List<Diagnostic> findings) {}

    static Found read(List<Manifest> manifests, Catalogue catalogue, Function<String, @Nullable SourceText> texts) {
        OwnRules reader = new OwnRules(catalogue, texts);
        manifests.forEach(reader::read);
        return new Found(reader.rules, reader.findings);
    }

    private void read(Manifest manifest) {
        if (!(manifest.root().at("spec", "expression") instanceof Scalar expression)
                || !(expression.value() instanceof String)
                || !(manifest.root().at("spec", "match", "kinds") instanceof Sequence matched)) {
            // Its definition has found it.
            return;
        }
        if (catalogue.find(manifest.name()) != null) {
            add(
                    "rule-name-taken",
                    manifest.nameSpan(),
                    manifest,
                    "`" + manifest.name() + "` is the name of a rule that Bellman ships");
            return;
        }
        List<String> kinds = kinds(manifest, matched);
        switch (Expression.compile(String.valueOf(expression.value()), VARIABLES)) {
            case Compiled.Failed(List<Problem> problems) ->
                problems.forEach(problem -> add(
                        "rule-does-not-compile",
                        place(expression, problem.offset()),
                        manifest,
                        "the expression does not compile: " + problem.message()));
            case Compiled.Ok(Expression compiled)
            when compiled.otherThanBoolean() != null ->
                add(
                        "rule-does-not-compile",
                        place(expression, 0),
                        manifest,
                        "the expression does not compile: it must be true or false, not of type "
                                + compiled.otherThanBoolean());
            case Compiled.Ok(Expression compiled) -> {
                Condition condition = new Condition(String.valueOf(expression.value()), null, "", List.of(), false);
                Rule rule = rule(manifest, kinds, condition);
                Related origin =
                        new Related(manifest.nameSpan(), "AdvertisementRule `" + manifest.name() + "` is here");
                rules.add(new Own(Program.own(rule, condition, compiled, origin), manifest, expression));
            }
        }
    }

    private static Rule rule(Manifest manifest, List<String> kinds, Condition condition) {
        String severity = manifest.root().text("spec", "severity");
        Severity known = severity == null ? null : Severity.find(severity);
        String message = manifest.root().text("spec", "message");
        String help = manifest.root().text("spec", "help");
        return new Rule(
                manifest.name(),
                known == null ? Severity.ERROR : known,
                message == null ? "" : message.strip(),
                help == null ? "" : help.strip(),
                "A rule of your organisation's own, AdvertisementRule `" + manifest.name() + "`.",
                new OnObjects(kinds, condition));
    }

    private List<String> kinds(Manifest manifest, Sequence matched) {
        List<String> kinds = new ArrayList<>();
        for (Node item : matched.items()) {
            if (!(item instanceof Scalar scalar) || !(scalar.value() instanceof String kind)) {
                continue;
            }
            if (Kinds.names().contains(kind)) {
                kinds.add(kind);
            } else {
                Rule rule = catalogue.get("rule-kind-unknown");
                findings.add(new Diagnostic(
                        rule.id(),
                        rule.severity(),
                        "Bellman reads no objects of kind `" + kind + "`, so the rule is never checked on them",
                        Nearest.help(kind, Kinds.names()),
                        scalar.span(),
                        manifest.object()));
            }
        }
        return kinds;
    }

    private void add(String id, Span span, Manifest manifest, String message) {
        Rule rule = catalogue.get(id);
        findings.add(new Diagnostic(id, rule.severity(), message, rule.help(), span, manifest.object()));
    }

    private Span place(Scalar expression, int offset) {
        return ScalarText.place(expression, texts.apply(expression.span().file()), offset);
    }

    /// The finding about a rule that had no answer for some object, at the place in its expression.
    static Diagnostic noAnswer(
            Own own,
            Problem problem,
            List<Manifest> objects,
            Rule about,
            Function<String, @Nullable SourceText> texts) {
        Manifest object = objects.getFirst();
        String others = objects.size() == 1 ? "" : ", and for " + (objects.size() - 1) + " more";
        return new Diagnostic(
                about.id(),
                about.severity(),
                "the expression has no answer for " + object.object() + others + ": " + problem.message(),
                problem.message().startsWith("no such key")
                        ? about.help()
                        : "a rule has to come out true or false for every object that it is about",
                ScalarText.place(
                        own.expression(), texts.apply(own.expression().span().file()), problem.offset()),
                own.manifest().object(),
                List.of(new Related(object.nameSpan(), object.object() + " is here")),
                null);
    }
}
