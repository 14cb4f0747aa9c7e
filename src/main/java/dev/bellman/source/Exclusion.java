package dev.bellman.source;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.stream.Stream;

/// Files and folders that settings leave out.
///
/// A pattern is a glob, relative to the folder of the settings: `expected/**`, `charts/`, `**/*.tmpl.yaml`. Without a
/// slash it stands for a name at any depth, and with one in front for one right here.
final class Exclusion {
    private final Path base;
    private final List<PathMatcher> matchers;

    Exclusion(Path base, List<String> patterns) {
        this.base = base;
        this.matchers = patterns.stream().flatMap(Exclusion::matchers).toList();
    }

    private static Stream<PathMatcher> matchers(String pattern) {
        String plain = pattern.endsWith("/") ? pattern.substring(0, pattern.length() - 1) : pattern;
        plain = plain.startsWith("./") ? plain.substring(2) : plain;
        return globs(plain).map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob));
    }

    /// Java's `**/` stands for at least one folder, but here it stands for none, too.
    private static Stream<String> globs(String pattern) {
        if (pattern.startsWith("/")) {
            return Stream.of(pattern.substring(1));
        }
        String anywhere = pattern.indexOf('/') < 0 ? "**/" + pattern : pattern;
        int folders = anywhere.indexOf("**/");
        return folders < 0
                ? Stream.of(anywhere)
                : Stream.of(anywhere, anywhere.substring(0, folders) + anywhere.substring(folders + 3));
    }

    boolean excludes(Path path) {
        if (!path.startsWith(base)) {
            return false;
        }
        Path relative = base.relativize(path);
        return matchers.stream().anyMatch(matcher -> matcher.matches(relative));
    }
}
