package dev.bellman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.agent.Speaker;
import dev.bellman.agent.Speaker.Session;
import dev.bellman.agent.Status;
import dev.bellman.cluster.Conditions;
import dev.bellman.plan.NodeState;
import dev.bellman.testing.Manifests;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What an agent has to say fits into the status of its NodePlan, or the API server would refuse all of it.
class NodePlanStatusTest {
    private static final int LONGEST = 4096;
    private static final String OTHER = "there is another session with 10.0.1.99";
    private static final Session UP = new Session("tor (10.0.1.99)", true, "Established", "");
    private static final Session HELD = new Session("tor (10.0.1.99)", false, "Down", OTHER);

    @Test
    void aPeerThatTwoSpeakersNameAlikeIsOneSession() {
        Session other = new Session("tor (10.0.1.98)", false, "Active", "Connection refused");
        Object both = List.of(
                Map.of("peer", "tor (10.0.1.99)", "state", "Established", "lastError", OTHER),
                Map.of("peer", "tor (10.0.1.98)", "state", "Active", "lastError", "Connection refused"));

        assertThat(sessions(UP, other, HELD)).isEqualTo(both);
        assertThat(sessions(HELD, other, UP)).isEqualTo(both);
    }

    @Test
    void ofSessionsThatAreAllDownTheFirstThatSaysWhyIsTold() {
        Session first = new Session("tor (10.0.1.99)", false, "Active", "");

        assertThat(sessions(first, HELD, HELD))
                .isEqualTo(List.of(Map.of("peer", "tor (10.0.1.99)", "state", "Active", "lastError", OTHER)));
    }

    @Test
    void aSessionSaysNoMoreThanThereIsRoomFor() {
        assertThat(sessions(new Session("tor (10.0.1.99)", false, "Active", "x".repeat(2000))))
                .isEqualTo(List.of(
                        Map.of("peer", "tor (10.0.1.99)", "state", "Active", "lastError", "x".repeat(1023) + "…")));
    }

    @Test
    void fewErrorsAreToldAsTheyAre() {
        String half = "x".repeat(LONGEST / 2 - 1);

        assertThat(lastError(List.of("a", "b"))).isEqualTo("a; b");
        assertThat(lastError(List.of(half, half))).hasSize(LONGEST).isEqualTo(half + "; " + half);
    }

    @Test
    void ofManyErrorsThoseAreToldThatThereIsRoomForAndHowManyMoreThereAre() {
        List<String> errors = IntStream.range(0, 100)
                .mapToObj(i -> i + " is refused " + "x".repeat(80))
                .toList();
        String told = lastError(errors);

        assertThat(told).hasSizeBetween(LONGEST - 200, LONGEST);
        List<String> lines = List.of(told.split("; "));
        int whole = lines.size() - 1;
        assertThat(lines.subList(0, whole)).isEqualTo(errors.subList(0, whole));
        assertThat(lines.getLast()).isEqualTo("and " + (100 - whole) + " more");
        Map<?, ?> programmed = Objects.requireNonNull(
                Conditions.find(status(Speaker.Report.NONE, errors).get("conditions"), "Programmed"));
        assertThat(programmed.get("message")).isEqualTo(told);
    }

    @Test
    void anErrorForWhichThereIsNoRoomIsCut() {
        assertThat(lastError(List.of("x".repeat(5000), "b")))
                .hasSizeLessThanOrEqualTo(LONGEST)
                .endsWith("x…; b");
        assertThat(lastError(Collections.nCopies(3, "x".repeat(5000))))
                .hasSizeLessThanOrEqualTo(LONGEST)
                .endsWith("x…; and 2 more");
    }

    @Test
    void aNodeThatHasNobodyToSpeakToDoesNotAdvertise() {
        assertThat(advertised("prefixes: [{cidr: 10.49.0.0/16, backend: Bird}]"))
                .isEqualTo("False NoPeers: no BGPSpeaker chooses this node, so that nothing is announced");
        assertThat(advertised(
                        "prefixes: [{cidr: 10.49.0.0/16, backend: Bird}], peers: [{name: tor, address: 10.0.1.10}]"))
                .isEqualTo("True Advertised: ");
        assertThat(advertised("prefixes: []")).isEqualTo("True Advertised: ");
    }

    @Test
    void whatCalicoAnnouncesIsNotTheNodesToSay() {
        assertThat(advertised("prefixes: [{cidr: 10.49.0.0/16, backend: Calico}]"))
                .isEqualTo("True CalicoAdvertises: by its BGPConfiguration");
    }

    private static String advertised(String spec) {
        Map<?, ?> condition = Objects.requireNonNull(Conditions.find(
                status(new Speaker.Report(true, List.of(), List.of()), List.of(), spec)
                        .get("conditions"),
                "Advertised"));
        return condition.get("status") + " " + condition.get("reason") + ": " + condition.get("message");
    }

    private static Object sessions(Session... sessions) {
        return Objects.requireNonNull(status(new Speaker.Report(true, List.of(sessions), List.of()), List.of())
                .get("sessions"));
    }

    private static String lastError(List<String> errors) {
        return String.valueOf(status(Speaker.Report.NONE, errors).get("lastError"));
    }

    private static Map<String, Object> status(Speaker.Report speaker, List<String> errors) {
        return status(speaker, errors, "prefixes: []");
    }

    private static Map<String, Object> status(Speaker.Report speaker, List<String> errors, String spec) {
        return NodePlanStatus.status(
                new Status(
                        "worker1",
                        true,
                        List.of(),
                        "Verify",
                        new TreeMap<>(),
                        List.of(),
                        List.of(),
                        List.of(),
                        speaker,
                        errors,
                        new NodeState.Version("p1", 1L)),
                Manifests.observed("""
                        apiVersion: bellman.dev/v1alpha1
                        kind: NodePlan
                        metadata: {name: worker1}
                        spec: {%s}
                        """.formatted(spec)).getFirst());
    }
}
