package dev.bellman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressTest {
    @Test
    void theLineIsErasedAtTheEnd() throws InterruptedException {
        CountDownLatch written = new CountDownLatch(1);
        ByteArrayOutputStream err = new ByteArrayOutputStream() {
            @Override
            public void flush() {
                written.countDown();
            }
        };
        try (Progress _ = Progress.start(terminal(err), "checking 1200 objects", Duration.ZERO)) {
            assertThat(written.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("\r\u001b[Kchecking 1200 objects ...\r\u001b[K");
    }

    @Test
    void workThatIsSoonDoneShowsNothing() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Progress.start(terminal(err), "reading", Duration.ofHours(1)).close();
        assertThat(err.size()).isZero();
    }

    private static Terminal terminal(OutputStream err) {
        return new Terminal(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8),
                true,
                true,
                Map.of());
    }
}
