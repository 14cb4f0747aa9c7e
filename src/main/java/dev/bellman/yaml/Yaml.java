package dev.bellman.yaml;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.diagnostic.Span;
import dev.bellman.document.Node;
import dev.bellman.document.Spread;
import dev.bellman.yaml.Pieces.Piece;
import dev.bellman.yaml.YamlDocuments.Chunk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads the documents of one YAML or JSON text.
///
/// A syntax error ends its document, not the file: the text is cut at its `---` lines first, as kubectl does it, and
/// each piece is parsed by itself.
public final class Yaml {
    /// Only a text with this in it can hold a silence, and reading comments costs time.
    private static final String COMMENT_MARK = "bellman:ignore";

    /// From here on it pays to parse the pieces of one text on several cores.
    private static final int PARALLEL_CHARACTERS = 1 << 18;

    private Yaml() {}

    /// What a text holds.
    ///
    /// @param documents one for each document that is not empty and could be read
    /// @param comments only of texts that have a silence in them
    public record Parsed(List<Node> documents, List<Diagnostic> diagnostics, List<Comment> comments) {}

    public static Parsed parse(SourceText source) {
        return parse(source, List.of());
    }

    /// Leaves out the documents in which bytes that are no text stand outside of comments: what was meant there, nobody
    /// knows.
    ///
    /// @param undecoded in the order of the text
    public static Parsed parse(SourceText source, List<Undecoded> undecoded) {
        Pieces pieces = Pieces.of(source);
        int many = source.text().length() > PARALLEL_CHARACTERS ? 0 : Integer.MAX_VALUE;
        List<Chunk> chunks = Spread.map(pieces.list(), many, piece -> parse(source, piece, undecoded));
        List<Node> documents = new ArrayList<>();
        List<Diagnostic> diagnostics = new ArrayList<>(pieces.diagnostics());
        List<Comment> comments = new ArrayList<>();
        for (Chunk chunk : chunks) {
            documents.addAll(chunk.documents());
            diagnostics.addAll(chunk.diagnostics());
            comments.addAll(chunk.comments());
        }
        return new Parsed(documents, diagnostics, comments);
    }

    private static Chunk parse(SourceText source, Piece piece, List<Undecoded> undecoded) {
        List<Undecoded> inside = Undecoded.between(undecoded, piece.start(), piece.end());
        boolean comments = !inside.isEmpty() || piece.text().contains(COMMENT_MARK);
        Chunk chunk = YamlDocuments.parse(source.file(), piece.text(), piece.lineOffset(), comments);
        return inside.isEmpty() ? chunk : without(inside, chunk, source);
    }

    /// One finding will do for a document: whoever saves it as UTF-8 mends all of it.
    private static Chunk without(List<Undecoded> undecoded, Chunk chunk, SourceText source) {
        // A comment ends with its line.
        Map<Integer, Integer> comments = new HashMap<>();
        chunk.comments()
                .forEach(comment ->
                        comments.put(comment.span().line(), comment.span().column()));
        Undecoded outside = undecoded.stream()
                .filter(one -> {
                    Span place = source.spanAt(one.offset());
                    return place.column() < comments.getOrDefault(place.line(), Integer.MAX_VALUE);
                })
                .findFirst()
                .orElse(null);
        Undecoded shown = outside == null ? undecoded.getFirst() : outside;
        Span place = source.spanAt(shown.offset());
        List<Diagnostic> diagnostics = new ArrayList<>();
        diagnostics.add(new Diagnostic(
                "not-utf8",
                Severity.ERROR,
                shown.message(),
                outside == null
                        ? "save the file as UTF-8"
                        : "save the file as UTF-8; nothing of this document was checked",
                place,
                ""));
        // What comes behind may be there only for what stands in place of the bytes.
        chunk.diagnostics().stream()
                .filter(finding -> outside == null || finding.span().compareTo(place) < 0)
                .forEach(diagnostics::add);
        return new Chunk(outside == null ? chunk.documents() : List.of(), diagnostics, chunk.comments());
    }
}
