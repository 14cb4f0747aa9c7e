package dev.bellman.source;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.stream.Stream;

/// Files and folders that settings leave out.
///
/// A pattern is a glob, relative to the folder of the settings: `expected/**`, `charts/`, `**/*.tmpl.yaml`. Without a
/// slash it stands for a name at any depth.
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
        Stream<String> globs = plain.indexOf('/') < 0 ? Stream.of(plain, "**/" + plain) : Stream.of(plain);
        return globs.map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob));
    }

    boolean excludes(Path path) {
        if (!path.startsWith(base)) {
            return false;
        }
        Path relative = base.relativize(path);
        return matchers.stream().anyMatch(matcher -> matcher.matches(relative));
    }
}
