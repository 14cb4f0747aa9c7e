package dev.bellman.cli;

import static dev.bellman.cli.Sandbox.CLASS;
import static dev.bellman.cli.Sandbox.found;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What `lint --fix` changes in files, and what it leaves alone.
class LintFixTest {
    private static final String WRONG = CLASS.replace("10.49.0.0/16", "10.49.0.1/16");

    private Sandbox box;

    @BeforeEach
    void sandbox(@TempDir Path folder) throws IOException {
        box = new Sandbox(folder.toRealPath());
    }

    @ParameterizedTest
    @ValueSource(strings = {"|-", ">-", ">"})
    void aBlockOfTextIsLeftAlone(String header) throws IOException {
        String text = CLASS.replace("cidr: 10.49.0.0/16", "cidr: " + header + "\n      10.49.0.1/16")
                .replace("backend: Calico", "backend: " + header + "\n    calico")
                .replace("{matchAll: true}\n  nodes", "\n      matchAll: " + header + "\n        true\n  nodes");
        box.write("a.yaml", text);

        Run run = box.run("lint", "--fix", "-f", "concise", "@/a.yaml");

        assertThat(run.err()).contains("mended 0 findings");
        assertThat(run.out()).contains("unknown-value", "wrong-type").doesNotContain("--fix does it");
        assertThat(box.read("a.yaml")).isEqualTo(text);
    }

    @Test
    void whatHasOneRightAnswerIsMended() throws IOException {
        box.write("a.yaml", WRONG.replace("backend", "backed"));

        Run run = box.run("lint", "--fix", "-f", "json", "@");

        assertThat(box.read("a.yaml")).isEqualTo(CLASS);
        assertThat(run.err()).startsWith("bellman: mended 2 findings\n");
        assertThat(run.code()).isZero();
        assertThat(found(run)).isEqualTo(box.lint());
    }

    @Test
    void noKeyIsThereTwiceAfterwards() throws IOException {
        String policy = """
                apiVersion: bellman.dev/v1alpha1
                kind: ServiceAdvertisementPolicy
                metadata: {name: customer, namespace: yaobank}
                spec:
                  classname: dc
                  className_: dc
                  services: {names: [customer]}
                """;
        box.write("a.yaml", policy);

        Run run = box.run("lint", "--fix", "-f", "json", "@");

        assertThat(run.err()).startsWith("bellman: mended 0 findings\n");
        assertThat(box.read("a.yaml")).isEqualTo(policy);
        assertThat(found(run)).contains("a.yaml:5:3 unknown-field", "a.yaml:6:3 unknown-field");
    }

    @Test
    void aSecondRunChangesNothing() throws IOException {
        box.write("a.yaml", WRONG);
        box.run("lint", "--fix", "@");
        Object written = Files.getLastModifiedTime(box.path("a.yaml"));

        assertThat(box.run("lint", "--fix", "@").err()).startsWith("bellman: mended 0 findings\n");
        assertThat(Files.getLastModifiedTime(box.path("a.yaml"))).isEqualTo(written);
    }

    @Test
    void withoutTheOptionNothingIsWritten() throws IOException {
        box.write("a.yaml", WRONG);

        assertThat(box.run("lint", "@").out()).contains("fixable with --fix");
        assertThat(box.read("a.yaml")).isEqualTo(WRONG);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'10.49.0.1/16' | '10.49.0.0/16'",
                "'\"10.49.0.1/16\"' | '\"10.49.0.0/16\"'",
                "'!!str 10.49.0.1/16' | '!!str 10.49.0.0/16'",
                "'&range 10.49.0.1/16 # the range' | '&range 10.49.0.0/16 # the range'",
                "'! \"10.49.0.1/16\"  # 😀' | '! \"10.49.0.0/16\"  # 😀'",
            })
    void quotesAnchorsAndTagsStay(String wrong, String right) throws IOException {
        box.write("a.yaml", CLASS.replace("10.49.0.0/16", wrong));

        box.run("lint", "--fix", "@");

        assertThat(box.read("a.yaml")).isEqualTo(CLASS.replace("10.49.0.0/16", right));
    }

    @Test
    void singleQuotesStay() throws IOException {
        box.write("a.yaml", CLASS.replace("10.49.0.0/16", "'10.49.0.1/16'"));

        box.run("lint", "--fix", "@");

        assertThat(box.read("a.yaml")).isEqualTo(CLASS.replace("10.49.0.0/16", "'10.49.0.0/16'"));
    }

    @Test
    void lineEndsAndAByteOrderMarkStay() throws IOException {
        String text = "\uFEFF" + WRONG.replace("\n", "\r\n") + "# no newline at the end";
        box.write("a.yaml", text);

        box.run("lint", "--fix", "@");

        assertThat(box.read("a.yaml")).isEqualTo(text.replace("10.49.0.1", "10.49.0.0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rwxrwxrwx", "rw-------"})
    void theModeOfTheFileStays(String mode) throws IOException {
        box.write("a.yaml", WRONG);
        Files.setPosixFilePermissions(box.path("a.yaml"), PosixFilePermissions.fromString(mode));

        box.run("lint", "--fix", "@");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(box.path("a.yaml"))))
                .isEqualTo(mode);
        assertThat(box.read("a.yaml")).isEqualTo(CLASS);
    }

    @Test
    void aLinkStaysALink(@TempDir Path elsewhere) throws IOException {
        Path target = Files.writeString(elsewhere.resolve("real.txt"), WRONG);
        box.link("a.yaml", target.toString());

        box.run("lint", "--fix", "@");

        assertThat(box.path("a.yaml")).isSymbolicLink();
        assertThat(target).hasContent(CLASS);
        assertThat(elsewhere)
                .isDirectoryContaining(target::equals)
                .isDirectoryNotContaining(path -> !path.equals(target));
    }

    @Test
    void theClustersStateIsNotMended() throws IOException {
        String configuration = """
                apiVersion: projectcalico.org/v3
                kind: BGPConfiguration
                metadata:
                  name: default
                spec:
                  serviceClusterIPs:
                  - cidr: 10.49.0.1/16
                """;
        String exported = configuration.replace("  name: default\n", "  name: default\n  uid: 7d2c\n");
        box.write(".bellman.yaml", "inventory: state\n")
                .write("state/a.yaml", configuration)
                .write("a.yaml", exported.replace("default", "other"))
                .write("b.yaml", WRONG)
                .write("c.json", "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[]}\n");

        box.run("lint", "--fix", "@");

        assertThat(box.read("state/a.yaml")).isEqualTo(configuration);
        assertThat(box.read("a.yaml")).isEqualTo(exported.replace("default", "other"));
        assertThat(box.read("b.yaml")).isEqualTo(CLASS);
    }

    @Test
    void anInventoryOfTheCommandLineIsNotMended(@TempDir Path elsewhere) throws IOException {
        Path state = Files.writeString(elsewhere.resolve("state.yaml"), WRONG);

        box.write("n.yaml", Sandbox.namespace("shop")).run("lint", "--fix", "@", "-i", state.toString());

        assertThat(state).hasContent(WRONG);
    }

    @Test
    void oneDocumentIsMendedBesideOneThatCannotBeRead() throws IOException {
        box.write("a.yaml", "kind: [\n---\n" + WRONG + "---\nkind: {\n");

        Run run = box.run("lint", "--fix", "-f", "json", "@");

        assertThat(box.read("a.yaml")).isEqualTo("kind: [\n---\n" + CLASS + "---\nkind: {\n");
        assertThat(found(run)).contains("a.yaml:1:7 yaml-syntax").noneMatch(one -> one.contains("host-bits"));
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void aSilencedFindingIsNotMended() throws IOException {
        String text = WRONG.replace("10.49.0.1/16", "10.49.0.1/16 # bellman:ignore host-bits as the router writes it");
        box.write("a.yaml", text);

        box.run("lint", "--fix", "@");

        assertThat(box.read("a.yaml")).isEqualTo(text);
    }

    @Test
    void jsonIsMended() throws IOException {
        String text =
                "{\"apiVersion\":\"bellman.dev/v1alpha1\",\"kind\":\"AdvertisementClass\",\"metadata\":{\"name\":\"a\"},"
                        + "\"spec\":{\"backend\":\"Calico\",\"prefixes\":[{\"cidr\":\"10.49.0.1/16\",\"addresses\":\"ClusterIP\","
                        + "\"namespaces\":{\"matchAll\":true}}],\"nodes\":{\"matchAll\":true}}}";
        box.write("a.json", text + "\n\t" + text.replace("\"a\"", "\"b\"").replace(".49.", ".50."));

        box.run("lint", "--fix", "@");

        assertThat(box.read("a.json"))
                .isEqualTo((text + "\n\t" + text.replace("\"a\"", "\"b\"").replace(".49.", ".50."))
                        .replace("0.1/16", "0.0/16"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "/dev/stdin"})
    void aPipeCannotBeMended(String path) {
        Run run = box.withInput(WRONG, "lint", "--fix", path);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).hasLineCount(1);
        assertThat(run.out()).isEmpty();
    }

    /// Whatever stands around a mistake, nothing but the mistake changes, and it is gone.
    @Property(tries = 60)
    void onlyTheMistakesChange(
            @ForAll("layouts") List<String> layout,
            @ForAll("quotes") String quote,
            @ForAll boolean windows,
            @ForAll boolean marked)
            throws IOException {
        List<String> lines = new ArrayList<>();
        List<String> base = WRONG.replace("backend:", "backnd:")
                .replace("10.49.0.1/16", quote + "10.49.0.1/16" + quote)
                .lines()
                .toList();
        for (int i = 0; i < base.size(); i++) {
            String around = layout.get(i);
            lines.addAll(around.startsWith(" #") ? List.of(base.get(i) + around) : List.of(around, base.get(i)));
        }
        String wrong = (marked ? "\uFEFF" : "") + String.join(windows ? "\r\n" : "\n", lines) + "\n";
        Path folder = Files.createTempDirectory("bellman-fix");
        try {
            Sandbox own = new Sandbox(folder.toRealPath()).write("a.yaml", wrong);
            Run run = own.run("lint", "--fix", "-f", "json", "@");

            assertThat(own.read("a.yaml"))
                    .isEqualTo(wrong.replace("backnd:", "backend:").replace("10.49.0.1", "10.49.0.0"));
            assertThat(found(run)).noneMatch(one -> one.endsWith("host-bits") || one.endsWith("unknown-field"));
            assertThat(own.run("lint", "--fix", "@").err()).startsWith("bellman: mended 0 findings\n");
        } finally {
            delete(folder);
        }
    }

    @Provide
    Arbitrary<List<String>> layouts() {
        Arbitrary<String> around = Arbitraries.of(
                "", "   ", "# 😀 a comment", "    # bakend: 10.49.0.9/17", " # behind 😀", " # 10.49.0.3/16", "#\ttab");
        return around.list().ofSize(12);
    }

    @Provide
    Arbitrary<String> quotes() {
        return Arbitraries.of("", "'", "\"");
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    @Test
    void aFileOfAnotherEncodingIsLeftAsItIs() throws IOException {
        byte[] bytes = (WRONG + "# \u00e9").getBytes(StandardCharsets.ISO_8859_1);
        box.write("a.yaml", bytes);

        box.run("lint", "--fix", "@");

        assertThat(Files.readAllBytes(box.path("a.yaml"))).isEqualTo(bytes);
    }
}
