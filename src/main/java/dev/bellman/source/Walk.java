package dev.bellman.source;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.Span;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the files below the paths that were asked for, each once, in a fixed order.
final class Walk {
    private static final String LOOP = "link-loop";
    private static final Set<String> ALWAYS_COMPILED = Set.of("routes.yaml", "diagnostics.yaml");
    private static final Set<String> COMPILED = Set.of(
            "routes.yaml",
            "diagnostics.yaml",
            "bgpconfiguration.yaml",
            "service-patches.yaml",
            "nodeplans",
            "nodeplanslices");

    private final Tree tree;
    private final @Nullable Path output;
    private final List<Found> files = new ArrayList<>();
    private final List<Diagnostic> findings = new ArrayList<>();
    private final Set<Path> taken = new HashSet<>();
    private final Set<Path> walked = new HashSet<>();
    private final List<Path> inventories = new ArrayList<>();
    private final Set<Path> named = new HashSet<>();
    private final Set<Path> patches = new HashSet<>();

    /// @param output a folder to leave out, or null
    Walk(Tree tree, @Nullable Path output) {
        this.tree = tree;
        this.output = output;
    }

    /// @param shown the path as reached from what the user wrote
    /// @param inventory whether it holds the cluster's state
    record Found(Path path, String shown, boolean inventory) {}

    /// Without patches of Kustomize, unless they were named themselves.
    List<Found> files() {
        return files.stream()
                .filter(found -> !patches.contains(found.path().normalize()) || named.contains(found.path()))
                .toList();
    }

    List<Diagnostic> findings() {
        return findings;
    }

    /// Marks a file or folder as the cluster's state, from whichever side it is reached.
    void inventory(Path path) {
        Path real = real(path);
        if (real != null) {
            inventories.add(real);
        }
    }

    /// @param exclusion does not hold for a file that was named itself
    void add(Path path, String shown, Exclusion exclusion) {
        if (tree.isFolder(path)) {
            folder(path, shown, exclusion, List.of());
        } else {
            named.add(path);
            file(path, shown);
        }
    }

    private void folder(Path folder, String shown, Exclusion exclusion, List<Path> above) {
        // By a way with few links: Linux follows 40 of a path, and counts those twice that it follows again because
        // something was mounted meanwhile.
        Path real = real(above.isEmpty() ? folder : above.getLast().resolve(folder.getFileName()));
        if (real != null && !above.contains(real) && !walked.add(real)) {
            // Links can lead to one folder in more ways than there is time for.
            return;
        }
        if (real == null || above.contains(real)) {
            report(
                    real == null ? "unreadable" : LOOP,
                    shown,
                    real == null
                            ? "the folder cannot be read"
                            : "a symbolic link that leads back to a folder above it");
            return;
        }
        List<String> names;
        try {
            names = tree.names(real);
        } catch (IOException e) {
            report("unreadable", shown, "the folder cannot be read: " + Reason.of(e));
            return;
        }
        if (!above.isEmpty() && isCompiled(names)) {
            return;
        }
        List<Path> trail = new ArrayList<>(above);
        trail.add(real);
        names.stream().filter(Kustomization::isOne).forEach(name -> patches(folder, name));
        for (String name : names) {
            Path path = folder.resolve(name);
            if (name.startsWith(".") || path.equals(output) || exclusion.excludes(path)) {
                continue;
            }
            String below = shown.isEmpty() || shown.endsWith("/") ? shown + name : shown + "/" + name;
            Path found = real.resolve(name);
            if (tree.isFolder(found)) {
                folder(path, below, exclusion, trail);
            } else if (tree.isEndless(found)) {
                report(LOOP, below, "a symbolic link that leads in a circle");
            } else if (isManifest(name) && tree.isSpecial(found)) {
                report("unreadable", below, "this is neither a file nor a folder");
            } else if (isManifest(name)) {
                file(path, below);
            }
        }
    }

    private void patches(Path folder, String name) {
        Path file = folder.resolve(name);
        try {
            if (tree.isFile(file)) {
                Kustomization.patches(name, tree.read(file))
                        .forEach(patch -> patches.add(folder.resolve(patch).normalize()));
            }
        } catch (IOException e) {
            // Whoever reads it as a manifest says so.
        }
    }

    /// Whether a folder holds what `compile` wrote and nothing else: the result of what lies beside it, not a
    /// part of it.
    private static boolean isCompiled(List<String> names) {
        return names.containsAll(ALWAYS_COMPILED) && COMPILED.containsAll(names);
    }

    private static boolean isManifest(String name) {
        return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
    }

    private void file(Path path, String shown) {
        Path found = real(path);
        // A pipe that a shell hands over (`<(...)`) has no path of its own.
        Path real = found == null && tree.isFile(path) ? path : found;
        if (real == null) {
            report("unreadable", shown, "a symbolic link that leads nowhere");
        } else if (taken.add(real)) {
            files.add(new Found(path, shown, inventories.stream().anyMatch(real::startsWith)));
        }
    }

    private @Nullable Path real(Path path) {
        try {
            return tree.real(path);
        } catch (IOException e) {
            return null;
        }
    }

    private void report(String rule, String shown, String message) {
        findings.add(new Diagnostic(
                rule,
                Severity.ERROR,
                message,
                rule.equals(LOOP) ? "remove the link, or exclude it in " + Settings.FILE : "",
                Span.ofFile(shown),
                ""));
    }
}
