package dev.bellman.cli;

import static dev.bellman.cli.Sandbox.WRONG;
import static dev.bellman.cli.Sandbox.namespace;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `bellman compile` writes a folder as a whole, or leaves it as it is.
class CompileCommandTest {
    private static final String EXAMPLE = "gitops-examples/yaobank";

    private Sandbox box;

    @BeforeEach
    void sandbox(@TempDir Path folder) throws IOException {
        box = new Sandbox(folder.toRealPath());
    }

    @Test
    void everythingIsWritten() throws IOException {
        Run run = box.run("compile", EXAMPLE, "-o", "@/out");

        assertThat(run.code()).as("%s", run).isZero();
        assertThat(files("out").keySet())
                .containsExactly(
                        "bgpconfiguration.yaml",
                        "diagnostics.yaml",
                        "nodeplans/control1.yaml",
                        "nodeplans/worker1.yaml",
                        "nodeplans/worker2.yaml",
                        "routes.yaml",
                        "service-patches.yaml");
        assertThat(run.err()).isEqualTo("bellman: wrote 7 files to out\n");
    }

    @Test
    void twoRunsWriteTheSameBytes() throws IOException {
        box.run("compile", EXAMPLE, "-o", "@/one");
        box.run("compile", EXAMPLE, "-o", "@/two", "-q");

        assertThat(files("two")).isEqualTo(files("one")).hasSize(7);
    }

    @Test
    void aMissingParentIsMade() throws IOException {
        assertThat(box.run("compile", EXAMPLE, "-o", "@/a/b/out").code()).isZero();
        assertThat(files("a/b/out")).hasSize(7);
    }

    @Test
    void theFolderTheUserStandsInStaysTheSame() throws IOException {
        Files.createDirectory(box.path("out"));
        Object identity = Files.readAttributes(box.path("out"), java.nio.file.attribute.BasicFileAttributes.class)
                .fileKey();

        assertThat(box.run("compile", EXAMPLE, "-o", "@/out/.").code()).isZero();
        assertThat(box.run("compile", EXAMPLE, "-o", "@/out/").code()).isZero();

        assertThat(Files.readAttributes(box.path("out"), java.nio.file.attribute.BasicFileAttributes.class)
                        .fileKey())
                .isEqualTo(identity);
        assertThat(files("out")).hasSize(7);
    }

    @Test
    void aRepositoryIsNoFolderToReplace() throws IOException {
        Run run = Run.of("compile", EXAMPLE, "-o", ".");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith("bellman: . holds ").contains("which compile did not write");
    }

    @Test
    void whatIsNoLongerPlannedIsRemoved() throws IOException {
        box.run("compile", EXAMPLE, "-o", "@/out");
        box.write("state.yaml", namespace("shop"));
        Run run = box.run("compile", "@/state.yaml", "-o", "@/out");

        assertThat(run.code()).as("%s", run).isZero();
        assertThat(files("out").keySet()).containsExactly("diagnostics.yaml", "routes.yaml");
        assertThat(box.path("out/nodeplans")).doesNotExist();
        assertThat(box.folder()).isDirectoryNotContaining("glob:**/.*");
    }

    @Test
    void anErrorLeavesTheFolderAsItWas() throws IOException {
        box.run("compile", EXAMPLE, "-o", "@/out");
        SortedMap<String, String> before = files("out");
        box.write("a.yaml", WRONG);

        Run run = box.run("compile", EXAMPLE, "@/a.yaml", "-o", "@/out");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).contains("invalid-metadata");
        assertThat(files("out")).isEqualTo(before);
        assertThat(box.run("compile", "@/a.yaml", "-o", "@/new").code()).isEqualTo(1);
        assertThat(box.path("new")).doesNotExist();
    }

    @Test
    void nothingToCompileWritesNothing() {
        box.write("a.yaml", "a: 1\n");

        assertThat(box.run("compile", "@/a.yaml", "-o", "@/out").code()).isEqualTo(2);
        assertThat(box.path("out")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "nodeplans/x.txt", "nodeplans/deep/x.yaml", ".git/config", "other.yaml"})
    void aFolderWithOtherFilesIsRefused(String name) throws IOException {
        box.write("out/routes.yaml", "old\n").write("out/" + name, "mine\n");

        Run run = box.run("compile", EXAMPLE, "-o", "@/out");

        assertThat(run)
                .isEqualTo(new Run(
                        2,
                        "",
                        "bellman: out holds " + name + ", which compile did not write; choose a folder of its own\n"));
        assertThat(files("out")).hasSize(2).containsValue("old\n").containsValue("mine\n");
    }

    @Test
    void aFileIsNoFolder() {
        box.write("out", "mine\n");

        assertThat(box.run("compile", EXAMPLE, "-o", "@/out"))
                .isEqualTo(new Run(2, "", "bellman: out is not a folder\n"));
        assertThat(box.run("compile", EXAMPLE, "-o", "@/out/below"))
                .satisfies(run -> assertThat(run.code()).isEqualTo(2))
                .satisfies(run -> assertThat(run.err())
                        .startsWith("bellman: cannot write ")
                        .hasLineCount(1));
    }

    @Test
    void aLinkToAFolderIsFollowed() throws IOException {
        Files.createDirectory(box.path("real"));
        box.link("out", "real");

        assertThat(box.run("compile", EXAMPLE, "-o", "@/out").code()).isZero();
        assertThat(box.path("out")).isSymbolicLink();
        assertThat(files("real")).hasSize(7);
    }

    /// An exported object may have any name, since nobody validates it.
    @ParameterizedTest
    @ValueSource(strings = {"../../escaped", "/tmp/escaped", "a/b", "../routes"})
    void theNameOfANodeCannotLeadOutOfTheFolder(String name) throws IOException {
        box.write("cluster.yaml", """
                apiVersion: v1
                kind: Node
                metadata:
                  name: %s
                  uid: 1
                  resourceVersion: "1"
                status:
                  addresses:
                  - type: InternalIP
                    address: 10.0.1.40
                """.formatted(name));

        Run run = box.run("compile", "gitops-examples/yaobank", "@/cluster.yaml", "-o", "@/deep/out");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).hasLineCount(1).contains("no file can be named nodeplans/" + name + ".yaml");
        assertThat(files(".").keySet()).containsExactly("cluster.yaml");
    }

    /// A name may have 253 characters, and a file's 255 with its ending.
    @Test
    void nodesWithTheLongestNamesHaveFilesOfTheirOwn() throws IOException {
        String longest = ("n".repeat(62) + ".").repeat(4).substring(0, 250);
        List<String> names = List.of(longest + "abc", longest + "abd", longest + "ab", longest, longest.substring(1));
        box.write(
                "cluster.yaml",
                String.join(
                        "---\n", names.stream().map(CompileCommandTest::node).toList()));

        Run run = box.run("compile", "gitops-examples/yaobank", "@/cluster.yaml", "-o", "@/out");

        SortedMap<String, String> files = files("out");
        assertThat(run.code()).as("%s", run).isZero();
        names.forEach(name -> assertThat(files.entrySet())
                .filteredOn(file -> file.getValue().contains("\n  name: " + name + "\n"))
                .singleElement()
                .satisfies(file -> assertThat(file.getKey()).startsWith("nodeplans/nnnn")));
        assertThat(files).containsKey("nodeplans/" + longest.substring(1) + ".yaml");
        assertThat(box.run("compile", "gitops-examples/yaobank", "@/cluster.yaml", "-o", "@/out"))
                .isEqualTo(run);
        assertThat(files("out")).isEqualTo(files);
    }

    private static String node(String name) {
        return """
                apiVersion: v1
                kind: Node
                metadata: {name: %s, uid: "1"}
                status: {addresses: [{type: InternalIP, address: 10.0.1.40}]}
                """.formatted(name);
    }

    /// `compile . -o build/` must not read what it wrote before.
    @Test
    void itsOwnOutputIsNotRead() throws IOException {
        try (Stream<Path> sources = Files.walk(Path.of(EXAMPLE))) {
            for (Path source : sources.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains("expected"))
                    .toList()) {
                box.write(Path.of(EXAMPLE).relativize(source).toString(), Files.readAllBytes(source));
            }
        }
        Run first = box.run("compile", "@", "-o", "@/build");
        SortedMap<String, String> files = files("build");

        assertThat(first.code()).as("%s", first).isZero();
        assertThat(box.run("compile", "@", "-o", "@/build")).isEqualTo(first);
        assertThat(files("build")).isEqualTo(files);
    }

    private SortedMap<String, String> files(String folder) throws IOException {
        SortedMap<String, String> files = new TreeMap<>();
        Path root = box.path(folder).normalize();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(root.relativize(file).toString(), Files.readString(file));
            }
        }
        return files;
    }
}
