package dev.bellman.cli;

import dev.bellman.cluster.ApiAnswer;
import dev.bellman.cluster.ClusterKind;
import dev.bellman.cluster.ClusterObjects;
import dev.bellman.document.Manifest;
import dev.bellman.model.Speaker.SecretRef;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The passwords of sessions, out of Secrets of the namespace in which Bellman runs: an agent may read no others.
///
/// Nobody waits for the API server: what is asked for the first time is read on a thread of its own, and read again
/// from time to time. What was read is kept on disk, since an agent that starts while the API server is away must not
/// close a session that is open.
final class SecretPasswords implements Function<SecretRef, @Nullable String>, AutoCloseable {
    static final String FILE = "secrets";
    private static final long AGAIN_SECONDS = 30;

    private final ClusterObjects objects;
    private final String namespace;
    private final Path file;
    private final Terminal terminal;
    private final Runnable changed;
    private final Map<SecretRef, String> known = new ConcurrentHashMap<>();
    private final Map<SecretRef, String> troubles = new ConcurrentHashMap<>();
    private final Semaphore bell = new Semaphore(0);
    private final Thread thread = new Thread(this::loop, "secret-passwords");

    /// @param namespace in which Bellman runs
    /// @param folder for what is kept, which only root may read
    /// @param changed called when a password is there, is another one, or is gone
    SecretPasswords(ClusterObjects objects, String namespace, Path folder, Terminal terminal, Runnable changed) {
        this.objects = objects;
        this.namespace = namespace;
        this.file = folder.resolve(FILE);
        this.terminal = terminal;
        this.changed = changed;
        thread.setDaemon(true);
    }

    void start() {
        try {
            read();
        } catch (IOException | IllegalArgumentException e) {
            terminal.warn("the passwords of sessions that were kept cannot be read: " + e.getMessage());
        }
        thread.start();
    }

    @Override
    public @Nullable String apply(SecretRef ref) {
        if (troubles.putIfAbsent(ref, "") == null) {
            bell.release();
        }
        return known.get(ref);
    }

    private void loop() {
        try {
            while (true) {
                boolean changes = false;
                for (SecretRef ref : troubles.keySet()) {
                    changes |= look(ref);
                }
                if (changes) {
                    changed.run();
                    keep();
                }
                bell.tryAcquire(AGAIN_SECONDS, TimeUnit.SECONDS);
                bell.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return whether its password is another one than before
    private boolean look(SecretRef ref) {
        if (ref.namespace() != null && !ref.namespace().equals(namespace)) {
            say(ref, "only those of namespace " + namespace + " may be read");
            return known.remove(ref) != null;
        }
        try {
            Manifest secret = objects.get(ClusterKind.SECRET, namespace, ref.name());
            String value = secret == null ? null : secret.root().text("data", ref.key());
            String password =
                    value == null ? null : new String(Base64.getMimeDecoder().decode(value), StandardCharsets.UTF_8);
            say(ref, password != null ? "" : secret == null ? "it is not there" : "it has no key " + ref.key());
            String before = password == null ? known.remove(ref) : known.put(ref, password);
            return !Objects.equals(before, password);
        } catch (KubernetesClientException e) {
            // What was read before holds until somebody says otherwise.
            say(ref, ApiAnswer.of(e));
            return false;
        }
    }

    private void say(SecretRef ref, String trouble) {
        if (!trouble.equals(troubles.put(ref, trouble)) && !trouble.isEmpty()) {
            terminal.warn("the password of a session cannot be read from Secret "
                    + Objects.requireNonNullElse(ref.namespace(), namespace) + "/" + ref.name() + ": " + trouble);
        }
    }

    private void read() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        for (String line : Files.readAllLines(file)) {
            String[] words = line.split(" ", -1);
            if (words.length == 4) {
                String of = decoded(words[0]);
                known.put(
                        new SecretRef(of.isEmpty() ? null : of, decoded(words[1]), decoded(words[2])),
                        decoded(words[3]));
            }
        }
    }

    private void keep() {
        StringBuilder text = new StringBuilder();
        new HashMap<>(known)
                .forEach((ref, password) -> text.append("%s %s %s %s\n"
                        .formatted(
                                encoded(Objects.requireNonNullElse(ref.namespace(), "")),
                                encoded(ref.name()),
                                encoded(ref.key()),
                                encoded(password))));
        try {
            Path next = file.resolveSibling(FILE + ".next");
            Files.deleteIfExists(next);
            Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(next, text);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            terminal.warn("the passwords of sessions cannot be kept for a restart: " + e.getMessage());
        }
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String text) {
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
