package dev.bellman.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A line on stderr that says what takes so long. It appears after a second, and is gone when the work is done.
final class Progress implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration REFRESH = Duration.ofMillis(200);
    private static final String ERASE = "\r\u001b[K";

    private final CountDownLatch done = new CountDownLatch(1);
    private final @Nullable Thread thread;
    private volatile String what;

    private Progress(String what, @Nullable Thread thread) {
        this.what = what;
        this.thread = thread;
    }

    private Progress(Terminal terminal, String what, Duration patience) {
        this.what = what;
        this.thread = new Thread(() -> show(terminal, patience), "progress");
        this.thread.setDaemon(true);
    }

    static Progress silent() {
        return new Progress("", null);
    }

    static Progress start(Terminal terminal, String what) {
        return start(terminal, what, PATIENCE);
    }

    static Progress start(Terminal terminal, String what, Duration patience) {
        Progress progress = new Progress(terminal, what, patience);
        if (progress.thread != null) {
            progress.thread.start();
        }
        return progress;
    }

    /// The next step of the work.
    void say(String what) {
        this.what = what;
    }

    private void show(Terminal terminal, Duration patience) {
        try {
            Duration wait = patience;
            String shown = "";
            while (!done.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                if (!what.equals(shown)) {
                    shown = what;
                    terminal.err().print(ERASE + shown + " ...");
                    terminal.err().flush();
                }
                wait = REFRESH;
            }
            if (!shown.isEmpty()) {
                terminal.err().print(ERASE);
                terminal.err().flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Erases the line. Nothing of it is written afterwards.
    @Override
    public void close() {
        done.countDown();
        if (thread == null) {
            return;
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
