package dev.bellman.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What becomes of a change if the program does not do as it should. A shell is in its place.
class RestoreSessionTest {
    private static final String INPUT = "*nat\nCOMMIT\n";

    private static RestoreSession running(String script) {
        return new RestoreSession(List.of("sh", "-c", script));
    }

    private static void load(RestoreSession session) {
        session.load(INPUT, Duration.ofSeconds(30));
    }

    @Test
    void oneThatRepeatsTheMarkHasCarriedOutTheChange() {
        try (RestoreSession session = running("exec grep --line-buffered '^#'")) {
            load(session);
            load(session);

            assertThat(session.loads()).isEqualTo(2);
            assertThat(session.isAlive()).isTrue();
        }
    }

    @Test
    void whatItSaysAtItsEndIsTheReason() {
        try (RestoreSession session = running("read line; echo 'no such chain' >&2; echo 'line 1 failed'; exit 2")) {
            assertThatThrownBy(() -> load(session))
                    .isInstanceOf(AgentException.class)
                    .hasMessage("no such chain line 1 failed");
        }
    }

    @Test
    void oneThatIsKilledHasNotCarriedItOut() {
        try (RestoreSession session = running("read line; kill -9 $$")) {
            assertThatThrownBy(() -> load(session)).isInstanceOf(AgentException.class);
        }
    }

    @Test
    void oneThatDoesNotAnswerIsNotWaitedForForEver() {
        try (RestoreSession session = running("exec sleep 1000")) {
            assertThatThrownBy(() -> session.load(INPUT, Duration.ofMillis(50)))
                    .isInstanceOf(AgentException.class)
                    .hasMessage("no answer after 50 ms");
        }
    }

    @Test
    void aProgramThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> new RestoreSession(List.of("no-such-program")))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("no-such-program");
    }
}
