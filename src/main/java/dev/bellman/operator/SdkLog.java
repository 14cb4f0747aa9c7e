package dev.bellman.operator;

import dev.bellman.cluster.ApiAnswer;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkus.logging.LoggingFilter;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Filter;
import java.util.logging.LogRecord;

/// Says in one line, and once, what a library says in thirty at each attempt: that a status, a finalizer or the Lease
/// could not be written.
///
/// Public with a constructor, since Quarkus makes it.
@LoggingFilter(name = "sdk")
public final class SdkLog implements Filter {
    private static final long AGAIN = Duration.ofMinutes(5).toNanos();
    private static final int MOST = 1000;
    private static final String SDK = "io.javaoperatorsdk.";
    private static final String LEASE = "io.fabric8.kubernetes.client.extended.leaderelection";

    /// When each was said.
    private final Map<String, Long> said = new HashMap<>();

    @Override
    public boolean isLoggable(LogRecord line) {
        String who = String.valueOf(line.getLoggerName());
        if (!who.startsWith(SDK) && !who.startsWith(LEASE)) {
            return true;
        }
        Throwable thrown = line.getThrown();
        if (thrown == null) {
            // They go on trying, and what they try is in the line before.
            return !String.valueOf(line.getMessage()).startsWith("Exhausted retries");
        }
        String why = ApiAnswer.of(thrown);
        if (isNews(why)) {
            Log.warn(
                    who.startsWith(SDK)
                            ? "a status or a finalizer could not be written"
                            : "the Lease could not be kept",
                    "why",
                    why);
        }
        if (isForbidden(thrown)) {
            OperatorApplication.doubt();
        }
        return false;
    }

    private static boolean isForbidden(Throwable thrown) {
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            if (at instanceof KubernetesClientException e && e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return true;
            }
        }
        return false;
    }

    private synchronized boolean isNews(String why) {
        long now = System.nanoTime();
        if (said.size() >= MOST) {
            said.clear();
        }
        Long before = said.get(why);
        if (before != null && now - before < AGAIN) {
            return false;
        }
        said.put(why, now);
        return true;
    }
}
