package dev.bellman.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest {
    @TempDir
    Path folder;

    @Test
    void reportsHowItEndedAndWhatItSaidLast() throws InterruptedException {
        try (var server = ServerProcess.start(
                folder.resolve("sh.log"), List.of("/bin/sh", "-c", "echo address already in use; exit 3"))) {
            assertThat(server.endsWithin(Duration.ofSeconds(10))).isTrue();

            assertThat(server.lostItsPort()).isTrue();
            assertThat(server.report()).startsWith("sh ended with exit code 3").endsWith("address already in use");
        }
    }

    @Test
    void doesNotOutliveAJvmThatIsKilled() throws Exception {
        Path classes = Path.of(ServerProcess.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Process jvm = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        classes.toString(),
                        KilledJvm.class.getName(),
                        folder.resolve("sleep.log").toString())
                .start();

        long pid = Long.parseLong(new String(jvm.getInputStream().readAllBytes(), UTF_8).strip());

        var sleep = ProcessHandle.of(pid);
        if (sleep.isPresent()) {
            sleep.get().onExit().get(10, TimeUnit.SECONDS);
        }
        assertThat(jvm.waitFor()).isEqualTo(9);
    }

    /// Ends as abruptly as a killed JVM does: without shutdown hooks.
    static final class KilledJvm {
        private KilledJvm() {}

        static void main(String[] args) {
            System.out.println(ServerProcess.start(Path.of(args[0]), List.of("sleep", "600"))
                    .pid());
            Runtime.getRuntime().halt(9);
        }
    }
}
