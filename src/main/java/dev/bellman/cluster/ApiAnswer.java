package dev.bellman.cluster;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What an API server answered, in its own words: the client's have the whole request and its answer as Java prints it.
public final class ApiAnswer {
    private ApiAnswer() {}

    /// One line: the message of the API server, or, where none answered, what came first, as `connection refused`.
    public static String of(Throwable failure) {
        String answer = null;
        Throwable first = failure;
        while (true) {
            if (first instanceof KubernetesClientException e && answer == null) {
                answer = answer(e);
            }
            if (first.getCause() == null) {
                break;
            }
            first = first.getCause();
        }
        return answer == null ? cause(first) : line(answer);
    }

    private static @Nullable String answer(KubernetesClientException e) {
        Status status = e.getStatus();
        if (status == null) {
            return null;
        }
        String message = status.getMessage();
        return message == null || message.isBlank() ? "status " + e.getCode() : message;
    }

    private static String cause(Throwable first) {
        String message = first.getMessage();
        if (message == null || message.isBlank()) {
            return first instanceof TimeoutException
                    ? "no answer in time"
                    : first.getClass().getSimpleName();
        }
        return line(decapitalised(message));
    }

    /// As all messages begin; an acronym stays.
    private static String decapitalised(String message) {
        boolean acronym = message.length() > 1 && Character.isUpperCase(message.charAt(1));
        return acronym ? message : message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }

    private static String line(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining(" "));
    }
}
