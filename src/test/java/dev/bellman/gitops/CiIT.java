package dev.bellman.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.diagnostic.SourceText;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import dev.bellman.testing.Shell;
import dev.bellman.yaml.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The GitHub action, the GitLab job and the pre-commit hook, as their files say it, in a repository in which a branch
/// adds a mistake to one that was there.
class CiIT {
    private static final Path BELLMAN = Path.of("").toAbsolutePath();
    private static final String KNOWN = "teams/yaobank/known.yaml";
    private static final String ADDED = "teams/yaobank/added.yaml";

    private static final Pattern SHELL = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path folder;

    private Path repository;

    @BeforeEach
    void commit() throws IOException {
        repository = Files.createDirectory(folder.resolve("network"));
        git("init", "--quiet", "--initial-branch=main");
        git("config", "user.name", "A. Tester");
        git("config", "user.email", "tester@example.com");
        Path example = BELLMAN.resolve("gitops-examples/flux");
        shell(repository, Map.of(), "cp -r " + example + "/. . && rm -rf expected")
                .output();
        write(KNOWN, policy("known", "datacentre"));
        git("add", "-A");
        git("commit", "--quiet", "--message=Start");
        git("update-ref", "refs/remotes/origin/main", "main");
        git("switch", "--quiet", "--create=change");
        write(ADDED, policy("added", "datacanter"));
        git("add", "-A");
    }

    @Test
    void theActionAnnotatesWhatTheBranchAdds() throws IOException {
        git("commit", "--quiet", "--message=Add a policy");

        Shell.Result result = action(Map.of("BASE", "origin/main"));

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.stdout()).contains("::error ").contains(ADDED).doesNotContain(KNOWN);
        assertThat(Files.readString(repository.resolve("bellman.sarif"))).contains(ADDED);

        result = action(Map.of("BASE", ""));
        assertThat(result.stdout()).contains(ADDED).contains(KNOWN);
    }

    /// A workflow may have them in a block, a line each.
    @ParameterizedTest
    @ValueSource(strings = {"platform\nteams/yaobank\n", "\nplatform\n\n  teams/yaobank", "platform teams/yaobank"})
    void theActionChecksEveryPath(String paths) throws IOException {
        Shell.Result result = action(Map.of("PATHS", paths));

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.stdout()).contains(ADDED);
    }

    @Test
    void theActionIsNotGreenWithoutAPath() throws IOException {
        assertThat(action(Map.of("PATHS", " \n")).exitCode()).isEqualTo(2);
    }

    /// The action's own script as GitHub's runner starts it, with some inputs in place of those by default.
    private Shell.Result action(Map<String, String> inputs) throws IOException {
        Mapping step = step(BELLMAN.resolve("action.yml"), "lint");
        Map<String, String> environment = new HashMap<>();
        environment.put("GITHUB_ACTION_PATH", BELLMAN.toString());
        environment.put("PATHS", "platform teams/yaobank");
        environment.put("BASE", "");
        environment.put("FAIL_ON", "error");
        environment.put("SARIF", "bellman.sarif");
        environment.putAll(inputs);
        assertThat(((Mapping) step.get("env")).entries())
                .extracting(Mapping.Entry::name)
                .doesNotContain("GITHUB_ACTION_PATH")
                .allMatch(environment::containsKey);
        return shell(repository, environment, "set -euo pipefail\n" + step.text("run"));
    }

    /// Inputs get to the shell as variables: as text in the script they could be commands.
    @Test
    void theActionsScriptsHoldNoInputs() throws IOException {
        for (Node step : ((Sequence) read(BELLMAN.resolve("action.yml")).at("runs", "steps")).items()) {
            String script = ((Mapping) step).text("run");
            assertThat(script == null ? "" : script).doesNotContain("${{");
        }
    }

    @Test
    void theJobReportsWhatTheBranchAdds() throws IOException {
        git("commit", "--quiet", "--message=Add a policy");
        // As if the job had cloned and built it.
        Path program =
                Files.createDirectories(repository.resolve(".bellman/bin")).resolve("bellman");
        Files.createSymbolicLink(program, BELLMAN.resolve("bin/bellman"));
        Mapping job = (Mapping) read(repository.resolve(".gitlab-ci.yml")).get("network");

        Shell.Result result = shell(
                repository,
                Map.of("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
                "set -e\n" + String.join("\n", texts(job.get("script"))));

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.stdout()).contains(ADDED).doesNotContain(KNOWN);
        assertThat(Files.readString(repository.resolve("bellman.xml")))
                .contains("<testsuite")
                .contains(ADDED);
    }

    /// By pre-commit itself, from a repository that has the hook's file.
    @Test
    void theHookKeepsAMistakeFromBeingCommitted() throws IOException {
        Path hooks = Files.createDirectory(folder.resolve("bellman"));
        Files.copy(BELLMAN.resolve(".pre-commit-hooks.yaml"), hooks.resolve(".pre-commit-hooks.yaml"));
        shell(
                        hooks,
                        Map.of(),
                        "git init --quiet && git add -A && git -c user.name=a -c user.email=a@example.com"
                                + " commit --quiet --message=Hooks && git tag v0.1.0")
                .output();
        Path config = repository.resolve(".pre-commit-config.yaml");
        Files.writeString(
                config, Files.readString(config).replace("https://git.example.com/bellman.git", hooks.toString()));
        Map<String, String> environment = Map.of(
                "PATH",
                BELLMAN.resolve("bin") + ":" + System.getenv("PATH"),
                "PRE_COMMIT_HOME",
                folder.resolve("cache").toString());
        shell(repository, environment, "pre-commit install && git rm --quiet --force " + KNOWN + " && git add -A")
                .output();

        Shell.Result refused = shell(repository, environment, "git commit --message='Add a policy'");
        assertThat(refused.exitCode()).as(refused.toString()).isNotZero();
        assertThat(refused.toString()).contains(ADDED + ":").contains("class-missing");

        write(ADDED, policy("added", "datacenter"));
        Shell.Result taken = shell(repository, environment, "git add -A && git commit --message='Add a policy'");
        assertThat(taken.exitCode()).as(taken.toString()).isZero();
        assertThat(taken.toString()).contains("Passed");

        Shell.Result deleted = shell(
                repository, environment, "git rm --quiet platform/datacenter.yaml && git commit --message='Delete it'");
        assertThat(deleted.exitCode()).as(deleted.toString()).isNotZero();
        assertThat(deleted.toString()).contains(ADDED + ":").contains("class-missing");
    }

    /// With one more node there is one more file, and one fewer when it goes.
    @Test
    void theRecipeForWhatIsRenderedSeesEveryFileThatDiffers() throws IOException {
        String inventory = "network/inventory/cluster.yaml";
        git("rm", "--quiet", "--force", KNOWN, ADDED);
        git("commit", "--quiet", "--message=Without mistakes");
        shell(repository, Map.of(), "mkdir network && git mv platform teams inventory .bellman.yaml network")
                .output();
        git("commit", "--quiet", "--message=Move");

        assertThat(recipe().exitCode()).as("nothing is committed yet").isEqualTo(1);
        git("commit", "--quiet", "--message=Render");
        assertThat(recipe().exitCode()).isZero();

        String nodes = Files.readString(repository.resolve(inventory));
        write(inventory, nodes + "---\napiVersion: v1\nkind: Node\nmetadata: {name: worker3}\n");
        assertThat(recipe().stdout()).contains("+++ b/rendered/nodeplans/worker3.yaml");
        git("commit", "--quiet", "--message=Render another node");
        assertThat(recipe().exitCode()).isZero();

        write(inventory, nodes);
        Shell.Result gone = recipe();
        assertThat(gone.exitCode()).isEqualTo(1);
        assertThat(gone.stdout()).contains("--- a/rendered/nodeplans/worker3.yaml");
    }

    /// Runs the page's only commands for a shell, up to the first that fails.
    private Shell.Result recipe() throws IOException {
        List<String> blocks = SHELL.matcher(Files.readString(BELLMAN.resolve("docs/ci.md")))
                .results()
                .map(block -> block.group(1))
                .toList();
        assertThat(blocks).hasSize(1);
        String path = BELLMAN.resolve("bin") + ":" + System.getenv("PATH");
        return shell(repository, Map.of("PATH", path), "set -e\n" + blocks.getFirst());
    }

    private static String policy(String name, String className) {
        return """
                apiVersion: bellman.dev/v1alpha1
                kind: ServiceAdvertisementPolicy
                metadata: {name: %s, namespace: yaobank}
                spec: {className: %s, services: {names: [customer]}}
                """.formatted(name, className);
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(repository.resolve(file), text);
    }

    private void git(String... args) {
        List<String> command = new ArrayList<>(List.of("git", "-C", repository.toString()));
        command.addAll(List.of(args));
        Shell.run(Map.of(), command).output();
    }

    private static Shell.Result shell(Path folder, Map<String, String> environment, String script) {
        return Shell.run(environment, List.of("bash", "-c", "cd '" + folder + "'\n" + script));
    }

    private static Mapping step(Path action, String name) throws IOException {
        return ((Sequence) read(action).at("runs", "steps"))
                .items().stream()
                        .map(Mapping.class::cast)
                        .filter(step -> name.equals(step.text("name")))
                        .findFirst()
                        .orElseThrow();
    }

    private static List<String> texts(Node list) {
        return ((Sequence) list)
                .items().stream()
                        .map(item -> String.valueOf(((Scalar) item).value()))
                        .toList();
    }

    private static Mapping read(Path file) throws IOException {
        Yaml.Parsed parsed = Yaml.parse(new SourceText(file.toString(), Files.readString(file)));
        assertThat(parsed.diagnostics()).isEmpty();
        return (Mapping) parsed.documents().getFirst();
    }
}
