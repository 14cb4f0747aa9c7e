package dev.bellman.yaml;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.document.Node;
import dev.bellman.document.Spread;
import dev.bellman.yaml.Pieces.Piece;
import dev.bellman.yaml.YamlDocuments.Chunk;
import java.util.ArrayList;
import java.util.List;

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
        Pieces pieces = Pieces.of(source);
        int many = source.text().length() > PARALLEL_CHARACTERS ? 0 : Integer.MAX_VALUE;
        List<Chunk> chunks = Spread.map(pieces.list(), many, piece -> parse(source.file(), piece));
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

    private static Chunk parse(String file, Piece piece) {
        return YamlDocuments.parse(
                file, piece.text(), piece.lineOffset(), piece.text().contains(COMMENT_MARK));
    }
}
