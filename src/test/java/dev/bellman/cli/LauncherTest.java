package dev.bellman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.testing.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How `bin/bellman` starts Java, which here is a script that says what it was started with.
class LauncherTest {
    private static final Instant BUILT = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path home;

    @BeforeEach
    void build() throws IOException {
        Files.copy(
                Path.of("bin/bellman"),
                Files.createDirectories(home.resolve("bin")).resolve("bellman"));
        Files.createDirectories(home.resolve("target/quarkus-app"));
        write("target/quarkus-app/commands.jar", BUILT);
        write("target/quarkus-app/quarkus-run.jar", BUILT);
        Files.createDirectories(home.resolve("java/bin"));
        Files.writeString(home.resolve("java/release"), "JAVA_VERSION=\"25.0.3\"\n");
        Path java = Files.writeString(home.resolve("java/bin/java"), "#!/bin/sh\necho \"$*\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void startsFromTheCacheOfTheProgram() throws IOException {
        write("target/command.aot", BUILT.plusSeconds(9));
        write("target/daemon.aot", BUILT.plusSeconds(9));

        assertThat(started("lint", "x")).contains("target/command.aot", "commands.jar lint x");
        assertThat(started("agent")).contains("target/daemon.aot", "quarkus-run.jar agent");
    }

    /// Java takes classes out of it without a look at whether the program has others by now.
    @Test
    void passesOverACacheThatIsOlderThanTheProgram() throws IOException {
        write("target/command.aot", BUILT.minusSeconds(9));
        write("target/daemon.aot", BUILT.minusSeconds(9));

        assertThat(started("lint", "x")).doesNotContain("AOTCache").contains("commands.jar lint x");
        assertThat(started("agent")).doesNotContain("AOTCache").contains("quarkus-run.jar agent");
    }

    @Test
    void startsWithoutACache() {
        assertThat(started("lint", "x")).doesNotContain("AOTCache").contains("commands.jar lint x");
    }

    private void write(String name, Instant time) throws IOException {
        Files.setLastModifiedTime(Files.writeString(home.resolve(name), "x"), FileTime.from(time));
    }

    private String started(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(home.resolve("bin/bellman").toString()));
        command.addAll(List.of(arguments));
        return Shell.run(Map.of("JAVA_HOME", home.resolve("java").toString()), command)
                .output();
    }
}
