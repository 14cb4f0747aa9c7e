package dev.bellman.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.ConnectException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class ApiAnswerTest {
    @Test
    void isWhatTheApiServerSaidAndNothingOfTheRequest() {
        Status status = new StatusBuilder()
                .withCode(403)
                .withMessage("services \"web\" is forbidden:\n  not allowed")
                .build();

        assertThat(ApiAnswer.of(refused(status))).isEqualTo("services \"web\" is forbidden: not allowed");
        assertThat(ApiAnswer.of(new IllegalStateException("the controllers", refused(status))))
                .isEqualTo("services \"web\" is forbidden: not allowed");
    }

    @Test
    void isTheCodeWhereThatIsAll() {
        assertThat(ApiAnswer.of(refused(new StatusBuilder().withCode(502).build())))
                .isEqualTo("status 502");
    }

    @Test
    void isWhatKeptTheApiServerFromAnswering() {
        assertThat(ApiAnswer.of(unanswered(new ExecutionException(new ConnectException("Connection refused")))))
                .isEqualTo("connection refused");
        assertThat(ApiAnswer.of(unanswered(new TimeoutException()))).isEqualTo("no answer in time");
        assertThat(ApiAnswer.of(new KubernetesClientException("TLS is not configured")))
                .isEqualTo("TLS is not configured");
    }

    private static KubernetesClientException refused(Status status) {
        return new KubernetesClientException(
                "Failure executing: PATCH at: https://10.0.0.1/ Received status: " + status, status.getCode(), status);
    }

    private static KubernetesClientException unanswered(Throwable cause) {
        return new KubernetesClientException("An error has occurred.", cause);
    }
}
