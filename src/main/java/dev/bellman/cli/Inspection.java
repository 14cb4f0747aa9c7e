package dev.bellman.cli;

import dev.bellman.address.Cidr;
import dev.bellman.compile.CalicoVersion;
import dev.bellman.compile.Engine;
import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.Silence;
import dev.bellman.diagnostic.Span;
import dev.bellman.document.Manifest;
import dev.bellman.document.Scalar;
import dev.bellman.model.Dataplane;
import dev.bellman.model.Located;
import dev.bellman.plan.Undecided;
import dev.bellman.report.Findings;
import dev.bellman.report.RuleInfo;
import dev.bellman.report.Silenced;
import dev.bellman.rule.Decisions;
import dev.bellman.rule.Rule;
import dev.bellman.schema.Kinds;
import dev.bellman.source.Loaded;
import dev.bellman.source.Memory;
import dev.bellman.source.Settings;
import dev.bellman.source.Source;
import dev.bellman.source.SourceException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What every command that reads manifests does first: read, check, compile, and apply what people decided about
/// findings.
record Inspection(Loaded loaded, Engine.Result result, Findings findings) {

    /// @throws Failure if a path or revision does not exist
    static Inspection of(Source.Request request, @Nullable CalicoVersion calico) {
        return of(read(request, null), calico);
    }

    /// @param memory of earlier readings, or null
    /// @throws Failure if a path or revision does not exist
    static Loaded read(Source.Request request, @Nullable Memory memory) {
        try {
            return Source.read(request, Inspection::isJudged, memory);
        } catch (SourceException e) {
            throw new Failure(String.valueOf(e.getMessage()), e);
        }
    }

    /// Reads only these files anew. See [Source#reread].
    static @Nullable Loaded reread(Source.Request request, Memory memory, Set<Path> changed) {
        return Source.reread(request, Inspection::isJudged, memory, changed);
    }

    private static boolean isJudged(Manifest manifest) {
        return Kinds.builtIn().isKnown(manifest.apiVersion(), manifest.kind());
    }

    static Inspection of(Loaded loaded, @Nullable CalicoVersion calico) {
        List<Diagnostic> found = new ArrayList<>(loaded.findings());
        Engine.Input input = input(loaded, calico, found);
        Engine.Result result = Engine.run(input);
        found.addAll(result.findings());
        found.addAll(RepeatedObjects.check(loaded, result));
        return new Inspection(loaded, result, findings(loaded, result, withoutVainFixes(found)));
    }

    /// A file with bytes that are no text cannot be written back as it was.
    private static List<Diagnostic> withoutVainFixes(List<Diagnostic> found) {
        Set<String> files = found.stream()
                .filter(finding -> finding.rule().equals("not-utf8"))
                .map(finding -> finding.span().file())
                .collect(Collectors.toSet());
        return files.isEmpty()
                ? found
                : found.stream()
                        .map(finding -> files.contains(finding.span().file()) ? finding.withFix(null) : finding)
                        .toList();
    }

    boolean hasErrors() {
        return findings.count(Severity.ERROR) > 0;
    }

    /// Says that there is more to know than what was found: nobody shall take what was not decided for fine.
    void sayUndecided(Terminal terminal) {
        List<Undecided> undecided = result.plan().undecided();
        if (undecided.isEmpty() || hasErrors()) {
            return;
        }
        Undecided first = undecided.getFirst();
        int more = undecided.size() - 1;
        terminal.warn("bellman: not decided here: " + first.what() + (more == 0 ? "" : ", and " + more + " more") + "; "
                + first.help());
    }

    /// The findings whose fixes may be carried out: the cluster's state is nobody's to mend in a file.
    List<Diagnostic> mendable() {
        List<Span> observed = Stream.concat(loaded.manifests().stream(), loaded.repeated().stream())
                .filter(Manifest::observed)
                .map(Manifest::span)
                .toList();
        return findings.diagnostics().stream()
                .filter(finding ->
                        finding.fix() != null && observed.stream().noneMatch(object -> object.contains(finding.span())))
                .toList();
    }

    private static Engine.Input input(Loaded loaded, @Nullable CalicoVersion asked, List<Diagnostic> found) {
        Settings settings = loaded.settings();
        CalicoVersion calico = asked;
        Scalar version = settings.calicoVersion();
        if (version != null) {
            CalicoVersion set = CalicoVersion.parse(String.valueOf(version.value()));
            if (set == null) {
                found.add(badSetting(version, "is not a version of Calico", "such as `v3.31.4` or `3.31`"));
            }
            calico = asked == null ? set : asked;
        }
        return new Engine.Input(
                loaded.manifests(),
                file -> loaded.texts().get(file),
                calico,
                clusterCidrs(settings.clusterCidr(), found));
    }

    private static List<Located<Cidr>> clusterCidrs(@Nullable Scalar text, List<Diagnostic> found) {
        if (text == null) {
            return List.of();
        }
        String value = String.valueOf(text.value());
        List<String> parts = List.of(value.split(",", -1));
        List<Cidr> read =
                parts.stream().map(Cidr::parse).filter(Objects::nonNull).toList();
        if (read.size() < parts.size()) {
            found.add(badSetting(text, "is not a CIDR", "one per family, with nothing but a comma between"));
        } else if (!read.stream().allMatch(cidr -> cidr.equals(cidr.masked()))) {
            String right = read.stream().map(cidr -> cidr.masked().toString()).collect(Collectors.joining(","));
            found.add(badSetting(text, "has bits beyond its length", "write `" + right + "`"));
        }
        return Dataplane.clusterCidrs(new Located<>(value, text.span()));
    }

    private static Diagnostic badSetting(Scalar value, String what, String help) {
        return new Diagnostic(
                "bad-settings", Severity.ERROR, "`" + value.value() + "` " + what, help, value.span(), "");
    }

    private static Findings findings(Loaded loaded, Engine.Result result, List<Diagnostic> found) {
        List<Silence> silences = new ArrayList<>(loaded.silences());
        silences.addAll(loaded.settings().silences());
        Decisions.Decided decided = Decisions.apply(
                found,
                loaded.settings().severities(),
                silences,
                result.rules(),
                result.plan().undecided().isEmpty());
        List<Silenced> silenced = decided.silenced().stream()
                .map(answered ->
                        new Silenced(answered.finding(), answered.silence().reason()))
                .toList();
        List<RuleInfo> rules = Stream.concat(
                        decided.findings().stream(), silenced.stream().map(Silenced::diagnostic))
                .map(Diagnostic::rule)
                .distinct()
                .map(id -> info(result, id))
                .toList();
        return new Findings(
                loaded.files(),
                loaded.anyAsked() ? result.objects() : 0,
                decided.findings(),
                silenced,
                rules,
                loaded.texts());
    }

    private static RuleInfo info(Engine.Result result, String id) {
        Rule rule = Objects.requireNonNull(result.rules().find(id), id);
        return new RuleInfo(rule.id(), rule.severity(), rule.summary(), rule.help(), rule.rationale(), "");
    }
}
