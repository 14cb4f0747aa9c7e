package dev.bellman.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Where the programs are that `hack/test-env.sh` provides.
///
/// A missing program is an error and not a reason to skip: a green run means that the real API server agreed.
final class TestEnvironment {
    /// The same as in `hack/test-env.sh`, which names its folder by it.
    private static final String VERSION = "1.35.4";

    private TestEnvironment() {}

    static Path program(String name) {
        return program(folder(), name);
    }

    static Path program(Path folder, String name) {
        Path program = folder.resolve(name);
        if (!Files.isExecutable(program)) {
            throw new IllegalStateException("no program " + program + ": run hack/test-env.sh");
        }
        return program;
    }

    private static Path folder() {
        return Optional.ofNullable(System.getProperty("bellman.test-env"))
                .or(() -> variable("BELLMAN_TEST_ENV"))
                .map(Path::of)
                .orElseGet(() -> cache().resolve("test-env").resolve(VERSION));
    }

    private static Path cache() {
        return variable("BELLMAN_CACHE")
                .map(Path::of)
                .orElseGet(() -> variable("XDG_CACHE_HOME")
                        .map(Path::of)
                        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                        .resolve("bellman"));
    }

    /// Empty counts as not set, as in the shell.
    private static Optional<String> variable(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isEmpty());
    }
}
