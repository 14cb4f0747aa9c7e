package dev.bellman.cli;

import static dev.bellman.cli.Sandbox.CLASS;
import static dev.bellman.cli.Sandbox.WRONG;
import static dev.bellman.cli.Sandbox.found;
import static dev.bellman.cli.Sandbox.namespace;
import static dev.bellman.cli.Sandbox.objects;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What `.bellman.yaml` and silences in comments decide.
class LintSettingsTest {
    /// Finds that the name is wrong, in line 4.
    private static final String NAME = "invalid-metadata";

    private Sandbox box;

    @BeforeEach
    void sandbox(@TempDir Path folder) throws IOException {
        box = new Sandbox(folder.toRealPath());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inventory: state",
                "inventory: [state]",
                "inventory:\n- ./state/\n- state/shop.yaml",
                "inventory: &i state",
            })
    void theInventoryIsReadAsTheClustersState(String setting) {
        box.write(".bellman.yaml", setting + "\n")
                .write("state/shop.yaml", namespace("shop"))
                .write("git/shop.yaml", namespace("shop"));

        assertThat(box.lint()).isEmpty();
        assertThat(objects(box.run("lint", "-f", "json", "@/git"))).isEqualTo(2);
        assertThat(found(box.run("lint", "-f", "json", "@/git"))).isEmpty();
        assertThat(objects(box.run("lint", "-f", "json", "@/git/shop.yaml"))).isEqualTo(2);
    }

    @Test
    void anInventoryOnTheCommandLineIsTheClustersState() {
        box.write("shop.yaml", namespace("shop")).write("git/shop.yaml", namespace("shop"));

        assertThat(found(box.run("lint", "-f", "json", "@/git", "-i", "@/shop.yaml", "--inventory", "@/shop.yaml")))
                .isEmpty();
        assertThat(found(box.run("lint", "-f", "json", "@", "-i", "@/shop.yaml")))
                .isEmpty();
        assertThat(box.lint()).containsExactly("shop.yaml:4:9 duplicate-object");
    }

    @Test
    void anInventoryThatDoesNotExistIsAFindingAtItsPlace() {
        box.write(".bellman.yaml", "inventory:\n- nowhere\n- state.yaml\n").write("state.yaml", namespace("shop"));

        Run run = box.run("lint", "-f", "json", "@");

        assertThat(found(run)).containsExactly(".bellman.yaml:2:3 unreadable");
        assertThat(objects(run)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "expected/**            | expected/a.yaml expected/b/c.yaml | a.yaml not/expected/a.yaml",
                "charts/                | charts/a.yaml deep/charts/a.yaml | a.yaml charts.yaml",
                "charts                 | charts/a.yaml deep/charts/b/c.yaml | a.yaml",
                "/charts                | charts/a.yaml | deep/charts/a.yaml",
                "./charts/a.yaml        | charts/a.yaml | charts/b.yaml",
                "'*.tmpl.yaml'          | a.tmpl.yaml b/c.tmpl.yaml | a.yaml",
                "'**/*.tmpl.yaml'       | a.tmpl.yaml b/c.tmpl.yaml b/c/d.tmpl.yaml | a.yaml",
                "'a/**/x.yaml'          | a/x.yaml a/b/x.yaml a/b/c/x.yaml | x.yaml a/y.yaml",
                "'{a,b}/*.yaml'         | a/x.yaml b/x.yaml | c/x.yaml a/b/x.yaml",
                "deep/er                | deep/er/x.yaml | deep/x.yaml er/x.yaml",
            })
    void excludedFilesAreNotRead(String pattern, String excluded, String kept) {
        box.write(".bellman.yaml", "exclude:\n- '" + pattern + "'\n");
        List<String> reads = List.of(kept.split(" "));
        for (String name : (excluded + " " + kept).split(" ")) {
            box.write(name, WRONG.replace("Shop", "N" + name.replace('/', '-')));
        }

        assertThat(box.lint())
                .containsExactlyInAnyOrderElementsOf(
                        reads.stream().map(name -> name + ":4:9 " + NAME).toList());
    }

    @Test
    void anExcludedFileIsReadWhenItIsNamed() {
        box.write(".bellman.yaml", "exclude: '*.yaml'\n").write("a.yaml", WRONG);

        assertThat(found(box.run("lint", "-f", "json", "@/a.yaml"))).containsExactly("a.yaml:4:9 " + NAME);
        assertThat(box.run("lint", "@").code()).isEqualTo(2);
    }

    @Test
    void settingsAreLookedForUpwardsToTheRootOfTheRepository() throws IOException {
        box.write(".bellman.yaml", "rules: {" + NAME + ": warning}\n")
                .write("repository/teams/a.yaml", WRONG)
                .write("nearer/.bellman.yaml", "rules: {" + NAME + ": info}\n")
                .write("nearer/teams/a.yaml", WRONG);

        assertThat(severity("@/repository/teams")).isEqualTo("warning");
        assertThat(severity("@/repository/teams/a.yaml")).isEqualTo("warning");
        assertThat(severity("@/nearer/teams")).isEqualTo("info");
        Files.createDirectory(box.path("repository/.git"));
        assertThat(severity("@/repository/teams")).isEqualTo("error");
    }

    private String severity(String path) {
        return Sandbox.json(box.run("lint", "-f", "json", path))
                .at("/findings/0/severity")
                .asText();
    }

    @Test
    void everyMistakeIsAFindingAtItsPlaceAndTheRestHolds() {
        box.write(".bellman.yaml", """
                exclud: x
                inventory: [1, state]
                exclude:
                - "[a"
                - left-out/
                calicoVersion: 3.30
                clusterCIDR: 10.48.0.0/33
                rules:
                  no-such-rule: off
                  invalid-metadata: warn
                  unclaimed-prefix: off
                  yaml-syntax: warning
                  missing-field: [error]
                silence: [x, {reason: text}, {rule: 7}, {rule: a-rule, why: z}, {rule: unused-class, file: "{"}]
                ---
                more: 1
                """)
                .write("left-out/a.yaml", WRONG)
                .write("a.yaml", WRONG)
                .write("state/n.yaml", namespace("observed"));

        Run run = box.run("lint", "-f", "json", "@");

        assertThat(found(run).stream().map(line -> line.replace(".bellman.yaml:", "")))
                .containsExactly(
                        "1:1 bad-settings",
                        "2:13 bad-settings",
                        "4:3 bad-settings",
                        "6:16 bad-settings",
                        "7:14 bad-settings",
                        "9:3 unknown-rule",
                        "10:21 bad-settings",
                        "12:3 unknown-rule",
                        "13:18 bad-settings",
                        "14:11 bad-settings",
                        "14:14 bad-settings",
                        "14:37 bad-settings",
                        "14:48 unknown-rule",
                        "14:56 bad-settings",
                        "14:92 bad-settings",
                        "16:1 bad-settings",
                        "a.yaml:4:9 " + NAME);
        assertThat(objects(run)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'a: ['          | .bellman.yaml:1:4 yaml-syntax",
                "'- a'           | .bellman.yaml:1:1 bad-settings",
                "'rules: off'    | .bellman.yaml:1:8 bad-settings",
                "'silence: {}'   | .bellman.yaml:1:10 bad-settings",
            })
    void settingsThatAreNoneAreAFinding(String settings, String expected) {
        box.write(".bellman.yaml", settings + "\n").write("a.yaml", namespace("shop"));

        assertThat(box.lint()).containsExactly(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "---\n", "inventory:\nrules: {}\nsilence: []\nexclude: []\n"})
    void settingsMayBeEmpty(String settings) {
        box.write(".bellman.yaml", settings).write("a.yaml", namespace("shop"));

        assertThat(box.lint()).isEmpty();
    }

    @Test
    void settingsThatCannotBeReadStopTheRun() {
        box.write(".bellman.yaml", new byte[] {'a', (byte) 0xE9}).write("a.yaml", namespace("shop"));

        assertThat(box.run("lint", "@"))
                .isEqualTo(new Run(2, "", "bellman: .bellman.yaml:1:2: byte 0xE9 is not UTF-8\n"));
    }

    @ParameterizedTest
    @CsvSource({"error, error, 1", "warning, warning, 0", "info, info, 0", "'\"warning\"', warning, 0"})
    void severitiesCanBeChanged(String written, String severity, int code) {
        box.write(".bellman.yaml", "rules:\n  " + NAME + ": " + written + "\n").write("a.yaml", WRONG);

        Run run = box.run("lint", "-f", "json", "@");

        assertThat(Sandbox.json(run).at("/findings/0/severity").asText()).isEqualTo(severity);
        assertThat(run.code()).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "'off'", "no", "false"})
    void aRuleCanBeSwitchedOff(String written) {
        box.write(".bellman.yaml", "rules:\n  " + NAME + ": " + written + "\n").write("a.yaml", WRONG);

        assertThat(box.run("lint", "@").code()).isZero();
        assertThat(box.lint()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{rule: invalid-metadata, reason: why}",
                "{rule: invalid-metadata, reason: why, file: teams/a.yaml}",
                "{rule: invalid-metadata, reason: why, file: teams/**}",
                "{rule: invalid-metadata, reason: why, file: a.yaml}",
                "{rule: invalid-metadata, reason: why, object: Namespace Shop}",
                "{rule: invalid-metadata, reason: why, file: 't*/*', object: Namespace Shop}",
            })
    void settingsSilenceFindings(String silence) {
        box.write(".bellman.yaml", "silence:\n- " + silence + "\n").write("teams/a.yaml", WRONG);

        assertThat(box.lint()).isEmpty();
        assertThat(found(box.run("lint", "-f", "json", "@/teams"))).isEmpty();
        assertThat(found(box.run("lint", "-f", "json", "@/teams/a.yaml"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{rule: invalid-metadata, reason: why, file: other.yaml}",
                "{rule: invalid-metadata, reason: why, object: Namespace shop}",
                "{rule: missing-field, reason: why}",
            })
    void aSilenceOfSettingsThatIsAboutNothingIsAFinding(String silence) {
        box.write(".bellman.yaml", "silence:\n- " + silence + "\n").write("teams/a.yaml", WRONG);

        assertThat(box.lint()).containsExactly(".bellman.yaml:2:10 unused-silence", "teams/a.yaml:4:9 " + NAME);
        // It may be about what was not looked at this time.
        assertThat(found(box.run("lint", "-f", "json", "@/teams"))).containsExactly("teams/a.yaml:4:9 " + NAME);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "apiVersion: v1\nkind: Namespace\nmetadata:\n  # bellman:ignore invalid-metadata why\n  name: Shop\n",
                "apiVersion: v1\nkind: Namespace\nmetadata:\n  #bellman:ignore  invalid-metadata   why\n\n  # more\n  name: Shop\n",
                "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: Shop # bellman:ignore invalid-metadata why\n",
                "apiVersion: v1\nkind: Namespace\nmetadata: {\n  name: Shop # bellman:ignore invalid-metadata why\n}\n",
                "# bellman:ignore-file invalid-metadata why\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: Shop\n",
                "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: Shop\n---\n# bellman:ignore-file invalid-metadata why\n",
                "apiVersion: v1\r\nkind: Namespace\r\nmetadata:\r\n  # bellman:ignore invalid-metadata why\r\n  name: Shop\r\n",
                "# bellman:ignore invalid-metadata why\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: Shop}}\n",
                "--- # bellman:ignore-file invalid-metadata why\napiVersion: v1\nkind: Namespace\nmetadata: {name: Shop}\n",
                "a: 1\n# bellman:ignore invalid-metadata why\n---\n# more\n\n{apiVersion: v1, kind: Namespace, metadata: {name: S}}\n",
                "{apiVersion: v1, kind: Namespace, metadata: {name: S}} # bellman:ignore invalid-metadata why\n",
            })
    void aCommentSilencesAFinding(String text) {
        box.write("a.yaml", text).write("n.yaml", namespace("shop"));

        assertThat(box.lint()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"invalid-metadata,wrong-type", "invalid-metadata, wrong-type", "wrong-type,  invalid-metadata"})
    void aCommentSilencesSeveralRules(String rules) {
        box.write(
                "a.yaml",
                "# bellman:ignore " + rules
                        + " why\n{apiVersion: v1, kind: Namespace, metadata: {name: Shop, labels: 1}}\n");

        assertThat(box.lint()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "# bellman:ignore invalid-metadata            | 1:1 silence-without-reason, 5:9 invalid-metadata",
                "# bellman:ignore                             | 1:1 unknown-rule, 5:9 invalid-metadata",
                "# bellman:ignore no-such-rule why            | 1:1 unknown-rule, 5:9 invalid-metadata",
                "# bellman:ignore yaml-syntax why             | 1:1 unknown-rule, 5:9 invalid-metadata",
                "# bellman:ignore invalid-metadata why        | 1:1 unused-silence, 5:9 invalid-metadata",
                "# bellman:ignore-file missing-field why      | 1:1 unused-silence, 5:9 invalid-metadata",
                "# bellman:ignore-file invalid-metadata,missing-field why | 1:1 unused-silence",
            })
    void aSilenceThatIsOfNoUseIsAFinding(String comment, String expected) {
        box.write("a.yaml", comment + "\n" + WRONG);

        assertThat(box.lint())
                .isEqualTo(List.of(expected.split(", ")).stream()
                        .map(one -> "a.yaml:" + one)
                        .toList());
    }

    @Test
    void aSilenceIsNotOfNoUseWhereItsObjectCouldNotBeJudged() {
        String policy = """
                apiVersion: bellman.dev/v1alpha1
                kind: ServiceAdvertisementPolicy
                metadata: {name: a, namespace: shop}
                spec:
                  className: datacenter
                  services: {names: [web]}
                  # bellman:ignore local-single-next-hop there is only one
                  trafficPolicy: %s
                """;
        box.write("class.yaml", Sandbox.CLASS).write("a.yaml", policy.formatted("Locl"));
        assertThat(box.lint()).containsExactly("a.yaml:8:18 unknown-value");

        // Without an inventory nobody knows where endpoints are.
        box.write("a.yaml", policy.formatted("Local"));
        assertThat(box.lint()).isEmpty();
    }

    @Test
    void anObjectOfASilenceIsWrittenAsFindingsNameIt() {
        box.write(".bellman.yaml", "silence:\n- {rule: wrong-type, reason: why, object: shop}\n");

        assertThat(box.lint()).contains(".bellman.yaml:2:43 bad-settings");
    }

    @Test
    void settingsOfNearlyTheRightNameAreNotPassedOver() {
        box.write(".bellman.yml", "silence: []\n").write("n.yaml", namespace("shop"));

        assertThat(box.lint()).containsExactly(".bellman.yml:1:1 bad-settings");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"10.48.0.1/16 | 10.48.0.0/16", "10.48.0.0/16,fd00::1/64 | 10.48.0.0/16,fd00::/64"})
    void theClustersAddressesAreAPrefixWithoutHostBits(String written, String right) {
        box.write(".bellman.yaml", "clusterCIDR: " + written + "\n").write("n.yaml", namespace("shop"));

        assertThat(box.lint()).containsExactly(".bellman.yaml:1:14 bad-settings");
        assertThat(box.run("lint", "@").out()).contains("write `" + right + "`");
    }

    @Test
    void aMarkInsideATextIsNoSilence() {
        box.write("a.yaml", WRONG.replace("Shop", "\"# bellman:ignore invalid-metadata why\""));

        assertThat(box.lint()).containsExactly("a.yaml:4:9 " + NAME);
    }

    @Test
    void theCalicoVersionOfTheSettingsHoldsUnlessTheUserSaysAnother() {
        box.write(".bellman.yaml", "calicoVersion: v0.1\n").write("a.yaml", CLASS);

        assertThat(box.run("routes", "@", "--calico-version", "3.31").code()).isZero();
        assertThat(box.run("routes", "@", "--calico-version", "newest"))
                .isEqualTo(
                        new Run(
                                2,
                                "",
                                "bellman routes: not a version of Calico: newest, such as 3.31 or v3.31.4; see bellman routes --help\n"));
    }
}
