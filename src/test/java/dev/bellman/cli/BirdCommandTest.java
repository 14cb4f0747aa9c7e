package dev.bellman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.address.Cidr;
import dev.bellman.bird.Announced;
import dev.bellman.bird.BirdConfig;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.NodeState;
import dev.bellman.plan.RouteAttributes;
import dev.bellman.testing.Golden;
import dev.bellman.testing.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What `bellman bird` prints, to the letter, and that the real BIRD reads it. A case is a folder below
/// `src/test/resources/bird`: `in/` is what there is, each `NODE.conf` what that node gets.
class BirdCommandTest {
    private static final Path ROOT = Path.of("src/test/resources/bird");

    private static final String NO_PEER = """
            node %s has no peer, so its BIRD announces nothing: no class with the Bird backend and no BGPSpeaker select\
             it, or a label excludes it
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("files")
    void printsWhatTheCaseSays(Path expected) throws IOException {
        String node = expected.getFileName().toString().replace(".conf", "");

        Run run = Run.of("bird", "--node", node, expected.resolveSibling("in").toString());

        boolean speaks = run.out().contains("protocol bgp");
        assertThat(run.err()).isEqualTo(speaks ? "" : NO_PEER.formatted(node));
        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualTo(Golden.text(expected, run.out()));
        assertThat(refusal(run.out())).isEmpty();
    }

    @Test
    void everyCaseHasSomethingToPrint() throws IOException {
        try (Stream<Path> cases = Files.list(ROOT)) {
            assertThat(cases.toList())
                    .hasSizeGreaterThan(4)
                    .allSatisfy(one -> assertThat(one).isDirectoryContaining("glob:**.conf"));
        }
    }

    /// What BIRD says against the cases of the compiler, whichever backend they have.
    @ParameterizedTest
    @MethodSource("compileCases")
    void birdReadsWhatEveryNodeGets(CompileCase one) throws IOException {
        Inspection inspection = one.inspect();
        for (NodePlan plan : inspection.result().plan().nodePlans()) {
            NodeState state = NodeStates.get(inspection, plan.node());
            NavigableMap<Cidr, RouteAttributes> routes = Announced.of(state);

            String text = BirdConfig.of(state, routes, _ -> "x").shown();

            assertThat(refusal(text)).as(plan.node()).isEmpty();
            assertThat(routes.keySet())
                    .allSatisfy(prefix -> assertThat(text).contains("route " + prefix + " blackhole"));
        }
    }

    @Test
    void whoAsksForANodeOfCalicoIsToldWhyThereIsNothing() throws IOException {
        Run run = Run.of("bird", "--node", "worker1", "gitops-examples/yaobank");

        assertThat(run.err()).isEqualTo(NO_PEER.formatted("worker1"));
        assertThat(run.code()).isZero();
        assertThat(refusal(run.out())).isEmpty();
    }

    @Test
    void aNodeThatIsNoneIsAFailure() {
        Run run = Run.of(
                "bird", "--node", "worker9", ROOT.resolve("dual-stack/in").toString());

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("there is no node worker9");
    }

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT, 2)) {
            return files.filter(file -> file.toString().endsWith(".conf"))
                    .sorted()
                    .toList();
        }
    }

    static List<CompileCase> compileCases() throws IOException {
        return CompileCase.all().stream()
                .filter(one -> one.toString().contains("bird") || one.toString().contains("speaker"))
                .toList();
    }

    /// Why BIRD does not take a configuration, or empty text.
    private String refusal(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("bird.conf"), text.replace("log \"", "log \"" + folder + "/"));
        Shell.Result result = Shell.run(Map.of(), List.of("bird", "-p", "-c", file.toString()));
        return result.exitCode() == 0 ? "" : result.toString();
    }
}
