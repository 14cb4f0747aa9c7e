package dev.bellman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.cluster.ClusterObjects;
import dev.bellman.model.Speaker.SecretRef;
import dev.bellman.testing.KubeApiServer;
import dev.bellman.testing.Lab;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Passwords of sessions at a real API server.
class SecretPasswordsTest {
    private static final String NAMESPACE = "passwords";
    private static final SecretRef REF = new SecretRef(null, "rack", "password");

    private final KubeApiServer server = KubeApiServer.shared();
    private final KubernetesClient client = client(server.kubeconfig());
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final AtomicInteger changes = new AtomicInteger();

    @TempDir
    private Path folder;

    private static KubernetesClient client(Path kubeconfig) {
        try {
            return new KubernetesClientBuilder()
                    .withConfig(Config.fromKubeconfig(Files.readString(kubeconfig)))
                    .build();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void begin() {
        server.kubectl("create", "namespace", NAMESPACE);
        server.kubectl("create", "secret", "generic", "rack", "-n", NAMESPACE, "--from-literal=password=first pass");
    }

    @AfterEach
    void end() {
        server.kubectl("delete", "secret", "rack", "-n", NAMESPACE);
        client.close();
    }

    @Test
    void aPasswordIsReadAndKeptForAStartWithoutTheApiServer() throws IOException {
        try (SecretPasswords passwords = passwords(client)) {
            // Nobody waits for it.
            assertThat(passwords.apply(REF)).isNull();
            Lab.await(() -> assertThat(passwords.apply(REF)).isEqualTo("first pass"));
            Lab.await(() -> assertThat(folder.resolve(SecretPasswords.FILE)).exists());
            assertThat(changes).hasValue(1);
        }
        Path kept = folder.resolve(SecretPasswords.FILE);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rw-------");

        try (KubernetesClient nobody = client(server.kubeconfigOfGuest());
                SecretPasswords passwords = passwords(nobody)) {
            assertThat(passwords.apply(REF)).isEqualTo("first pass");
            Lab.await(() -> assertThat(said.toString(StandardCharsets.UTF_8)).contains("passwords/rack", "forbidden"));
            assertThat(passwords.apply(REF)).isEqualTo("first pass");
        }
    }

    @Test
    void whatIsNotThereOrIsNotBellmansIsSaidOnce() {
        server.kubectl("create", "secret", "generic", "other", "-n", "default", "--from-literal=password=foreign");
        try (SecretPasswords passwords = passwords(client)) {
            SecretRef gone = new SecretRef(null, "gone", "password");
            SecretRef foreign = new SecretRef("default", "other", "password");
            passwords.apply(gone);
            passwords.apply(foreign);
            passwords.apply(new SecretRef(NAMESPACE, "rack", "word"));

            Lab.await(() -> assertThat(said.toString(StandardCharsets.UTF_8))
                    .contains("passwords/gone: it is not there")
                    .contains("default/other: only those of namespace passwords may be read")
                    .contains("passwords/rack: it has no key word"));
            assertThat(passwords.apply(foreign)).isNull();
            assertThat(changes).hasValue(0);
        }
    }

    private SecretPasswords passwords(KubernetesClient of) {
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(said, true, StandardCharsets.UTF_8),
                new PrintStream(said, true, StandardCharsets.UTF_8),
                false,
                false,
                Map.of());
        SecretPasswords passwords =
                new SecretPasswords(new ClusterObjects(of), NAMESPACE, folder, terminal, changes::incrementAndGet);
        passwords.start();
        return passwords;
    }
}
