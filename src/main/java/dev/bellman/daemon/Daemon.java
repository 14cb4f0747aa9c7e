package dev.bellman.daemon;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.QuarkusBindException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/// A process that runs until it is asked to end.
public final class Daemon {
    private Daemon() {}

    /// Runs an application. Quarkus says nothing of a failure to whoever wants to know of it.
    ///
    /// @return the exit code
    /// @throws StartException if it cannot be started
    public static int run(Class<? extends QuarkusApplication> application) {
        int[] code = new int[1];
        AtomicReference<Throwable> failed = new AtomicReference<>();
        Quarkus.run(application, (exit, failure) -> {
            code[0] = exit;
            failed.set(failure);
        });
        Throwable failure = failed.get();
        if (failure != null) {
            throw new StartException(words(failure), failure);
        }
        return code[0];
    }

    static String words(Throwable failure) {
        Throwable first = failure;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        if (first instanceof QuarkusBindException taken) {
            return words(taken);
        }
        String message = first.getMessage();
        return "cannot start: " + (message == null || message.isBlank() ? first : line(message));
    }

    private static String line(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining(" "));
    }

    private static String words(QuarkusBindException failure) {
        String place = failure.getHost() + ":" + failure.getPort();
        return String.valueOf(failure.getMessage()).contains("in use")
                ? "cannot serve health and metrics at " + place
                        + ", which another process has; end that one, or set the"
                        + " environment variable QUARKUS_HTTP_PORT to another port"
                : "cannot serve health and metrics at " + place
                        + "; set the environment variables QUARKUS_HTTP_HOST and"
                        + " QUARKUS_HTTP_PORT to an address of this machine and a port that is free";
    }
}
