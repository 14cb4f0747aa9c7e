package dev.bellman.cli;

import dev.bellman.agent.Input;
import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Severity;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.NodeState;
import dev.bellman.report.ConciseReport;
import dev.bellman.report.Style;
import dev.bellman.rule.Rule;
import dev.bellman.source.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A folder of policies and inventory that an agent watches, where there is no API server.
///
/// A policy with an error holds back the plan, not the Services and endpoints, which are facts. A file that cannot be
/// read holds
/// back everything, since what is in it may be either.
final class StateFolder implements AutoCloseable {
    /// Changes that the system does not tell of, such as on a network file system, are seen after so long.
    private static final long LOOK_SECONDS = 2;

    private final Path folder;
    private final String node;
    private final Terminal terminal;
    private final Consumer<Input> to;
    private final WatchService watcher;
    private final Map<Path, WatchKey> watched = new HashMap<>();
    private final Thread thread = new Thread(this::watch, "state-folder");
    private @Nullable NodeState good;
    private @Nullable Map<String, String> seen;

    /// @throws Failure if the folder cannot be watched
    StateFolder(Path folder, String node, Terminal terminal, Consumer<Input> to) {
        this.folder = folder;
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
            while (true) {
                // Before reading: what changes while we read is told of afterwards.
                watchFolders();
                read();
                WatchKey key = watcher.poll(LOOK_SECONDS, TimeUnit.SECONDS);
                while (key != null) {
                    key.pollEvents();
                    key.reset();
                    key = watcher.poll();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watchFolders() {
        watched.values().removeIf(key -> !key.isValid());
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : (Iterable<Path>) all.filter(Files::isDirectory)
                    .filter(path -> !path.getFileName().toString().equals(".git"))::iterator) {
                if (!watched.containsKey(one)) {
                    watched.put(
                            one,
                            one.register(
                                    watcher,
                                    StandardWatchEventKinds.ENTRY_CREATE,
                                    StandardWatchEventKinds.ENTRY_DELETE,
                                    StandardWatchEventKinds.ENTRY_MODIFY));
                }
            }
        } catch (IOException | UncheckedIOException e) {
            // A folder that goes away while we look is a change that the next look sees.
            return;
        }
    }

    private void read() {
        Inspection inspection;
        try {
            inspection = Inspection.of(
                    new Source.Request(List.of(folder.toString()), List.of(), null, Path.of(""), terminal.in()), null);
        } catch (Failure e) {
            to.accept(new Input(null, List.of(String.valueOf(e.getMessage()))));
            return;
        }
        Map<String, String> texts = new HashMap<>();
        inspection.loaded().texts().forEach((file, text) -> texts.put(file, text.text()));
        if (texts.equals(seen)) {
            return;
        }
        seen = texts;
        to.accept(input(inspection));
    }

    private Input input(Inspection inspection) {
        List<Diagnostic> errors = inspection.findings().diagnostics().stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .toList();
        List<String> problems = errors.stream()
                .map(finding -> ConciseReport.line(finding, Style.PLAIN))
                .toList();
        boolean unreadable = errors.stream().anyMatch(finding -> isReading(inspection, finding));
        NodeState now = NodeStates.find(inspection, node);
        if (unreadable) {
            return new Input(null, problems);
        }
        if (now == null) {
            return new Input(null, List.of("there is no Node " + node + " in " + folder));
        }
        NodeState before = good;
        if (!problems.isEmpty() && before != null) {
            NodePlan plan = before.plan();
            good = new NodeState(plan, now.node(), now.services(), now.slices(), before.patches());
        } else if (!problems.isEmpty()) {
            return new Input(null, problems);
        } else {
            good = now;
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
