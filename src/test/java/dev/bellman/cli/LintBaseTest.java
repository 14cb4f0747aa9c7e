package dev.bellman.cli;

import static dev.bellman.cli.Sandbox.WRONG;
import static dev.bellman.cli.Sandbox.found;
import static dev.bellman.cli.Sandbox.namespace;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `lint --base`: what a branch adds to the findings.
class LintBaseTest {
    private static final String CLASS = """
            apiVersion: bellman.dev/v1alpha1
            kind: AdvertisementClass
            metadata: {name: datacenter}
            spec:
              backend: Calico
              nodes: {matchAll: true}
              prefixes:
              - {cidr: 10.49.0.0/16, addresses: ClusterIP, namespaces: {matchAll: true}}
            """;
    private static final String POLICY = """
            apiVersion: bellman.dev/v1alpha1
            kind: ServiceAdvertisementPolicy
            metadata: {name: customer, namespace: yaobank}
            spec:
              className: datacenter
              services: {names: [customer]}
            """;

    private Sandbox box;
    private Git git;

    @BeforeEach
    void repository(@TempDir Path folder) throws Exception {
        box = new Sandbox(folder.toRealPath().resolve("repository"));
        git = Git.init()
                .setDirectory(box.folder().toFile())
                .setInitialBranch("main")
                .call();
        box.write("teams/a.yaml", WRONG).write("teams/policy.yaml", POLICY).write("class.yaml", CLASS);
        commit("base");
        git.checkout().setCreateBranch(true).setName("work").call();
    }

    @AfterEach
    void close() {
        git.close();
    }

    @Test
    void saysHowManyFindingsWereThereBefore() {
        Run run = box.run("lint", "--base", "main", "@");

        assertThat(run.out()).startsWith("no findings");
        assertThat(run.err()).contains("bellman: 1 finding not reported: there before, at the merge base with main\n");
        assertThat(run.code()).isZero();
    }

    @Test
    void anEmptyBaseIsAMistake() {
        Run run = box.run("lint", "--base", "", "@");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--base needs a revision");
    }

    private void commit(String message) throws GitAPIException {
        git.add().addFilepattern(".").call();
        git.add().addFilepattern(".").setUpdate(true).call();
        git.commit()
                .setMessage(message)
                .setAuthor("Test", "test@example.org")
                .setCommitter("Test", "test@example.org")
                .setSign(false)
                .call();
    }

    private Run run(String... more) {
        List<String> args = new ArrayList<>(List.of("lint", "-f", "json", "--base", "main"));
        args.addAll(List.of(more));
        return box.run(args.toArray(String[]::new));
    }

    @Test
    void whatWasThereBeforeIsLeftOut() {
        Run run = run("@");

        assertThat(found(run)).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(found(box.run("lint", "-f", "json", "@"))).hasSize(1);
    }

    @Test
    void filesOnDiskCountCommittedOrNot() throws Exception {
        box.write("teams/committed.yaml", WRONG.replace("Shop", "Committed"));
        commit("more");
        box.write("teams/untracked.yaml", WRONG.replace("Shop", "Untracked"));

        Run run = run("@");

        assertThat(found(run))
                .containsExactly(
                        "teams/committed.yaml:4:9 invalid-metadata", "teams/untracked.yaml:4:9 invalid-metadata");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void aFindingStaysTheSameWhenItsLineMoves() {
        box.write("teams/a.yaml", "# who\n# when\n" + WRONG);
        assertThat(found(run("@"))).isEmpty();
    }

    @Test
    void aFindingStaysTheSameWhenItsFileMoves() throws Exception {
        Files.move(box.path("teams/a.yaml"), box.path("teams/z.yaml"));
        assertThat(found(run("@"))).isEmpty();
    }

    @Test
    void aCopyIsNewWhateverItIsCalled() {
        box.write("teams/0.yaml", WRONG);
        assertThat(found(run("@")))
                .containsExactly("teams/0.yaml:4:9 invalid-metadata", "teams/a.yaml:4:9 duplicate-object");
    }

    @Test
    void aFindingAboutNoObjectStaysInItsFile() throws Exception {
        box.write("broken.yaml", "kind: [\n");
        commit("broken");
        git.branchCreate().setName("main").setForce(true).call();
        assertThat(found(run("@"))).isEmpty();

        Files.move(box.path("broken.yaml"), box.path("moved.yaml"));
        assertThat(found(run("@"))).containsExactly("moved.yaml:1:7 yaml-syntax");
    }

    @Test
    void theSameMistakeOnceMoreIsNew() {
        box.write("teams/a.yaml", WRONG + "---\n" + WRONG.replace("Shop", "Shop2"));
        assertThat(found(run("@"))).hasSize(1);
    }

    @Test
    void whatAChangeBreaksElsewhereIsNew() {
        box.write("class.yaml", CLASS.replace("datacenter", "edge"));
        assertThat(found(run("@"))).containsExactly("teams/policy.yaml:5:14 class-missing");
    }

    @Test
    void theBaseIsWhereTheBranchesPart() throws Exception {
        git.checkout().setName("main").call();
        box.write("teams/a.yaml", namespace("bank"));
        commit("mend on main");
        git.checkout().setName("work").call();

        assertThat(found(run("@"))).as("main mended it after work began").isEmpty();
    }

    @Test
    void anotherRevisionCanBeTheHead() throws Exception {
        box.write("teams/b.yaml", WRONG.replace("Shop", "Two"));
        commit("two");
        Files.delete(box.path("teams/b.yaml"));

        assertThat(found(run("--revision", "work", "@"))).containsExactly("teams/b.yaml:4:9 invalid-metadata");
        assertThat(found(run("--revision", "main", "@"))).isEmpty();
    }

    @Test
    void pathsThatAreNewAreNewAsAWhole() {
        box.write("other/b.yaml", WRONG.replace("Shop", "Other"));
        assertThat(found(run("@/other"))).containsExactly("other/b.yaml:4:9 invalid-metadata");
        assertThat(found(run("@/other", "@/teams/a.yaml"))).containsExactly("other/b.yaml:4:9 invalid-metadata");
    }

    @Test
    void settingsAreThoseOfEachSide() throws Exception {
        box.write(".bellman.yaml", "rules: {invalid-metadata: off}\n");
        assertThat(found(run("@"))).isEmpty();
        commit("off");
        git.branchCreate().setName("main").setForce(true).call();
        box.write(".bellman.yaml", "rules: {invalid-metadata: warning}\n");
        assertThat(found(run("@"))).as("a rule that is on again").hasSize(1);
    }

    @Test
    void onlyWhatIsNewIsMended() throws Exception {
        String wide = CLASS.replace("10.49.0.0", "10.49.0.1");
        box.write("class.yaml", wide);
        commit("on the branch that is the base");
        git.branchCreate().setName("main").setForce(true).call();
        box.write(
                "class.yaml",
                wide.replace(
                        "- {", "- {cidr: 10.50.0.1/16, addresses: ClusterIP, namespaces: {matchAll: true}}\n  - {"));

        box.run("lint", "--fix", "--base", "main", "@");

        assertThat(Files.readString(box.path("class.yaml")))
                .contains("10.49.0.1/16")
                .contains("10.50.0.0/16");
    }

    @Test
    void aMissingBaseSaysWhatToFetch() {
        assertThat(box.run("lint", "--base", "origin/main", "@"))
                .isEqualTo(
                        new Run(
                                2,
                                "",
                                "bellman: there is no revision origin/main in @; if the remote has it: git fetch origin main\n"));
    }

    @Test
    void branchesWithoutACommonCommitCannotBeCompared() throws Exception {
        git.checkout().setOrphan(true).setName("island").call();
        commit("alone");

        assertThat(run("@")).isEqualTo(new Run(2, "", "bellman: main and HEAD have no commit in common in @\n"));
    }

    @Test
    void standardInputHasNoBase() {
        assertThat(run("-").err())
                .isEqualTo(
                        "bellman lint: --base needs files to compare, not standard input; see bellman lint --help\n");
        assertThat(run("@", "-i", "-").code()).isEqualTo(2);
    }
}
