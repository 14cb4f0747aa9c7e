package dev.bellman.compile;

import dev.bellman.address.Cidr;
import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.document.Manifest;
import dev.bellman.document.Spread;
import dev.bellman.model.Located;
import dev.bellman.model.Model;
import dev.bellman.model.ModelReader;
import dev.bellman.model.Overlay;
import dev.bellman.plan.Plan;
import dev.bellman.rule.RuleSet;
import dev.bellman.schema.Kinds;
import dev.bellman.schema.ResourceKind;
import dev.bellman.schema.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// From objects to a plan and all that is to be said about them: what the command line and the operator share,
/// so that a pull request shows what the cluster will do.
public final class Engine {
    private static final int MANY = 200;
    private static final String DEFAULT_NAMESPACE = "default";

    private Engine() {}

    /// @param manifests declared and observed ones
    /// @param texts the text of a file that was read, or null; none at all in a cluster
    /// @param calico the release whose behaviour is predicted, or null for the one that the cluster runs, or the
    /// newest
    /// @param clusterCidrs the pods' addresses, beside what classes and nodes say
    public record Input(
            List<Manifest> manifests,
            Function<String, @Nullable SourceText> texts,
            @Nullable CalicoVersion calico,
            List<Located<Cidr>> clusterCidrs) {
        public Input {
            manifests = List.copyOf(manifests);
            clusterCidrs = List.copyOf(clusterCidrs);
        }
    }

    /// @param objects how many objects of kinds that Bellman knows there were
    /// @param findings all of them, sorted, before anybody's decisions about them
    /// @param rules the rules that were in force
    /// @param options what it was compiled with
    public record Result(
            Model model, Plan plan, int objects, List<Diagnostic> findings, RuleSet rules, Compiler.Options options) {

        /// The plan as it would be after a node is gone, and the endpoints on it.
        public Plan without(String node) {
            return Compiler.compile(model.without(node), rules, options).plan();
        }
    }

    /// What a run found out about single objects, for the next run over nearly the same ones, with the same texts and
    /// by the same thread. It comes to the same as without.
    public static final class Memory {
        private final ModelReader.Memory model = new ModelReader.Memory();
        private List<Manifest> ruleManifests = List.of();
        private RuleSet.@Nullable Read rules;

        private RuleSet.Read rules(List<Manifest> manifests, Function<String, @Nullable SourceText> texts) {
            RuleSet.Read known = rules;
            if (known == null || !areSame(ruleManifests, manifests)) {
                known = RuleSet.read(manifests, texts);
                rules = known;
                ruleManifests = manifests;
            }
            return known;
        }

        @SuppressWarnings("ReferenceEquality") // the very same, which is quickly told
        private static boolean areSame(List<Manifest> some, List<Manifest> others) {
            return some.size() == others.size()
                    && IntStream.range(0, some.size()).allMatch(i -> some.get(i) == others.get(i));
        }
    }

    public static Result run(Input input) {
        return run(input, null);
    }

    /// @param memory of earlier runs, or null
    public static Result run(Input input, @Nullable Memory memory) {
        List<Manifest> manifests =
                input.manifests().stream().map(Engine::inNamespace).toList();
        Overlay overlay = Overlay.of(manifests);
        List<Manifest> effective = overlay.manifests();
        List<Manifest> ruleManifests = RuleSet.among(effective);
        RuleSet.Read rules = memory == null
                ? RuleSet.read(ruleManifests, input.texts())
                : memory.rules(ruleManifests, input.texts());
        // What is found in each object and what comes of all of them have nothing to do with each other.
        Supplier<List<Diagnostic>> single = Spread.beside(
                manifests.size() < MANY, () -> inObjects(manifests, effective, rules.rules(), memory != null));
        Model model = ModelReader.read(overlay, memory == null ? null : memory.model);
        Compiler.Options options = options(input, model);
        Compiled compiled = Compiler.compile(model, rules.rules(), options);
        List<Diagnostic> findings = new ArrayList<>(single.get());
        findings.addAll(rules.findings());
        findings.addAll(compiled.diagnostics());
        int objects = (int) manifests.stream().filter(Engine::isKnown).count();
        return new Result(
                model,
                compiled.plan(),
                objects,
                findings.stream().distinct().sorted().toList(),
                rules.rules(),
                options);
    }

    private static List<Diagnostic> inObjects(
            List<Manifest> manifests, List<Manifest> effective, RuleSet rules, boolean again) {
        List<Diagnostic> findings = Spread.flatMap(
                manifests, MANY, manifest -> manifest.observed() ? List.of() : Validation.check(manifest));
        findings.addAll(again ? rules.checkObjectsAgain(effective) : rules.checkObjects(effective));
        return findings;
    }

    /// Where a manifest leaves the namespace out, kubectl applies it to `default` unless it is told another one.
    public static Manifest inNamespace(Manifest manifest) {
        ResourceKind kind = Kinds.builtIn().find(manifest.apiVersion(), manifest.kind());
        return manifest.namespace().isEmpty() && kind != null && kind.namespaced()
                ? manifest.in(DEFAULT_NAMESPACE)
                : manifest;
    }

    private static Compiler.Options options(Input input, Model model) {
        CalicoVersion running = model.calicoVersion() == null ? null : CalicoVersion.parse(model.calicoVersion());
        CalicoVersion calico =
                input.calico() != null ? input.calico() : running != null ? running : CalicoVersion.NEWEST;
        return new Compiler.Options(calico, input.clusterCidrs());
    }

    private static boolean isKnown(Manifest manifest) {
        return Kinds.builtIn().isKnown(manifest.apiVersion(), manifest.kind());
    }
}
