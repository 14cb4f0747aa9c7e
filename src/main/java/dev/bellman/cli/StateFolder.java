package dev.bellman.cli;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import dev.bellman.agent.Input;
import dev.bellman.compile.Engine;
import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.diagnostic.Span;
import dev.bellman.document.Manifest;
import dev.bellman.document.Node;
import dev.bellman.model.EndpointSlice;
import dev.bellman.model.SliceReader;
import dev.bellman.plan.NodeState;
import dev.bellman.report.ConciseReport;
import dev.bellman.report.Style;
import dev.bellman.rule.Rule;
import dev.bellman.source.Loaded;
import dev.bellman.source.Memory;
import dev.bellman.source.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A folder of policies and inventory that an agent watches, where there is no API server.
///
/// A policy with an error holds back the plan, not the Services and endpoints, which are facts. A file that
/// cannot be read holds back everything, since what is in it may be either.
final class StateFolder implements AutoCloseable {
    /// Changes that the system does not tell of, such as on a network file system, are seen after so long.
    private static final long LOOK_MILLIS = 5_000;

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS);

    /// Saving waits until nothing more comes, so that it delays no change.
    private static final long QUIET_MILLIS = 1_000;

    /// But no longer than this.
    private static final long LONGEST_UNSAVED_NANOS = TimeUnit.SECONDS.toNanos(10);

    /// Git, and some editors, replace a file by deleting it and writing it anew. So one that disappears is
    /// taken for deleted only after it has stayed away for so long.
    private static final long GONE_MILLIS = 500;

    private final Path folder;
    private final String node;
    private final Terminal terminal;
    private final Consumer<Input> to;
    private final WatchService watcher;
    private final Map<Path, WatchKey> watched = new HashMap<>();
    private final Thread thread = new Thread(this::watch, "state-folder");
    private @Nullable NodeState good;
    private List<String> heldBack = List.of();
    private final Memory memory = new Memory();
    private final LastGood lastGood;
    private @Nullable Seen seen;
    private final SliceReader slices = new SliceReader();
    private @Nullable Loaded unsaved;
    private long unsavedSince = System.nanoTime();
    private Set<String> files = Set.of();
    private @Nullable Long missingSince;

    /// @param runDir where the last good state is kept
    /// @throws Failure if the folder cannot be watched
    StateFolder(Path folder, Path runDir, String node, Terminal terminal, Consumer<Input> to) {
        this.folder = folder;
        this.lastGood = new LastGood(runDir);
        this.node = node;
        this.terminal = terminal;
        this.to = to;
        try {
            this.watcher = FileSystems.getDefault().newWatchService();
        } catch (IOException e) {
            throw new Failure("cannot watch " + folder + ": " + e.getMessage(), e);
        }
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void watch() {
        try {
            Set<Path> changed = null;
            long looked = 0;
            while (true) {
                // What is known to have changed goes first.
                boolean seen = changed != null && missingSince == null && reread(changed);
                if (!seen || System.nanoTime() - looked > LOOK_NANOS) {
                    // Before reading: what changes while we read is told of afterwards.
                    watchFolders();
                    read();
                    looked = System.nanoTime();
                }
                WatchKey key = watcher.poll(patience(), TimeUnit.MILLISECONDS);
                if (key == null || System.nanoTime() - unsavedSince > LONGEST_UNSAVED_NANOS) {
                    save();
                }
                changed = changed(key);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ClosedWatchServiceException e) {
            // The agent ends while we look.
            return;
        }
    }

    /// How long to wait for the system to tell of something, in milliseconds.
    private long patience() {
        if (missingSince != null) {
            return GONE_MILLIS / 2;
        }
        return unsaved != null ? QUIET_MILLIS : LOOK_MILLIS;
    }

    /// The files that the system says were written or replaced.
    ///
    /// @param first what it told first, or null for nothing
    /// @return null where anything else may have happened too
    private @Nullable Set<Path> changed(@Nullable WatchKey first) {
        Set<Path> changed = new HashSet<>();
        boolean onlyFiles = true;
        for (WatchKey key = first; key != null; key = watcher.poll()) {
            for (WatchEvent<?> event : key.pollEvents()) {
                if (event.context() instanceof Path name
                        && key.watchable() instanceof Path of
                        && !event.kind().equals(ENTRY_DELETE)) {
                    changed.add(of.resolve(name).toAbsolutePath().normalize());
                } else {
                    onlyFiles = false;
                }
            }
            onlyFiles &= key.reset();
        }
        return onlyFiles ? changed : null;
    }

    private void watchFolders() {
        watched.values().removeIf(key -> !key.isValid());
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path one, BasicFileAttributes attributes) throws IOException {
                    if (!one.equals(folder) && one.getFileName().toString().startsWith(".")) {
                        // Nobody reads it either, and Git does much in its own.
                        return FileVisitResult.SKIP_SUBTREE;
                    }
                    if (!watched.containsKey(one)) {
                        watched.put(one, one.register(watcher, ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY));
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    // What goes away while we look is a change that the next look sees.
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException | UncheckedIOException e) {
            // A folder that goes away while we look is a change that the next look sees.
            return;
        }
    }

    private Source.Request request() {
        return new Source.Request(List.of(folder.toString()), List.of(), null, Path.of(""), terminal.in());
    }

    /// Looks at everything, for all that the system may not have told of.
    private void read() {
        Loaded loaded;
        try {
            loaded = withoutEmptyFiles(Inspection.read(request(), memory));
        } catch (Failure e) {
            to.accept(new Input(null, List.of(String.valueOf(e.getMessage()))));
            return;
        }
        if (!missesFiles(loaded)) {
            take(loaded);
        }
    }

    /// Looks at these files alone, so that a change in a large folder is seen as soon as in a small one.
    ///
    /// @return false if that does not do
    private boolean reread(Set<Path> changed) {
        if (changed.isEmpty()) {
            return true;
        }
        Loaded loaded = Inspection.reread(request(), memory, changed);
        if (loaded == null) {
            return false;
        }
        take(withoutEmptyFiles(loaded));
        return true;
    }

    private void take(Loaded loaded) {
        Seen before = seen;
        Seen now = Seen.of(loaded);
        seen = now;
        if (now.equals(before)) {
            return;
        }
        NodeState state = good;
        if (before != null && state != null && heldBack.isEmpty() && now.differsInEndpointsOnly(before)) {
            // Pods come and go, and the plan does not depend on them: no need to compile it again.
            good = with(state, slices(loaded));
            keep(loaded);
            to.accept(new Input(good, List.of()));
            return;
        }
        Input input = input(Inspection.of(loaded, null));
        heldBack = input.problems();
        keep(heldBack.isEmpty() ? loaded : null);
        to.accept(input);
    }

    private static NodeState with(NodeState state, List<EndpointSlice> slices) {
        return new NodeState(state.plan(), state.node(), state.services(), slices, state.patches());
    }

    private void keep(@Nullable Loaded loaded) {
        if (unsaved == null) {
            unsavedSince = System.nanoTime();
        }
        unsaved = loaded;
    }

    /// Whether a file is not there that has been a moment ago, and may be again in the next.
    private boolean missesFiles(Loaded loaded) {
        Set<String> now = loaded.texts().keySet();
        long time = System.nanoTime();
        if (!now.containsAll(files)) {
            long since = missingSince == null ? time : missingSince;
            missingSince = since;
            if (time - since < TimeUnit.MILLISECONDS.toNanos(GONE_MILLIS)) {
                return true;
            }
        }
        missingSince = null;
        files = now;
        return false;
    }

    /// Whoever redirects a program's output into a file empties it first, and fills it when the program is done.
    /// To delete what is in a file takes deleting the file, or writing that it has no items.
    private static Loaded withoutEmptyFiles(Loaded loaded) {
        List<Diagnostic> empty = loaded.texts().entrySet().stream()
                .filter(file -> file.getValue().text().isBlank())
                .map(file -> new Diagnostic(
                        "unreadable",
                        Severity.ERROR,
                        "file is empty, as one is that is being written",
                        "delete it if nothing is to be in it",
                        Span.at(file.getKey(), 1, 1),
                        ""))
                .sorted(Comparator.comparing(finding -> finding.span().file()))
                .toList();
        return empty.isEmpty()
                ? loaded
                : new Loaded(
                        loaded.files(),
                        loaded.manifests(),
                        loaded.repeated(),
                        loaded.anyAsked(),
                        Stream.concat(loaded.findings().stream(), empty.stream())
                                .toList(),
                        loaded.silences(),
                        loaded.settings(),
                        loaded.texts());
    }

    private void save() {
        Loaded loaded = unsaved;
        unsaved = null;
        if (loaded != null) {
            try {
                lastGood.write(loaded);
            } catch (IOException e) {
                terminal.warn("the state cannot be kept for a restart: " + e.getMessage());
            }
        }
    }

    /// What an agent that has just started goes by while the folder is not in order.
    private @Nullable NodeState remembered() {
        if (good == null) {
            Inspection last = lastGood.read(terminal.in());
            good = last == null ? null : NodeStates.find(last, node);
        }
        return good;
    }

    private List<EndpointSlice> slices(Loaded loaded) {
        return slices.next(loaded.manifests().stream()
                .filter(Seen::isEndpoints)
                .map(Engine::inNamespace)
                .toList());
    }

    /// What was read. Comparing two costs little, since what has not changed on disk is the very same document.
    ///
    /// @param settings the text of `.bellman.yaml`
    private record Seen(List<Node> endpoints, List<Node> others, String settings, List<Diagnostic> findings) {
        static Seen of(Loaded loaded) {
            Map<Boolean, List<Node>> parts = Stream.concat(loaded.manifests().stream(), loaded.repeated().stream())
                    .collect(Collectors.partitioningBy(
                            Seen::isEndpoints, Collectors.mapping(Manifest::root, Collectors.toList())));
            SourceText settings = loaded.settings().source();
            return new Seen(
                    parts.getOrDefault(true, List.of()),
                    parts.getOrDefault(false, List.of()),
                    settings == null ? "" : settings.text(),
                    loaded.findings());
        }

        static boolean isEndpoints(Manifest manifest) {
            return manifest.kind().equals("EndpointSlice");
        }

        boolean differsInEndpointsOnly(Seen before) {
            return others.equals(before.others)
                    && settings.equals(before.settings)
                    && findings.isEmpty()
                    && before.findings.isEmpty();
        }
    }

    private Input input(Inspection inspection) {
        List<Diagnostic> errors = inspection.findings().diagnostics().stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .toList();
        List<String> problems = errors.stream()
                .map(finding -> ConciseReport.line(finding, Style.PLAIN))
                .toList();
        boolean unreadable = errors.stream().anyMatch(finding -> isReading(inspection, finding));
        NodeState found = NodeStates.find(inspection, node);
        // The same slices, but those that are not new are the very objects that were there before.
        NodeState now = found == null ? null : with(found, slices(inspection.loaded()));
        if (unreadable) {
            return new Input(remembered(), problems);
        }
        if (now == null) {
            return new Input(remembered(), List.of("there is no Node " + node + " in " + folder));
        }
        if (problems.isEmpty()) {
            good = now;
        } else {
            NodeState before = remembered();
            good = before == null
                    ? null
                    : new NodeState(before.plan(), now.node(), now.services(), now.slices(), before.patches());
        }
        return new Input(good, problems);
    }

    private static boolean isReading(Inspection inspection, Diagnostic finding) {
        Rule rule = inspection.result().rules().find(finding.rule());
        return rule != null && rule.isObligatory();
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            watcher.close();
        } catch (IOException e) {
            terminal.warn("cannot stop watching " + folder + ": " + e.getMessage());
        }
    }
}
