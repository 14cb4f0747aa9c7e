package dev.bellman.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.document.Manifest;
import dev.bellman.testing.KubeApiServer;
import dev.bellman.testing.Lab;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which definitions are there is noticed, and asked no more often than it takes.
class ClusterWatchIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /// More than two looks.
    private static final long A_WHILE_SECONDS = 11;
    private static final String OURS = "/apis/bellman.dev/v1alpha1";
    private static final String CALICOS = "/apis/projectcalico.org/v3";
    private static final String SPEAKER = """
            apiVersion: bellman.dev/v1alpha1
            kind: BGPSpeaker
            metadata: {name: tor}
            spec: {nodes: {matchAll: true}, localASN: 64512, peers: [{name: tor, address: 10.0.1.10, asn: 64512}]}
            """;

    private static KubeApiServer server;

    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable String> trouble = new AtomicReference<>();
    private KubernetesClient client;
    private ClusterWatch watch;

    @BeforeAll
    static void serve() {
        server = KubeApiServer.start();
        server.serve(Path.of("crds"));
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @BeforeEach
    void watch() throws IOException {
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(Files.readString(server.kubeconfig())))
                .withHttpClientBuilderConsumer(builder -> builder.addOrReplaceInterceptor("asked", new Interceptor() {
                    @Override
                    public void before(BasicBuilder to, HttpRequest request, RequestTags tags) {
                        asked.add(request.uri().getPath());
                    }
                }))
                .build();
        watch = new ClusterWatch(client, ClusterKind.FOR_OPERATOR, new ClusterWatch.Listener() {
            @Override
            public void changed(ClusterKind kind, @Nullable Manifest before, @Nullable Manifest after) {
                // Asked for by whoever wants to know.
            }

            @Override
            public void trouble(@Nullable String what) {
                trouble.set(what);
            }
        });
        watch.start();
        Lab.await(PATIENCE, () -> assertThat(watch.isSynced()).isTrue());
    }

    @AfterEach
    void end() {
        watch.close();
        client.close();
    }

    @Test
    void onlyWhatMayBeAbsentIsAskedForAgainAndAgain() throws InterruptedException {
        // What began to be watched in the last moment is asked for once more.
        TimeUnit.SECONDS.sleep(1);
        asked.clear();

        TimeUnit.SECONDS.sleep(A_WHILE_SECONDS);

        assertThat(asked).contains(CALICOS).doesNotContain(OURS, "/apis/discovery.k8s.io/v1");
        assertThat(watch.isServed(ClusterKind.BGP_CONFIGURATION)).isFalse();
        server.serve(KubeApiServer.CALICO);
        Lab.await(
                PATIENCE,
                () -> assertThat(watch.isServed(ClusterKind.BGP_CONFIGURATION)).isTrue());
        server.kubectl("delete", "-f", KubeApiServer.CALICO.toString());
        Lab.await(
                PATIENCE,
                () -> assertThat(watch.isServed(ClusterKind.BGP_CONFIGURATION)).isFalse());
        assertThat(watch.isWhole()).isTrue();
    }

    @Test
    void aDefinitionThatGoesIsMissedUntilItIsBack(@TempDir Path folder) throws IOException {
        server.apply(Files.writeString(folder.resolve("speaker.yaml"), SPEAKER));
        Lab.await(
                PATIENCE, () -> assertThat(watch.manifests(ClusterKind.SPEAKER)).hasSize(1));

        server.kubectl("delete", "crd", "bgpspeakers.bellman.dev");

        Lab.await(PATIENCE, () -> {
            assertThat(trouble.get()).contains("bgpspeakers", "apply Bellman's custom resource definitions");
            assertThat(watch.isWhole()).isFalse();
        });
        server.serve(Path.of("crds"));
        server.apply(folder.resolve("speaker.yaml"));
        Lab.await(PATIENCE, () -> {
            assertThat(trouble.get()).isNull();
            assertThat(watch.isWhole()).isTrue();
            assertThat(watch.manifests(ClusterKind.SPEAKER)).hasSize(1);
        });
    }
}
