package dev.bellman.source;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.SeverityChange;
import dev.bellman.diagnostic.Silence;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.diagnostic.Span;
import dev.bellman.document.Scalar;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What `.bellman.yaml` says.
///
/// @param folder the folder that its paths are relative to
/// @param source the text of the file, or null where there is none
/// @param inventory paths of the cluster's state, each with the place that names it
/// @param exclude globs of files and folders that are not read
/// @param calicoVersion the release to predict for, or null
/// @param clusterCidr the pods' addresses as kube-proxy's `--cluster-cidr` takes them, or null
public record Settings(
        Path folder,
        @Nullable SourceText source,
        List<Inventory> inventory,
        List<String> exclude,
        @Nullable Scalar calicoVersion,
        @Nullable Scalar clusterCidr,
        List<SeverityChange> severities,
        List<Silence> silences,
        List<Diagnostic> findings) {
    /// The name of the file.
    public static final String FILE = ".bellman.yaml";

    record Inventory(String path, Span place) {}

    public Settings {
        inventory = List.copyOf(inventory);
        exclude = List.copyOf(exclude);
        severities = List.copyOf(severities);
        silences = List.copyOf(silences);
        findings = List.copyOf(findings);
    }

    Path resolve(Inventory named) {
        return folder.resolve(named.path()).normalize();
    }

    static Settings none(Path folder) {
        return none(folder, List.of());
    }

    /// What a file whose name is nearly right says: nothing.
    static Settings misnamed(Path folder, String shown) {
        return none(
                folder,
                List.of(new Diagnostic(
                        "bad-settings",
                        Severity.ERROR,
                        "settings are not read from a file of this name",
                        "rename it to `" + FILE + "`",
                        Span.ofFile(shown),
                        "")));
    }

    private static Settings none(Path folder, List<Diagnostic> findings) {
        return new Settings(folder, null, List.of(), List.of(), null, null, List.of(), List.of(), findings);
    }
}
