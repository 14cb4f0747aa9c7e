package dev.bellman.source;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.Silence;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.diagnostic.Span;
import dev.bellman.document.Manifest;
import dev.bellman.document.Spread;
import dev.bellman.source.Settings.Inventory;
import dev.bellman.source.Walk.Found;
import dev.bellman.yaml.Undecoded;
import dev.bellman.yaml.Yaml;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads everything that one command looks at.
public final class Source {
    private static final String STDIN = "-";
    private static final String MISNAMED = ".bellman.yml";
    private static final int MANY = 16;

    private final Request request;
    private final Tree tree;
    private final Predicate<Manifest> isJudged;
    private final @Nullable Memory memory;

    private Source(Request request, Tree tree, Predicate<Manifest> isJudged, @Nullable Memory memory) {
        this.request = request;
        this.tree = tree;
        this.isJudged = isJudged;
        this.memory = memory;
    }

    /// @param paths files, folders or `-`
    /// @param inventory files or folders of the cluster's state
    /// @param revision the Git revision to read the paths from, or null for the files on disk
    /// @param output a folder that is not read, since the command writes it, or null
    /// @param folder the folder that relative paths are relative to
    public record Request(
            List<String> paths,
            List<String> inventory,
            @Nullable String revision,
            @Nullable Path output,
            Path folder,
            InputStream stdin) {
        public Request {
            paths = List.copyOf(paths);
            inventory = List.copyOf(inventory);
        }

        public Request(
                List<String> paths, List<String> inventory, @Nullable String revision, Path folder, InputStream stdin) {
            this(paths, inventory, revision, null, folder, stdin);
        }

        public Request withOutput(Path written) {
            return new Request(paths, inventory, revision, absolute(written.toString()), folder, stdin);
        }

        Path absolute(String path) {
            return folder.resolve(path).toAbsolutePath().normalize();
        }
    }

    /// @param isJudged whether an object is of a kind that anybody here judges, so that it must not be there
    /// twice
    /// @throws SourceException if a path or the revision does not exist
    public static Loaded read(Request request, Predicate<Manifest> isJudged) {
        return read(request, isJudged, null);
    }

    /// @param memory of earlier readings of files on disk, or null
    public static Loaded read(Request request, Predicate<Manifest> isJudged, @Nullable Memory memory) {
        try (Tree tree = request.revision() == null
                ? new DiskTree()
                : RevisionTree.open(request.absolute(firstPath(request)), request.revision())) {
            return new Source(request, tree, isJudged, memory).read();
        }
    }

    /// Reads only these files anew, and takes what the memory last read for all others.
    ///
    /// @param request the same as then, for files on disk
    /// @param changed absolute paths
    /// @return null if that does not do, since one of them was not read then, or decides on what else is read
    public static @Nullable Loaded reread(
            Request request, Predicate<Manifest> isJudged, Memory memory, Set<Path> changed) {
        try (Tree tree = new DiskTree()) {
            Source source = new Source(request, tree, isJudged, memory);
            Reading reading = memory.replace(changed, found -> source.piece(tree, found));
            return reading == null ? null : source.loaded(reading);
        }
    }

    /// The same request at the merge base of a revision with what it reads, without the paths that were not
    /// there yet.
    ///
    /// @throws SourceException if there is no repository, no such revision or no merge base
    public static Request atMergeBase(Request request, String base) {
        String head = request.revision() == null ? "HEAD" : request.revision();
        Path inside = request.absolute(firstPath(request));
        String revision = RevisionTree.mergeBase(inside, base, head);
        try (Tree tree = RevisionTree.open(inside, revision)) {
            List<String> there = request.paths().stream()
                    .filter(path -> tree.isFolder(request.absolute(path)) || tree.isFile(request.absolute(path)))
                    .toList();
            return new Request(
                    there, request.inventory(), revision, request.output(), request.folder(), request.stdin());
        }
    }

    private static String firstPath(Request request) {
        return files(request.paths()).findFirst().orElse(".");
    }

    private Loaded read() {
        files(request.paths()).forEach(path -> require(tree, path));
        if (request.revision() == null) {
            files(request.inventory()).forEach(path -> require(tree, path));
        }
        Settings settings = settings();
        Exclusion exclusion = new Exclusion(settings.folder(), settings.exclude());
        List<Diagnostic> findings = new ArrayList<>(settings.findings());
        Walk walk = new Walk(tree, request.output());
        settings.inventory().forEach(inventory -> walk.inventory(settings.resolve(inventory)));
        List<Piece> pieces = new ArrayList<>();
        if (request.revision() == null) {
            files(request.inventory()).forEach(path -> walk.inventory(request.absolute(path)));
            addAll(walk, request.inventory(), exclusion);
        } else {
            pieces.addAll(inventoryOnDisk(settings, exclusion, findings));
        }
        addAll(walk, request.paths(), exclusion);
        settings.inventory().stream()
                .filter(inventory -> tree.covers(settings.resolve(inventory)))
                .forEach(inventory -> addInventory(tree, walk, settings, exclusion, inventory, findings));
        pieces.addAll(read(tree, walk.files()));
        findings.addAll(walk.findings());
        boolean isInventory = request.inventory().contains(STDIN);
        if (isInventory || request.paths().contains(STDIN)) {
            pieces.add(piece(new Found(request.folder(), STDIN, isInventory), stdin()));
        }
        Reading reading = new Reading(settings, pieces, findings);
        if (memory != null) {
            memory.keep(reading);
        }
        return loaded(reading);
    }

    private static Stream<String> files(List<String> paths) {
        return paths.stream().filter(path -> !path.equals(STDIN));
    }

    private void addAll(Walk walk, List<String> paths, Exclusion exclusion) {
        files(paths).forEach(path -> walk.add(request.absolute(path), path, exclusion));
    }

    /// What the user names on the command line serves every revision, so it is on disk, as is what lies outside
    /// the repository.
    private List<Piece> inventoryOnDisk(Settings settings, Exclusion exclusion, List<Diagnostic> findings) {
        try (Tree disk = new DiskTree()) {
            Walk walk = new Walk(disk, request.output());
            files(request.inventory()).forEach(path -> {
                require(disk, path);
                walk.inventory(request.absolute(path));
            });
            addAll(walk, request.inventory(), exclusion);
            settings.inventory().stream()
                    .filter(inventory -> !tree.covers(settings.resolve(inventory)))
                    .forEach(inventory -> {
                        walk.inventory(settings.resolve(inventory));
                        addInventory(disk, walk, settings, exclusion, inventory, findings);
                    });
            findings.addAll(walk.findings());
            return read(disk, walk.files());
        }
    }

    private void require(Tree where, String path) {
        if (path.isEmpty()) {
            // Left to itself it would be the folder one stands in: seldom what an unset variable of a script
            // means.
            throw new SourceException("a path is empty");
        }
        Path absolute = request.absolute(path);
        if (!where.isFolder(absolute) && !where.isFile(absolute)) {
            throw new SourceException(path + ": no such file or folder"
                    + (request.revision() == null || where instanceof DiskTree
                            ? ""
                            : " in revision " + request.revision()));
        }
    }

    private void addInventory(
            Tree where,
            Walk walk,
            Settings settings,
            Exclusion exclusion,
            Inventory inventory,
            List<Diagnostic> findings) {
        Path path = settings.resolve(inventory);
        if (where.isFolder(path) || where.isFile(path)) {
            walk.add(path, shown(path), exclusion);
        } else {
            findings.add(new Diagnostic(
                    "unreadable",
                    Severity.ERROR,
                    "inventory `" + inventory.path() + "` does not exist",
                    "paths are relative to the folder of " + Settings.FILE,
                    inventory.place(),
                    ""));
        }
    }

    /// The settings nearest to the first path, looked for upwards to the root of the repository.
    private Settings settings() {
        Path start = request.absolute(firstPath(request));
        Path folder = tree.isFolder(start) ? start : start.getParent();
        while (folder != null) {
            Path file = folder.resolve(Settings.FILE);
            if (tree.isFile(file)) {
                return settings(file, folder);
            }
            Path misnamed = folder.resolve(MISNAMED);
            if (tree.isFile(misnamed)) {
                return Settings.misnamed(folder, shown(misnamed));
            }
            if (folder.resolve(".git").toFile().exists()) {
                break;
            }
            folder = folder.getParent();
        }
        return Settings.none(start);
    }

    private Settings settings(Path file, Path folder) {
        String shown = shown(file);
        Text text;
        try {
            text = Text.of(shown, tree.read(file));
        } catch (IOException e) {
            throw new SourceException(shown + ": " + Reason.of(e), e);
        }
        return switch (text) {
            case Text.Readable(SourceText source, List<Undecoded> undecoded)
            when undecoded.isEmpty() -> SettingsReader.read(source, folder, request.absolute("."), !coversAll(folder));
            case Text.Readable(SourceText source, List<Undecoded> undecoded) -> {
                Undecoded first = undecoded.getFirst();
                throw new SourceException(source.spanAt(first.offset()) + ": " + first.message());
            }
            case Text.Unreadable(Diagnostic finding) ->
                throw new SourceException(finding.span() + ": " + finding.message());
        };
    }

    /// Whether everything below a folder is looked at.
    private boolean coversAll(Path folder) {
        return files(request.paths()).anyMatch(path -> folder.startsWith(request.absolute(path)));
    }

    /// A path that nobody wrote, shown as short as it can be: below a path that was written, or below the
    /// folder that the command runs in.
    private String shown(Path path) {
        for (String asked : request.paths()) {
            Path base = asked.equals(STDIN) ? request.absolute(".") : request.absolute(asked);
            if (tree.isFolder(base) && path.startsWith(base)) {
                String prefix = asked.equals(STDIN) ? "" : asked.endsWith("/") ? asked : asked + "/";
                return prefix + base.relativize(path);
            }
        }
        Path here = request.absolute(".");
        String first = firstPath(request);
        boolean relative = !Path.of(first).isAbsolute();
        return relative && here.getParent() != null ? here.relativize(path).toString() : path.toString();
    }

    /// One file, read as far as it could be.
    record Piece(
            Found found,
            @Nullable SourceText source,
            List<ManifestReader.Candidate> objects,
            List<Silence> silences,
            List<Diagnostic> findings) {}

    /// All that was read, put together anew when some of its files have changed.
    ///
    /// @param findings those that are in no file
    record Reading(Settings settings, List<Piece> pieces, List<Diagnostic> findings) {}

    private List<Piece> read(Tree from, List<Found> files) {
        Memory known = from instanceof DiskTree ? memory : null;
        return Spread.map(
                files,
                MANY,
                found -> known == null ? piece(from, found) : known.recall(found, one -> piece(from, one)));
    }

    private Piece piece(Tree from, Found found) {
        try {
            return piece(found, from.read(found.path()));
        } catch (IOException e) {
            return new Piece(
                    found,
                    null,
                    List.of(),
                    List.of(),
                    List.of(new Diagnostic(
                            "unreadable",
                            Severity.ERROR,
                            "the file cannot be read: " + Reason.of(e),
                            "nothing of it was checked",
                            Span.ofFile(found.shown()),
                            "")));
        }
    }

    private Piece piece(Found found, byte[] bytes) {
        return switch (Text.of(found.shown(), bytes)) {
            case Text.Unreadable(Diagnostic finding) -> new Piece(found, null, List.of(), List.of(), List.of(finding));
            case Text.Readable(SourceText source, List<Undecoded> undecoded) -> {
                Yaml.Parsed parsed = Yaml.parse(source, undecoded);
                ManifestReader reader = new ManifestReader(isJudged, found.inventory());
                parsed.documents().forEach(reader::add);
                List<Diagnostic> findings = new ArrayList<>(parsed.diagnostics());
                findings.addAll(reader.findings());
                yield new Piece(
                        found,
                        source,
                        List.copyOf(reader.objects()),
                        Silences.of(source, parsed.comments()),
                        List.copyOf(findings));
            }
        };
    }

    private byte[] stdin() {
        try {
            return request.stdin().readAllBytes();
        } catch (IOException e) {
            throw new SourceException("standard input cannot be read: " + e.getMessage(), e);
        }
    }

    private boolean anyAsked(List<Manifest> manifests) {
        List<Path> asked = files(request.paths()).map(request::absolute).toList();
        return manifests.stream()
                .filter(isJudged)
                .map(manifest -> manifest.span().file())
                .distinct()
                .anyMatch(file -> file.equals(STDIN)
                        ? request.paths().contains(STDIN)
                        : asked.stream().anyMatch(request.absolute(file)::startsWith));
    }

    private Loaded loaded(Reading reading) {
        Settings settings = reading.settings();
        List<Diagnostic> findings = new ArrayList<>(reading.findings());
        List<ManifestReader.Candidate> objects = new ArrayList<>();
        List<Silence> silences = new ArrayList<>();
        Map<String, SourceText> texts = new HashMap<>();
        if (settings.source() != null) {
            texts.put(settings.source().file(), settings.source());
        }
        for (Piece piece : reading.pieces()) {
            findings.addAll(piece.findings());
            if (piece.source() != null) {
                texts.put(piece.source().file(), piece.source());
            }
            silences.addAll(piece.silences());
            objects.addAll(piece.objects());
        }
        List<Manifest> manifests = new ArrayList<>(objects.size());
        List<Manifest> repeated = new ArrayList<>();
        ManifestReader.unite(objects, manifests, repeated, findings);
        return new Loaded(
                reading.pieces().size(), manifests, repeated, anyAsked(manifests), findings, silences, settings, texts);
    }
}
