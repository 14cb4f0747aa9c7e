package dev.bellman.cli;

import static dev.bellman.cli.Sandbox.WRONG;
import static dev.bellman.cli.Sandbox.found;
import static dev.bellman.cli.Sandbox.namespace;
import static dev.bellman.cli.Sandbox.objects;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.revwalk.RevCommit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files of a revision, read without a checkout.
class LintRevisionTest {
    private static final String FOUND = "teams/a.yaml:4:9 invalid-metadata";

    private Sandbox box;
    private Git git;

    @BeforeEach
    void repository(@TempDir Path folder) throws Exception {
        box = new Sandbox(folder.toRealPath().resolve("repository"));
        git = Git.init()
                .setDirectory(box.folder().toFile())
                .setInitialBranch("main")
                .call();
        box.write("teams/a.yaml", WRONG).write("teams/b.yaml", namespace("shop"));
        commit("wrong");
    }

    @AfterEach
    void close() {
        git.close();
    }

    private RevCommit commit(String message) throws GitAPIException {
        git.add().addFilepattern(".").call();
        git.add().addFilepattern(".").setUpdate(true).call();
        return git.commit()
                .setMessage(message)
                .setAuthor("Test", "test@example.org")
                .setCommitter("Test", "test@example.org")
                .setSign(false)
                .call();
    }

    /// Corrects the file, so that only the revision before finds something.
    private RevCommit correct() throws GitAPIException {
        box.write("teams/a.yaml", namespace("bank"));
        return commit("right");
    }

    private List<String> lint(String revision, String... paths) {
        return found(run(revision, paths));
    }

    private Run run(String revision, String... paths) {
        String[] args = new String[paths.length + 5];
        System.arraycopy(new String[] {"lint", "-f", "json", "--revision", revision}, 0, args, 0, 5);
        System.arraycopy(paths, 0, args, 5, paths.length);
        return box.run(args);
    }

    @Test
    void branchesTagsAndAncestorsAreRevisions() throws Exception {
        git.branchCreate().setName("team/x").call();
        git.tag().setName("light").setAnnotated(false).call();
        git.tag()
                .setName("v1")
                .setAnnotated(true)
                .setSigned(false)
                .setMessage("one")
                .call();
        String id = git.getRepository().resolve("HEAD").getName();
        correct();

        for (String revision : List.of(
                "team/x", "refs/heads/team/x", "light", "v1", "HEAD~1", "HEAD^", "main~1", id, id.substring(0, 9))) {
            assertThat(lint(revision, "@")).as(revision).containsExactly(FOUND);
        }
        assertThat(lint("HEAD", "@")).isEmpty();
        assertThat(lint("main", "@")).isEmpty();
    }

    @Test
    void whatIsNotCommittedIsNotThere() throws Exception {
        correct();
        box.write("teams/a.yaml", WRONG).write("teams/new.yaml", WRONG);
        git.add().addFilepattern("teams/new.yaml").call();
        Files.delete(box.path("teams/b.yaml"));

        Run run = run("HEAD", "@");

        assertThat(found(run)).isEmpty();
        assertThat(objects(run)).isEqualTo(2);
    }

    @Test
    void deletedAndRenamedFilesAreThereAtTheirTime() throws Exception {
        Files.delete(box.path("teams/b.yaml"));
        Files.move(box.path("teams/a.yaml"), box.path("c.yaml"));
        Files.delete(box.path("teams"));
        commit("move");

        assertThat(lint("HEAD~1", "@/teams/a.yaml")).containsExactly(FOUND);
        assertThat(lint("HEAD~1", "@/teams")).containsExactly(FOUND);
        assertThat(lint("HEAD", "@")).containsExactly("c.yaml:4:9 invalid-metadata");
        assertThat(run("HEAD", "@/teams"))
                .isEqualTo(new Run(2, "", "bellman: teams: no such file or folder in revision HEAD\n"));
    }

    @Test
    void onlyASubfolderIsRead() throws Exception {
        box.write("other/x.yaml", WRONG);
        commit("other");

        assertThat(lint("HEAD", "@/teams")).containsExactly(FOUND);
        assertThat(lint("HEAD", "@/teams/b.yaml")).isEmpty();
        assertThat(lint("HEAD", "@/teams/b.yaml", "@/other")).containsExactly("other/x.yaml:4:9 invalid-metadata");
    }

    @Test
    void linksAreFollowedInsideTheRevision() throws Exception {
        box.write("plain.txt", WRONG.replace("Shop", "Plain"))
                .link("linked/file.yaml", "../plain.txt")
                .link("linked/folder", "../teams")
                .link("linked/nowhere.yaml", "nowhere")
                .link("linked/outside.yaml", "/etc/hostname")
                .link("linked/up", "..")
                .link("linked/self", "self")
                .link("linked/self.yaml", "self.yaml");
        commit("links");
        Files.delete(box.path("plain.txt"));

        assertThat(lint("HEAD", "@/linked"))
                .as("each file once, by the first name that leads to it")
                .containsExactly(
                        "linked/file.yaml:4:9 invalid-metadata",
                        "linked/folder/a.yaml:4:9 invalid-metadata",
                        "linked/nowhere.yaml:1:1 unreadable",
                        "linked/outside.yaml:1:1 unreadable",
                        "linked/self:1:1 link-loop",
                        "linked/self.yaml:1:1 link-loop",
                        "linked/up/linked:1:1 link-loop");
    }

    @Test
    void settingsAndInventoryAreThoseOfTheRevision(@TempDir Path outside) throws Exception {
        Files.writeString(outside.resolve("state.yaml"), namespace("outside"));
        box.write(".bellman.yaml", "inventory: [state, " + outside.toRealPath() + "]\nrules: {invalid-metadata: off}\n")
                .write("state/n.yaml", namespace("shop"));
        commit("settings");
        box.write(".bellman.yaml", "exclude: teams\n");
        Files.delete(box.path("state/n.yaml"));

        Run run = run("HEAD", "@/teams");

        assertThat(found(run)).isEmpty();
        assertThat(objects(run)).isEqualTo(4);
        assertThat(lint("HEAD~1", "@/teams")).containsExactly(FOUND);
    }

    @Test
    void anInventoryOnTheCommandLineServesEveryRevision(@TempDir Path outside) throws Exception {
        Files.writeString(outside.resolve("state.yaml"), namespace("shop"));

        Run run = run(
                "HEAD", "@/teams", "--inventory", outside.resolve("state.yaml").toString());

        assertThat(found(run)).containsExactly(FOUND);
        assertThat(objects(run)).isEqualTo(3);
        assertThat(run("HEAD", "@", "-i", "@/nowhere").err()).isEqualTo("bellman: nowhere: no such file or folder\n");
    }

    @Test
    void aBareRepositoryWillDo(@TempDir Path folder) throws Exception {
        Path bare = folder.toRealPath().resolve("bare.git");
        Git.cloneRepository()
                .setURI(box.folder().toUri().toString())
                .setDirectory(bare.toFile())
                .setBare(true)
                .call()
                .close();

        assertThat(lint("main", bare.toString())).containsExactly(bare + "/teams/a.yaml:4:9 invalid-metadata");
        assertThat(lint("main", bare.resolve("teams").toString()))
                .containsExactly(bare + "/teams/a.yaml:4:9 invalid-metadata");
    }

    @Test
    void aWorktreeWillDo(@TempDir Path folder) throws Exception {
        correct();
        Path worktree = folder.toRealPath().resolve("worktree");
        git("-C", box.folder().toString(), "worktree", "add", "--quiet", worktree.toString(), "-b", "side", "HEAD~1");

        assertThat(worktree.resolve(".git")).isRegularFile();
        assertThat(lint("HEAD", worktree.toString())).containsExactly(worktree + "/teams/a.yaml:4:9 invalid-metadata");
        assertThat(lint("side", worktree.resolve("teams").toString())).hasSize(1);
        assertThat(lint("main", worktree.toString())).isEmpty();
        assertThat(lint("side", "@")).containsExactly(FOUND);
    }

    @Test
    void aLinkToTheRepositoryWillDo(@TempDir Path folder) throws Exception {
        Path link = Files.createSymbolicLink(folder.toRealPath().resolve("link"), box.folder());

        assertThat(lint("HEAD", link.resolve("teams").toString()))
                .containsExactly(link + "/teams/a.yaml:4:9 invalid-metadata");
    }

    @Test
    void aShallowCloneSaysHowToFetchTheRest(@TempDir Path folder) throws Exception {
        correct();
        Path shallow = folder.toRealPath().resolve("shallow");
        git("clone", "--quiet", "--depth", "1", box.folder().toUri().toString(), shallow.toString());

        assertThat(lint("HEAD", shallow.toString())).isEmpty();
        assertThat(run("HEAD~1", shallow.toString()))
                .isEqualTo(new Run(
                        2,
                        "",
                        "bellman: there is no revision HEAD~1 in " + shallow
                                + "; this clone is shallow, so fetch the rest: git fetch --unshallow origin\n"));
        assertThat(run("origin/release", shallow.toString()).err())
                .endsWith("; this clone is shallow, so fetch the rest: git fetch --unshallow origin release\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nope",
                "HEAD~9",
                "v9^{}",
                "0123456789012345678901234567890123456789",
                "",
                "a..b",
                "HEAD:teams",
                ":/wrong",
                "HEAD^{tree}",
                "-x",
                "~",
                "HEAD@{5}"
            })
    void anUnknownRevisionIsOneLine(String revision) {
        Run run = box.run("lint", "--revision=" + revision, "@");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).hasLineCount(1).startsWith("bellman").doesNotContain("internal error");
    }

    @Test
    void anUnknownBranchSaysWhatToFetch() {
        assertThat(run("origin/nope", "@").err())
                .isEqualTo(
                        "bellman: there is no revision origin/nope in @; if the remote has it: git fetch origin nope\n");
    }

    @Test
    void outsideOfARepositoryIsOneLine(@TempDir Path folder) {
        assertThat(run("HEAD", folder.toString()))
                .isEqualTo(new Run(2, "", "bellman: no Git repository holds " + folder + "\n"));
    }

    @Test
    void aRepositoryWithoutACommitHasNoHead(@TempDir Path folder) throws Exception {
        Git.init().setDirectory(folder.toFile()).call().close();

        assertThat(run("HEAD", folder.toString()).err())
                .startsWith("bellman: there is no revision HEAD")
                .hasLineCount(1);
    }

    @Test
    void aFixNeedsFilesOnDisk() {
        assertThat(box.run("lint", "--fix", "--revision", "HEAD", "@"))
                .isEqualTo(
                        new Run(
                                2,
                                "",
                                "bellman lint: --fix needs files on disk, not a revision or standard input; see bellman lint --help\n"));
    }

    @Test
    void otherCommandsReadRevisionsToo() throws Exception {
        correct();
        Files.delete(box.path("teams/b.yaml"));

        assertThat(box.run("routes", "--revision", "HEAD", "@").code()).isZero();
        assertThat(box.run("compile", "--revision", "HEAD~1", "-o", "@/out", "@")
                        .code())
                .isEqualTo(1);
        assertThat(box.path("out")).doesNotExist();
    }

    private static void git(String... args) throws IOException, InterruptedException {
        String[] command = new String[args.length + 1];
        command[0] = "git";
        System.arraycopy(args, 0, command, 1, args.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
