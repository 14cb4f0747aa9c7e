package dev.bellman.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.QuarkusBindException;
import java.net.BindException;
import org.junit.jupiter.api.Test;

class DaemonTest {
    @Test
    void aPortThatIsTakenIsNamedWithWhatHelps() {
        assertThat(Daemon.words(new IllegalStateException(cannotBind("Address already in use"))))
                .isEqualTo("cannot serve health and metrics at 127.0.0.1:9479, which another process has; end that one,"
                        + " or set the environment variable QUARKUS_HTTP_PORT to another port");
        assertThat(Daemon.words(cannotBind("Cannot assign requested address")))
                .contains("127.0.0.1:9479", "QUARKUS_HTTP_HOST")
                .doesNotContain("another process");
    }

    @Test
    void allElseIsWhatCameFirstInOneLine() {
        assertThat(Daemon.words(
                        new IllegalStateException("no", new IllegalArgumentException("validation failed:\n\tx"))))
                .isEqualTo("cannot start: validation failed: x");
        assertThat(Daemon.words(new IllegalStateException()))
                .isEqualTo("cannot start: java.lang.IllegalStateException");
    }

    private static QuarkusBindException cannotBind(String why) {
        return new QuarkusBindException("127.0.0.1", 9479, new BindException(why));
    }
}
