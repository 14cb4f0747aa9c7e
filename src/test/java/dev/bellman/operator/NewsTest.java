package dev.bellman.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NewsTest {
    private static final String GOOD = "Accepted True Accepted ";
    private static final String WRONG = "Accepted False WrongType it is a number";
    private static final String PROGRAMMED = "Programmed True Programmed 1 service is advertised";
    private static final String PENDING = "Programmed Unknown AgentsPending not yet";
    private static final String NOTHING = "Programmed False NothingToDo there is nothing to advertise";
    private static final String HELD = "Programmed False GuardrailHolds too much";

    @Test
    void whatIsWellFromTheStartIsNoNews() {
        assertThat(sayings(List.of(PENDING, GOOD), List.of(PROGRAMMED, GOOD))).isEmpty();
    }

    @Test
    void everyChangeForTheWorseAndForTheBetterIsSaidOnce() {
        List<String> bad = List.of(WRONG, NOTHING);
        List<String> good = List.of(GOOD, PROGRAMMED);

        List<String> once = List.of(
                "bad WrongType: it is a number",
                "good Accepted: nothing is wrong with it any more",
                "good Programmed: 1 service is advertised");
        assertThat(sayings(good, bad, bad, good, good)).isEqualTo(once);
        List<String> twice = new ArrayList<>(once);
        twice.addAll(once);
        assertThat(sayings(good, bad, good, bad, good)).isEqualTo(twice);
    }

    @Test
    void whatIsWellAgainIsSaidThoughAgentsHadToBeWaitedFor() {
        assertThat(sayings(
                        List.of(PROGRAMMED),
                        List.of(HELD),
                        List.of(PENDING),
                        List.of(PROGRAMMED),
                        List.of(PENDING),
                        List.of(PROGRAMMED)))
                .containsExactly("bad GuardrailHolds: too much", "good Programmed: 1 service is advertised");
    }

    @Test
    void whatFollowsFromAnotherConditionIsSaidOnceItIsAllThatIsWrong() {
        assertThat(sayings(List.of(WRONG, NOTHING), List.of(GOOD, NOTHING)))
                .containsExactly(
                        "bad WrongType: it is a number",
                        "good Accepted: nothing is wrong with it any more",
                        "bad NothingToDo: there is nothing to advertise");
    }

    @Test
    void whatTheStatusSaysHasBeenSaidBefore() {
        Map<String, News.Known> known = News.knownOf(conditions(List.of(WRONG)));

        assertThat(News.of(known, conditions(List.of(WRONG))).sayings()).isEmpty();
        assertThat(News.of(known, conditions(List.of(GOOD))).sayings())
                .containsExactly(new News.Saying(false, "Accepted", "nothing is wrong with it any more"));
    }

    /// What is said of conditions that follow each other.
    @SafeVarargs
    private static List<String> sayings(List<String>... states) {
        List<String> sayings = new ArrayList<>();
        Map<String, News.Known> known = Map.of();
        for (List<String> state : states) {
            News news = News.of(known, conditions(state));
            known = news.known();
            news.sayings()
                    .forEach(saying ->
                            sayings.add((saying.bad() ? "bad " : "good ") + saying.reason() + ": " + saying.message()));
        }
        return sayings;
    }

    private static List<Map<String, String>> conditions(List<String> lines) {
        return lines.stream()
                .map(line -> Arrays.asList(line.split(" ", 4)))
                .map(words -> Map.of(
                        "type", words.get(0), "status", words.get(1), "reason", words.get(2), "message", words.get(3)))
                .toList();
    }
}
