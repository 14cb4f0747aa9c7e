package dev.bellman.source;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Silence;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.document.Manifest;
import java.util.List;
import java.util.Map;

/// What was read.
///
/// @param files how many files were read, or should have been
/// @param manifests in the order of the files, and within a file as written
/// @param repeated objects that are among those already, in the same order
/// @param anyAsked whether any manifest came from the paths themselves, and not only from the inventory beside
/// them
/// @param findings what could not be read
/// @param silences those in comments
/// @param texts the files by the name that places use
public record Loaded(
        int files,
        List<Manifest> manifests,
        List<Manifest> repeated,
        boolean anyAsked,
        List<Diagnostic> findings,
        List<Silence> silences,
        Settings settings,
        Map<String, SourceText> texts) {
    public Loaded {
        manifests = List.copyOf(manifests);
        repeated = List.copyOf(repeated);
        findings = List.copyOf(findings);
        silences = List.copyOf(silences);
        texts = Map.copyOf(texts);
    }
}
