package dev.bellman.cli;

import dev.bellman.compile.Engine;
import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.document.Manifest;
import dev.bellman.model.Overlay;
import dev.bellman.rule.RuleSet;
import dev.bellman.schema.Validation;
import dev.bellman.source.Loaded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Checks objects that are there already, each by itself: nobody shall mend one mistake to be shown the next.
///
/// What only shows between objects is not looked for, since the first one is the one that is compiled.
final class RepeatedObjects {
    private RepeatedObjects() {}

    /// @param result of all other objects
    static List<Diagnostic> check(Loaded loaded, Engine.Result result) {
        if (loaded.repeated().isEmpty()) {
            return List.of();
        }
        List<Manifest> repeated =
                loaded.repeated().stream().map(Engine::inNamespace).toList();
        Map<String, Manifest> first = new HashMap<>();
        loaded.manifests().stream()
                .map(Engine::inNamespace)
                .forEach(manifest -> first.put(key(manifest, manifest.observed()), manifest));
        List<Diagnostic> findings = new ArrayList<>();
        List<Manifest> effective = new ArrayList<>();
        for (Manifest manifest : repeated) {
            if (!manifest.observed()) {
                findings.addAll(Validation.check(manifest));
            }
            Manifest twin = first.get(key(manifest, !manifest.observed()));
            effective.addAll(Overlay.of(twin == null ? List.of(manifest) : List.of(manifest, twin))
                    .manifests());
        }
        findings.addAll(
                RuleSet.read(RuleSet.among(effective), file -> loaded.texts().get(file))
                        .findings());
        findings.addAll(result.rules().checkObjects(effective));
        return findings;
    }

    private static String key(Manifest manifest, boolean observed) {
        return String.join(
                "\0",
                String.valueOf(observed),
                manifest.group(),
                manifest.kind(),
                manifest.namespace(),
                manifest.name());
    }
}
