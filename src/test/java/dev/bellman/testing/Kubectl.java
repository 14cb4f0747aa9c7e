package dev.bellman.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// kubectl as a person would run it, against one server or none.
public final class Kubectl {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path folder;
    private final Path kubeconfig;

    Kubectl(Path folder, Path kubeconfig) {
        this.folder = folder;
        this.kubeconfig = kubeconfig;
    }

    /// For what kubectl does by itself (`--local`).
    ///
    /// @param folder for its cache and its output, which the test throws away
    public static Kubectl withoutServer(Path folder) {
        return new Kubectl(folder, folder.resolve("no-kubeconfig"));
    }

    /// What kubectl said when it had ended.
    public record Result(int exitCode, String stdout, String stderr) {}

    public Result run(String... args) {
        List<String> command = new ArrayList<>();
        command.add(TestEnvironment.program("kubectl").toString());
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        // In the home folder, what it remembers of this server would be believed of the next one on the same port.
        builder.environment()
                .put("KUBECACHEDIR", folder.resolve("kubectl-cache").toString());
        try {
            return run(builder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while it ran: " + String.join(" ", command), e);
        }
    }

    private Result run(ProcessBuilder builder) throws IOException, InterruptedException {
        // Into files: a pipe that fills up while the other one is read would stop both programs.
        Path stdout = Files.createTempFile(folder, "kubectl-", ".out");
        Path stderr = Files.createTempFile(folder, "kubectl-", ".err");
        try {
            Process process = builder.redirectOutput(stdout.toFile())
                    .redirectError(stderr.toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        "not done after " + LIMIT.toSeconds() + " s: " + String.join(" ", builder.command()));
            }
            return new Result(process.exitValue(), Files.readString(stdout), Files.readString(stderr));
        } finally {
            Files.delete(stdout);
            Files.delete(stderr);
        }
    }
}
