package dev.bellman.cli;

import static dev.bellman.cli.Sandbox.CLASS;
import static dev.bellman.cli.Sandbox.WRONG;
import static dev.bellman.cli.Sandbox.files;
import static dev.bellman.cli.Sandbox.found;
import static dev.bellman.cli.Sandbox.namespace;
import static dev.bellman.cli.Sandbox.objects;
import static dev.bellman.cli.Sandbox.observed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which files are read, and what is said of those that cannot be.
class LintFilesTest {
    private Sandbox box;

    @BeforeEach
    void sandbox(@TempDir Path folder) throws IOException {
        box = new Sandbox(folder.toRealPath());
    }

    @Test
    void foldersAreReadToTheirDepthsInTheOrderOfNames() {
        box.write("b/c/x.yml", WRONG.replace("Shop", "B"))
                .write("a.json", "{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \"A\"}}")
                .write("b/a.yaml", WRONG.replace("Shop", "C"))
                .write("z.yaml", WRONG.replace("Shop", "D"))
                .write("a.yaml.tmpl", WRONG)
                .write("README.md", WRONG)
                .write(".hidden.yaml", WRONG)
                .write(".git/x.yaml", WRONG)
                .write("b/yaml", WRONG);

        assertThat(box.lint())
                .containsExactly(
                        "a.json:1:64 invalid-metadata",
                        "b/a.yaml:4:9 invalid-metadata",
                        "b/c/x.yml:4:9 invalid-metadata",
                        "z.yaml:4:9 invalid-metadata");
    }

    @Test
    void patchesOfKustomizeAreNoObjects() {
        box.write("base/kustomization.yaml", "resources: [service.yaml]\n")
                .write("base/service.yaml", WRONG)
                .write("prod/kustomization.yml", """
                        resources: [../base]
                        patches:
                        - path: patch.yaml
                        - path: ../shared/patch.yaml
                          target: {kind: Service}
                        - patch: "[]"
                        patchesStrategicMerge:
                        - old.yaml
                        - |
                          kind: Service
                        """)
                .write("prod/patch.yaml", WRONG)
                .write("prod/old.yaml", WRONG)
                .write("shared/patch.yaml", WRONG)
                .write("test/patch.yaml", WRONG);

        assertThat(box.lint())
                .containsExactly(
                        "base/service.yaml:4:9 invalid-metadata",
                        "test/patch.yaml:4:9 duplicate-object",
                        "test/patch.yaml:4:9 invalid-metadata");
        assertThat(found(box.run("lint", "-f", "json", "@/prod/patch.yaml")))
                .containsExactly("prod/patch.yaml:4:9 invalid-metadata");
    }

    @Test
    void aFileThatIsNamedIsReadWhateverItIsCalled() {
        box.write("manifest.txt", WRONG).write(".hidden.yaml", WRONG.replace("Shop", "Other"));

        assertThat(found(box.run("lint", "-f", "json", "@/manifest.txt", "@/.hidden.yaml")))
                .containsExactly(".hidden.yaml:4:9 invalid-metadata", "manifest.txt:4:9 invalid-metadata");
    }

    @Test
    void aFolderMayBeCalledLikeAFile() {
        box.write("x.yaml/y.yaml", WRONG);

        assertThat(box.lint()).containsExactly("x.yaml/y.yaml:4:9 invalid-metadata");
    }

    @Test
    void standardInputIsADash() {
        Run run = Run.withInput(WRONG, "lint", "-", "-f", "json");

        assertThat(found(run)).containsExactly("-:4:9 invalid-metadata");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void standardInputGoesTogetherWithFiles() {
        box.write("a.yaml", namespace("shop"));

        Run run = box.withInput(namespace("shop"), "lint", "-f", "json", "-", "@", "-");

        assertThat(found(run)).containsExactly("-:4:9 duplicate-object");
        assertThat(files(run)).isEqualTo(2);
    }

    @Test
    void theInventoryMayComeThroughAPipe() {
        box.write("a.yaml", namespace("shop"));

        Run run = box.withInput(namespace("shop"), "lint", "-f", "json", "@", "--inventory", "-");

        assertThat(found(run)).isEmpty();
        assertThat(objects(run)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lint @/nowhere",
                "lint @ @/nowhere/a.yaml",
                "routes @/nowhere",
                "compile -o @/out @/nowhere",
                "lint @ --inventory @/nowhere",
                "lint @/loop",
                "lint @/dangling"
            })
    void aPathThatDoesNotExistIsOneLine(String line) throws IOException {
        box.write("a.yaml", namespace("shop")).link("loop", "loop").link("dangling", "nowhere");

        Run run = box.run(line.split(" "));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).hasLineCount(1).matches("bellman: \\S+: no such file or folder\n");
    }

    @Test
    void nothingToCheckIsNotClean() {
        Run run = box.run("lint", "@");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).contains("nothing was checked");

        box.write("values.yaml", "replicas: 1\n").write("deployment.yaml", "apiVersion: apps/v1\nkind: Deployment\n");
        assertThat(box.run("lint", "@").code()).isEqualTo(2);
    }

    @Test
    void aLinkThatLeadsNowhereIsAFinding() throws IOException {
        box.write("a.yaml", namespace("shop")).link("b.yaml", "nowhere.yaml").link("c", "nowhere");

        assertThat(box.lint()).containsExactly("b.yaml:1:1 unreadable");
    }

    @Test
    void aPipeInAFolderIsAFindingAndNotWaitedFor() throws Exception {
        box.write("a.yaml", namespace("shop"));
        makePipe("b.yaml");

        assertThat(assertTimeoutPreemptively(Duration.ofMinutes(2), box::lint))
                .containsExactly("b.yaml:1:1 unreadable");
    }

    /// As `bellman lint <(kustomize build .)` does it.
    @Test
    void aPipeThatIsNamedIsRead() throws Exception {
        makePipe("pipe");
        box.write("text", WRONG);
        Process writer = new ProcessBuilder("sh", "-c", "cat text > pipe")
                .directory(box.folder().toFile())
                .start();

        assertThat(found(box.run("lint", "-f", "json", "@/pipe"))).containsExactly("pipe:4:9 invalid-metadata");
        assertThat(writer.waitFor()).isZero();
    }

    private void makePipe(String name) throws Exception {
        assertThat(new ProcessBuilder("mkfifo", box.path(name).toString())
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void aFileThatFailsToBeReadIsAFinding() throws IOException {
        // Its first page is not mapped, so even root cannot read it.
        box.write("a.yaml", namespace("shop")).link("b.yaml", "/proc/self/mem");

        Run run = box.run("lint", "-f", "json", "@", "@/b.yaml");

        assertThat(found(run)).containsOnly("b.yaml:1:1 unreadable");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void aLinkToAFolderAboveIsAFindingAndNotFollowed() throws IOException {
        box.write("a/b/x.yaml", namespace("shop")).link("a/b/up", "..");

        Run run = box.run("lint", "-f", "json", "@");

        assertThat(found(run)).containsExactly("a/b/up:1:1 link-loop");
        assertThat(files(run)).isEqualTo(1);
    }

    /// What it was meant to lead to was not read, whatever it is called.
    @Test
    void aLinkThatLeadsInACircleIsAFinding() throws IOException {
        box.write("x.yaml", namespace("shop"))
                .link("e", "e")
                .link("f.yaml", "f.yaml")
                .link("a/b", "../c/d")
                .link("c", "a/b")
                .link("into", "e/x.yaml")
                .link("dangling", "nowhere")
                .link("below-a-file", "x.yaml/y")
                .link(".hidden", ".hidden")
                .link("excluded", "excluded")
                .write(".bellman.yaml", "exclude: excluded\n");

        assertThat(box.lint())
                .containsExactly(
                        "a/b:1:1 link-loop",
                        "c:1:1 link-loop",
                        "e:1:1 link-loop",
                        "f.yaml:1:1 link-loop",
                        "into:1:1 link-loop");
    }

    @Test
    void aLinkToAnotherPlaceIsFollowed(@TempDir Path elsewhere) throws IOException {
        Files.writeString(elsewhere.resolve("x.yaml"), WRONG);
        Files.writeString(elsewhere.resolve("y.txt"), WRONG.replace("Shop", "Other"));
        box.link("linked", elsewhere.toString())
                .link("y.yaml", elsewhere.resolve("y.txt").toString());

        assertThat(box.lint()).containsExactly("linked/x.yaml:4:9 invalid-metadata", "y.yaml:4:9 invalid-metadata");
    }

    @Test
    void aFileIsReadOnceHoweverManyWaysLeadToIt() throws IOException {
        box.write("a/x.yaml", WRONG).link("b", "a").link("c.yaml", "a/x.yaml");

        Run run = box.run("lint", "-f", "json", "@", "@/a", "@/a/x.yaml", "@/b/../a/x.yaml");

        assertThat(found(run)).containsExactly("a/x.yaml:4:9 invalid-metadata");
        assertThat(files(run)).isEqualTo(1);
    }

    @Test
    void foldersWithLinksInAllDirectionsAreReadInTime() throws IOException {
        box.write("end/x.yaml", WRONG);
        for (int i = 0; i < 40; i++) {
            String next = i == 39 ? "../end" : "../f" + (i + 1);
            box.link("f" + i + "/one", next).link("f" + i + "/two", next);
        }

        assertThat(assertTimeoutPreemptively(Duration.ofMinutes(2), box::lint))
                .containsExactly("end/x.yaml:4:9 invalid-metadata");
    }

    @Test
    void bytesThatAreNotUtf8ArePointedTo() {
        box.write("latin1.yaml", (namespace("shop") + "# é: caf\u00e9").getBytes(StandardCharsets.ISO_8859_1))
                .write("cut.yaml", new byte[] {'#', ' ', (byte) 0xF0, (byte) 0x9F})
                .write("utf16.yaml", WRONG.getBytes(StandardCharsets.UTF_16))
                .write("mark.yaml", "\uFEFF" + WRONG);

        assertThat(box.lint())
                .containsExactly(
                        "cut.yaml:1:3 not-utf8",
                        "latin1.yaml:5:3 not-utf8",
                        "mark.yaml:4:9 invalid-metadata",
                        "utf16.yaml:1:1 not-utf8");
    }

    @Test
    void bytesThatAreNotUtf8HideTheirDocumentAlone() {
        String wide = CLASS.replace("10.49.0.0", "10.49.0.1");
        box.write("behind.yaml", latin1(wide + "---\n# \u00ff\n"))
                .write(
                        "beside.yaml",
                        latin1("# \u00ff\n" + wide.replace("10.49", "10.50").replace("datacenter", "beside # \u00fe")
                                + "# \u00ff"))
                .write(
                        "between.yaml",
                        latin1(WRONG + "---\n" + wide.replace("datacenter", "\u00e9") + "---\n"
                                + WRONG.replace("Shop", "Bank")))
                .write("mark.yaml", latin1("\u00ef\u00bb\u00bf" + WRONG.replace("Shop", "Mark # \u00ff")))
                .write(
                        "objects.json",
                        latin1("{\"\u00e9\": 1, \"\u00e8\": 1} {\"apiVersion\": \"v1\","
                                + " \"kind\": \"Namespace\", \"metadata\": {\"name\": \"Json\"}}"));

        assertThat(box.lint())
                .containsExactly(
                        "behind.yaml:8:11 host-bits",
                        "behind.yaml:13:3 not-utf8",
                        "beside.yaml:1:3 not-utf8",
                        "beside.yaml:9:11 host-bits",
                        "between.yaml:4:9 invalid-metadata",
                        "between.yaml:9:9 not-utf8",
                        "between.yaml:21:9 invalid-metadata",
                        "mark.yaml:4:9 invalid-metadata",
                        "mark.yaml:4:16 not-utf8",
                        "objects.json:1:3 not-utf8",
                        "objects.json:1:81 invalid-metadata");
    }

    /// Not even what has one right answer.
    @Test
    void aFileThatIsNotUtf8IsNotMended() throws IOException {
        byte[] wide = latin1(CLASS.replace("10.49.0.0", "10.49.0.1") + "# \u00ff\n");
        box.write("a.yaml", wide);

        Run run = box.run("lint", "--fix", "@");

        assertThat(run.out()).contains("host-bits").doesNotContain("fixable");
        assertThat(Files.readAllBytes(box.path("a.yaml"))).isEqualTo(wide);
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void anObjectMayBeDeclaredOnceAndObservedOnce() {
        box.write("a.yaml", namespace("shop")).write("b.yaml", observed("shop"));

        assertThat(box.lint()).isEmpty();
    }

    @Test
    void anObjectMayNotBeThereTwice() {
        box.write("a.yaml", namespace("shop") + "---\n" + observed("shop"))
                .write("b.yaml", namespace("shop"))
                .write("c.yaml", observed("shop") + "---\n" + namespace("bank"));

        Run run = box.run("lint", "-f", "json", "@");

        assertThat(found(run)).containsExactly("b.yaml:4:9 duplicate-object", "c.yaml:4:9 duplicate-object");
        assertThat(Sandbox.json(run).at("/findings/0/related/0/file").asText()).isEqualTo("a.yaml");
        assertThat(Sandbox.json(run).at("/findings/0/related/0/line").asInt()).isEqualTo(4);
    }

    @Test
    void anObjectThatIsThereAlreadyIsCheckedByItself() {
        String policy = """
                apiVersion: bellman.dev/v1alpha1
                kind: ServiceAdvertisementPolicy
                metadata: {name: customer, namespace: yaobank}
                spec:
                  className: datacenter
                  services: {names: [customer]}
                """;
        String rule = """
                apiVersion: bellman.dev/v1alpha1
                kind: AdvertisementRule
                metadata: {name: example-no-traffic-policy}
                spec:
                  match: {kinds: [ServiceAdvertisementPolicy]}
                  message: leave the traffic policy alone
                  expression: "object.spec.trafficPolicy == 'Unchanged'"
                """;
        box.write("a.yaml", policy + "---\n" + policy + "  trafficPolicy: foo\n---\n" + CLASS)
                .write("b.yaml", CLASS.replace("10.49.0.0", "10.49.0.1"))
                .write("c.yaml", rule)
                .write("d.yaml", rule.replace("'Unchanged'", "("));

        assertThat(box.lint())
                .containsExactly(
                        "a.yaml:10:18 duplicate-object",
                        "a.yaml:14:18 example-no-traffic-policy",
                        "a.yaml:14:18 unknown-value",
                        "b.yaml:4:9 duplicate-object",
                        "b.yaml:8:11 host-bits",
                        "d.yaml:3:18 duplicate-object",
                        "d.yaml:7:46 rule-does-not-compile");
    }

    /// The server has judged it, as it has the first one.
    @Test
    void anObservedObjectThatIsThereAlreadyIsNotHeldAgainstItsDefinition() {
        box.write("a.yaml", observed("Shop")).write("b.yaml", observed("Shop"));

        assertThat(box.lint()).containsExactly("b.yaml:4:9 duplicate-object");
    }

    /// As a patch of Kustomize is beside what it patches.
    @Test
    void anObjectOfAnUnknownKindMayBeThereTwice() {
        String deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\n";
        box.write("base/web.yaml", deployment)
                .write("prod/web.yaml", deployment)
                .write("n.yaml", namespace("shop"));

        assertThat(box.lint()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"uid, true", "resourceVersion, true", "generation, false"})
    void onlyAClusterGivesAnIdentity(String field, boolean isObserved) {
        // What a cluster exported is not judged by the schema: it was accepted once.
        box.write("a.yaml", WRONG + "  " + field + ": \"1\"\n");

        assertThat(box.lint().isEmpty()).isEqualTo(isObserved);
    }

    @Test
    void anEmptyIdentityIsNone() {
        box.write("a.yaml", WRONG + "  uid: \"\"\n  resourceVersion: ~\n");

        assertThat(box.lint()).containsExactly("a.yaml:4:9 invalid-metadata");
    }

    @Test
    void aListsOwnVersionDoesNotMakeItsItemsObserved() {
        box.write("a.yaml", """
                apiVersion: v1
                kind: List
                metadata: {resourceVersion: "7"}
                items:
                - {apiVersion: v1, kind: Namespace, metadata: {name: Shop}}
                - apiVersion: v1
                  kind: List
                  items:
                  - {apiVersion: v1, kind: Namespace, metadata: {name: Bank}}
                  - {apiVersion: v1, kind: Namespace, metadata: {name: Bank, uid: a}}
                """)
                .write("b.yaml", "apiVersion: v1\nkind: List\nitems: []\n---\napiVersion: v1\nkind: List\n");

        assertThat(box.lint()).containsExactly("a.yaml:5:54 invalid-metadata", "a.yaml:9:56 invalid-metadata");
    }

    /// As `kubectl get --raw /api/v1/namespaces` prints it.
    @Test
    void itemsOfAListOfOneKindNeedNotSayTheirKind() {
        box.write("a.json", """
                {"kind":"NamespaceList","apiVersion":"v1","metadata":{"resourceVersion":"12"},"items":[
                {"metadata":{"name":"Shop"}},{"metadata":{"name":"Bank","uid":"1"}}]}
                """);

        Run run = box.run("lint", "-f", "json", "@");
        assertThat(found(run)).containsExactly("a.json:2:21 invalid-metadata");
        assertThat(objects(run)).isEqualTo(2);
    }

    @Test
    void anArrayOfObjectsIsRead() {
        box.write("a.json", "[{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"Shop\"}}]\n")
                .write("patch.yaml", "- op: replace\n  path: /spec\n  value: 1\n");

        assertThat(box.lint()).containsExactly("a.json:1:59 invalid-metadata");
    }

    @Test
    void aDocumentThatIsNoObjectIsAFindingOnlyWhereItLooksLikeOne() {
        box.write("a.yaml", namespace("shop"))
                .write("values.yaml", "replicas: 1\nimage: {tag: a}\n")
                .write(
                        "lost.yaml",
                        "kind: Namespace\nmetadata: {name: x}\n---\njust text\n---\napiVersion: 1\nkind: X\n");

        assertThat(box.lint())
                .containsExactly(
                        "lost.yaml:1:1 not-an-object", "lost.yaml:4:1 not-an-object", "lost.yaml:6:1 not-an-object");
    }

    @Test
    void aSyntaxErrorEndsItsDocumentOnly() {
        box.write("a.yaml", WRONG + "---\nkind: [\n---\n" + WRONG.replace("Shop", "B"));

        assertThat(box.lint())
                .isEqualTo(List.of(
                        "a.yaml:4:9 invalid-metadata", "a.yaml:6:7 yaml-syntax", "a.yaml:11:9 invalid-metadata"));
    }

    @Test
    void anInventoryBesideNothingIsNothingChecked() throws Exception {
        box.write(".bellman.yaml", "inventory: cluster\n")
                .write("cluster/ns.yaml", observed("shop"))
                .write("apps/empty.yaml", "");

        assertThat(box.run("lint", "@/apps").code()).isEqualTo(2);
        assertThat(box.withInput("", "lint", "--inventory", "@/cluster", "-").code())
                .isEqualTo(2);
        assertThat(box.run("compile", "@/apps", "-o", "@/out").code()).isEqualTo(2);
        assertThat(box.path("out")).doesNotExist();
        assertThat(box.run("lint", "@").code()).isZero();
    }

    @Test
    void whatCompileWroteIsNotReadAgain() throws Exception {
        box.write("policies/class.yaml", CLASS);
        Run before = box.run("lint", "@");
        assertThat(box.run("compile", "@", "-o", "@/build").code()).isZero();

        assertThat(box.path("build/bgpconfiguration.yaml")).exists();
        assertThat(box.run("lint", "@")).isEqualTo(before);
        assertThat(files(box.run("lint", "--format", "json", "@/build"))).isPositive();
    }

    @Test
    void aReportDoesNotReplaceWhatWasRead() throws Exception {
        box.write("class.yaml", CLASS);

        Run run = box.run("lint", "--format", "sarif=" + box.path("class.yaml"), "@");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("class.yaml is one of the files that were read");
        assertThat(box.read("class.yaml")).isEqualTo(CLASS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bellman.dev", "v1alpha1", "/v1alpha1", "v1", "bellman.io/v1alpha1"})
    void aKindThatOnlyBellmanHasIsNotPassedOver(String apiVersion) throws Exception {
        box.write("class.yaml", CLASS.replace("bellman.dev/v1alpha1", apiVersion));

        assertThat(box.lint()).containsExactly("class.yaml:1:13 unknown-kind");
    }

    @Test
    void aPolicyWithoutANamespaceIsToldSo() throws Exception {
        box.write("class.yaml", CLASS).write("policy.yaml", """
                apiVersion: bellman.dev/v1alpha1
                kind: ServiceAdvertisementPolicy
                metadata:
                  name: web
                spec:
                  className: datacenter
                  services: {names: [web]}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: shop}
                spec: {ports: [{port: 80}]}
                """);

        assertThat(box.run("lint", "@").out())
                .contains("there is no Service `web` in namespace `default`, as the policy states none")
                .contains("help: add `metadata.namespace` to the policy");
    }
}
