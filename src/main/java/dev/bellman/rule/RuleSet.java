package dev.bellman.rule;

import dev.bellman.cel.Expression.Problem;
import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.diagnostic.Span;
import dev.bellman.document.Kept;
import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Spread;
import dev.bellman.rule.OwnRules.Own;
import dev.bellman.rule.Program.Complies;
import dev.bellman.rule.Program.NoAnswer;
import dev.bellman.rule.Program.Violates;
import dev.bellman.rule.Rule.OnBindings;
import dev.bellman.rule.Rule.OnObjects;
import dev.bellman.schema.Defaults;
import dev.bellman.schema.Kinds;
import dev.bellman.schema.ResourceKind;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The CEL rules that hold in one run: those of the catalogue and the organisation's own.
public final class RuleSet {
    /// Threads pay from here on.
    private static final int MANY = 200;

    private static final int MANY_CLAIMS = 64;

    static final Set<String> OBJECT = Set.of("object");
    static final Set<String> BINDING = Set.of("policy", "service", "class");

    private final Catalogue catalogue;
    private final List<Own> own;
    private final Function<String, @Nullable SourceText> texts;
    private final Map<String, List<Program>> builtIn = new ConcurrentHashMap<>();
    private final Kept<Manifest, List<Outcome>> judged = new Kept<>();

    private RuleSet(Catalogue catalogue, List<Own> own, Function<String, @Nullable SourceText> texts) {
        this.catalogue = catalogue;
        this.own = List.copyOf(own);
        this.texts = texts;
    }

    /// @param findings what is wrong with the organisation's own rules
    public record Read(RuleSet rules, List<Diagnostic> findings) {}

    public static RuleSet builtIn() {
        return new RuleSet(Catalogue.builtIn(), List.of(), _ -> null);
    }

    /// The organisation's own rules among objects.
    public static List<Manifest> among(List<Manifest> objects) {
        return objects.stream()
                .filter(object -> object.kind().equals("AdvertisementRule")
                        && object.group().equals(Kinds.GROUP))
                .toList();
    }

    /// @param advertisementRules the organisation's own rules
    /// @param texts the text of a file that was read, so that a mistake is found inside an expression
    public static Read read(List<Manifest> advertisementRules, Function<String, @Nullable SourceText> texts) {
        OwnRules.Found found = OwnRules.read(advertisementRules, Catalogue.builtIn(), texts);
        return new Read(new RuleSet(Catalogue.builtIn(), found.rules(), texts), found.findings());
    }

    public Catalogue catalogue() {
        return catalogue;
    }

    /// A rule of the catalogue or of the organisation's own, or null.
    public @Nullable Rule find(String id) {
        Rule rule = catalogue.find(id);
        return rule != null ? rule : ownRules().get(id);
    }

    /// The organisation's own rules by id, sorted.
    public SortedMap<String, Rule> ownRules() {
        SortedMap<String, Rule> rules = new TreeMap<>();
        own.forEach(one -> rules.put(one.program().rule().id(), one.program().rule()));
        return rules;
    }

    /// Judges every object by the rules about its kind. Objects of kinds that Bellman does not know are passed over.
    public List<Diagnostic> checkObjects(List<Manifest> objects) {
        return findings(Spread.flatMap(objects, MANY, this::judge));
    }

    /// The same, asking about objects only that were not there the last time.
    public List<Diagnostic> checkObjectsAgain(List<Manifest> objects) {
        List<Outcome> outcomes = new ArrayList<>();
        judged.map(objects, object -> object, MANY, this::judge).forEach(outcomes::addAll);
        return findings(outcomes);
    }

    private List<Diagnostic> findings(List<Outcome> outcomes) {
        List<Diagnostic> findings = new ArrayList<>();
        Map<Own, List<Unanswered>> unanswered = new LinkedHashMap<>();
        for (Outcome outcome : outcomes) {
            switch (outcome) {
                case Found found -> findings.add(found.finding());
                case Unanswered one ->
                    unanswered
                            .computeIfAbsent(one.own(), _ -> new ArrayList<>())
                            .add(one);
            }
        }
        unanswered.values().forEach(all -> findings.add(noAnswer(all)));
        return findings;
    }

    private sealed interface Outcome {}

    private record Found(Diagnostic finding) implements Outcome {}

    private record Unanswered(Own own, Manifest object, Problem problem) implements Outcome {}

    private List<Outcome> judge(Manifest manifest) {
        List<Program> programs = builtIn.computeIfAbsent(manifest.kind(), this::aboutObjects);
        List<Own> mine = own.stream().filter(one -> isAbout(one, manifest)).toList();
        if (programs.isEmpty() && mine.isEmpty()) {
            return List.of();
        }
        Mapping object = withDefaults(manifest);
        if (object == null) {
            return List.of();
        }
        List<Outcome> outcomes = new ArrayList<>();
        Map<String, Node> variables = Map.of("object", object);
        for (Program program : programs) {
            // No answer: the object lacks what its kind requires, which its definition has found.
            if (program.judge(variables, manifest.object(), null) instanceof Violates(Diagnostic finding)) {
                outcomes.add(new Found(finding));
            }
        }
        for (Own one : mine) {
            switch (one.program().judge(variables, manifest.object(), null)) {
                case Complies _ -> {}
                case Violates(Diagnostic finding) -> outcomes.add(new Found(finding));
                case NoAnswer(Problem problem) -> outcomes.add(new Unanswered(one, manifest, problem));
            }
        }
        return outcomes;
    }

    private static boolean isAbout(Own own, Manifest manifest) {
        return own.program().rule().check() instanceof OnObjects about
                && about.kinds().contains(manifest.kind());
    }

    private Diagnostic noAnswer(List<Unanswered> all) {
        Unanswered first = all.getFirst();
        return OwnRules.noAnswer(
                first.own(),
                first.problem(),
                all.stream().map(Unanswered::object).toList(),
                catalogue.get("rule-fails"),
                texts);
    }

    /// One policy's claim on one service.
    ///
    /// @param advertisementClass null where it is not there, and rules that ask for it have no answer
    /// @param asked the service's name or the selector in the policy
    public record Claim(
            Manifest policy, Manifest service, @Nullable Manifest advertisementClass, Span asked) {}

    /// Judges every claim by the rules about policies, services and classes together.
    public List<Diagnostic> checkClaims(List<Claim> claims) {
        List<Program> programs = builtIn.computeIfAbsent("binding", _ -> aboutBindings());
        // A policy has many services, and a class many policies.
        IdentityHashMap<Manifest, @Nullable Mapping> known = new IdentityHashMap<>();
        for (Claim claim : claims) {
            known.computeIfAbsent(claim.policy(), RuleSet::withDefaults);
            if (claim.advertisementClass() != null) {
                known.computeIfAbsent(claim.advertisementClass(), RuleSet::withDefaults);
            }
        }
        return Spread.flatMap(claims, MANY_CLAIMS, claim -> check(claim, programs, known));
    }

    private static List<Diagnostic> check(
            Claim claim, List<Program> programs, IdentityHashMap<Manifest, @Nullable Mapping> known) {
        Mapping policy = known.get(claim.policy());
        Mapping service = withDefaults(claim.service());
        Mapping advertisementClass = claim.advertisementClass() == null ? null : known.get(claim.advertisementClass());
        if (policy == null || service == null) {
            return List.of();
        }
        Map<String, Node> variables = new LinkedHashMap<>();
        variables.put("policy", policy);
        variables.put("service", service);
        if (advertisementClass != null) {
            variables.put("class", advertisementClass);
        }
        List<Diagnostic> findings = new ArrayList<>();
        for (Program program : programs) {
            if (program.judge(variables, claim.policy().object(), claim.asked())
                    instanceof Violates(Diagnostic finding)) {
                findings.add(finding);
            }
        }
        return findings;
    }

    private static @Nullable Mapping withDefaults(Manifest manifest) {
        ResourceKind kind = Kinds.builtIn().find(manifest.apiVersion(), manifest.kind());
        return kind == null ? null : Defaults.apply(manifest.root(), kind);
    }

    private List<Program> aboutObjects(String kind) {
        return catalogue.about(kind).stream()
                .map(rule -> Program.builtIn(rule, ((OnObjects) rule.check()).condition(), OBJECT))
                .toList();
    }

    private List<Program> aboutBindings() {
        return catalogue.aboutBindings().stream()
                .map(rule -> Program.builtIn(rule, ((OnBindings) rule.check()).condition(), BINDING))
                .toList();
    }
}
