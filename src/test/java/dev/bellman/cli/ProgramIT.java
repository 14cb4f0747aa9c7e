package dev.bellman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.testing.Shell;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The packaged program: the class path that its commands have is enough for each of them, and nothing but what they
/// mean to say is written.
class ProgramIT {
    private static final String YAOBANK = "gitops-examples/yaobank";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {"lint", "compile", "routes", "rules", "bird", "explain", "agent", "operator", "completion", ""})
    void everyCommandHasHelp(String command) {
        List<String> arguments = new ArrayList<>(command.isEmpty() ? List.of() : List.of(command));
        arguments.add("--help");

        Shell.Result result = bellman(arguments.toArray(String[]::new));

        assertThat(result.stderr()).isEmpty();
        assertThat(result.output()).startsWith("Usage: bellman " + command);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lint " + YAOBANK,
                "lint -f json -f sarif=TMP/out.sarif -f junit=TMP/out.xml " + YAOBANK,
                "compile -o TMP/plan " + YAOBANK,
                "routes -f json " + YAOBANK,
                "rules --node worker1 " + YAOBANK,
                "bird --node worker1 src/test/resources/bird/dual-stack/in",
                "explain yaobank/customer " + YAOBANK,
                "completion bash",
                "--version",
            })
    void everyCommandWorks(String arguments) {
        Shell.Result result =
                bellman(arguments.replace("TMP", folder.toString()).split(" "));

        assertThat(result.stderr().lines()).allMatch(line -> line.startsWith("bellman: wrote "));
        assertThat(result.output()).isNotEmpty();
    }

    @Test
    void aRevisionIsReadWithoutAWordOfTheLibrary() throws IOException {
        Files.copy(Path.of(YAOBANK, "step1-advertise-the-range", "datacenter.yaml"), folder.resolve("datacenter.yaml"));
        Shell.run(
                        Map.of(),
                        List.of(
                                "sh",
                                "-c",
                                "cd \"$0\" && git init --quiet && git add -A && git -c user.name=a"
                                        + " -c user.email=a@example.com commit --quiet --message=Add",
                                folder.toString()))
                .output();

        Shell.Result result = bellman("lint", "--revision", "HEAD", folder.toString());

        // JGit has nothing to say; what Bellman says is that there is no inventory.
        assertThat(result.stderr()).startsWith("bellman: not decided here: ").hasLineCount(1);
        assertThat(result.output()).contains("no findings");
    }

    @Test
    void anOperatorWhosePortIsTakenSaysSoInOneLine() throws IOException {
        Path nowhere = Files.writeString(folder.resolve("config"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: it, cluster: {server: "https://127.0.0.1:1"}}]
                users: [{name: it, user: {}}]
                contexts: [{name: it, context: {cluster: it, user: it}}]
                current-context: it
                """);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Shell.Result result = Shell.run(
                    Map.of("KUBECONFIG", nowhere.toString(), "QUARKUS_HTTP_PORT", "" + taken.getLocalPort()),
                    List.of(System.getProperty("bellman.program", "bin/bellman"), "operator"));

            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.stderr())
                    .startsWith(
                            "bellman: cannot serve health and metrics at 127.0.0.1:" + taken.getLocalPort() + ", which")
                    .contains("QUARKUS_HTTP_PORT")
                    .hasLineCount(1);
        }
    }

    private static Shell.Result bellman(String... arguments) {
        List<String> command = new ArrayList<>(List.of(System.getProperty("bellman.program", "bin/bellman")));
        command.addAll(List.of(arguments));
        return Shell.run(Map.of(), command);
    }
}
