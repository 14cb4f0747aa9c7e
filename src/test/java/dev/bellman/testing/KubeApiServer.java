package dev.bellman.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A real kube-apiserver with its own etcd, for what only the API server can decide: admission, defaulting, validation
/// of the CustomResourceDefinitions, conflicts, watches.
///
/// There are no controllers and no nodes: what is applied stays as it is, deleting a namespace never finishes, and
/// tests of one server keep apart by using namespaces of their own.
///
/// The programs come from `hack/test-env.sh`.
public final class KubeApiServer implements AutoCloseable {
    /// Definitions of Calico's kinds.
    public static final Path CALICO = Path.of("src/test/resources/calico");

    private static final int TRIES = 5;
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(50);

    private static KubeApiServer shared;

    private final Path folder;
    private final Credentials credentials;
    private final URI url;
    private final ServerProcess etcd;
    private final List<String> apiServerCommand;
    private ServerProcess apiServer;
    private final Kubectl kubectl;
    private HttpClient client;

    private KubeApiServer(
            Path folder, Credentials credentials, URI url, ServerProcess etcd, List<String> apiServerCommand) {
        this.folder = folder;
        this.credentials = credentials;
        this.url = url;
        this.etcd = etcd;
        this.apiServerCommand = apiServerCommand;
        this.apiServer = ServerProcess.start(folder.resolve("kube-apiserver.log"), apiServerCommand);
        this.kubectl = new Kubectl(folder, kubeconfig());
    }

    /// The server that the test classes of this JVM share; it ends with the JVM and is not to be closed.
    public static synchronized KubeApiServer shared() {
        if (shared == null) {
            shared = start();
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close, "stop-shared-kube-apiserver"));
        }
        return shared;
    }

    /// Starts a server of one's own and returns when it is ready.
    ///
    /// @param flags for kube-apiserver, as `--name=value`, in place of a default of the same name:
    ///     `--disable-admission-plugins=` brings back the admission of service accounts
    public static KubeApiServer start(String... flags) {
        return startIn(Path.of(System.getProperty("java.io.tmpdir")), flags);
    }

    /// Starts a server of one's own that knows Bellman's kinds, and those of Calico that the operator watches.
    public static KubeApiServer startWithKinds() {
        KubeApiServer server = start();
        server.serve(Path.of("crds"));
        server.serve(CALICO);
        return server;
    }

    static KubeApiServer startIn(Path parent, String... flags) {
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    return attempt(parent, List.of(flags));
                } catch (PortTakenException e) {
                    // Between finding a free port and listening on it anything else may take it.
                    if (attempt == TRIES) {
                        throw e;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while kube-apiserver started", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KubeApiServer attempt(Path parent, List<String> flags)
            throws IOException, GeneralSecurityException, InterruptedException {
        Path etcdProgram = TestEnvironment.program("etcd");
        Path apiServerProgram = TestEnvironment.program("kube-apiserver");

        Path folder = Files.createTempDirectory(parent, "bellman-kube-apiserver-");
        Credentials credentials = Credentials.create(Files.createDirectory(folder.resolve("credentials")));
        List<Integer> ports = freePorts(3);
        String etcdUrl = "http://127.0.0.1:" + ports.get(0);
        URI url = URI.create("https://127.0.0.1:" + ports.get(2));

        ServerProcess etcd = ServerProcess.start(
                folder.resolve("etcd.log"),
                command(etcdProgram, etcdFlags(folder, etcdUrl, "http://127.0.0.1:" + ports.get(1)), List.of()));
        List<String> apiServerCommand =
                command(apiServerProgram, apiServerFlags(credentials, etcdUrl, ports.get(2)), flags);

        KubeApiServer server = new KubeApiServer(folder, credentials, url, etcd, apiServerCommand);
        boolean ready = false;
        try {
            server.awaitReady();
            Files.writeString(server.kubeconfig(), credentials.kubeconfig(url.toString(), credentials.token()));
            ready = true;
            return server;
        } finally {
            if (!ready) {
                // The logs stay: the exception names them.
                server.stop();
                delete(server.etcdData());
            }
        }
    }

    private static Map<String, String> etcdFlags(Path folder, String clients, String peers) {
        Map<String, String> flags = new LinkedHashMap<>();
        flags.put("--data-dir", folder.resolve("etcd").toString());
        flags.put("--listen-client-urls", clients);
        flags.put("--advertise-client-urls", clients);
        flags.put("--listen-peer-urls", peers);
        flags.put("--initial-advertise-peer-urls", peers);
        flags.put("--initial-cluster", "default=" + peers);
        // Nothing here has to survive a crash of the machine.
        flags.put("--unsafe-no-fsync", "true");
        return flags;
    }

    private static Map<String, String> apiServerFlags(Credentials credentials, String etcdUrl, int port) {
        Map<String, String> flags = new LinkedHashMap<>();
        flags.put("--etcd-servers", etcdUrl);
        flags.put("--bind-address", "127.0.0.1");
        flags.put("--secure-port", Integer.toString(port));
        // The endpoints of the service `kubernetes` may not be loopback addresses, and nobody here needs them.
        flags.put("--advertise-address", "127.0.0.1");
        flags.put("--endpoint-reconciler-type", "none");
        flags.put("--cert-dir", credentials.folder().toString());
        flags.put("--token-auth-file", credentials.tokenFile().toString());
        flags.put("--authorization-mode", "RBAC");
        flags.put("--service-account-issuer", "https://kubernetes.default.svc");
        flags.put("--service-account-key-file", credentials.verifyingKey().toString());
        flags.put("--service-account-signing-key-file", credentials.signingKey().toString());
        // Without controllers no namespace gets its default service account, and every pod would be refused.
        flags.put("--disable-admission-plugins", "ServiceAccount");
        // Both families, so that no Service is refused for asking for the other one.
        flags.put("--service-cluster-ip-range", "10.49.0.0/16,fd00:10:49::/112");
        return flags;
    }

    private static List<String> command(Path program, Map<String, String> defaults, List<String> overrides) {
        Map<String, String> flags = new LinkedHashMap<>(defaults);
        for (String override : overrides) {
            int equals = override.indexOf('=');
            if (!override.startsWith("--") || equals < 0) {
                throw new IllegalArgumentException("not of the form --name=value: " + override);
            }
            flags.put(override.substring(0, equals), override.substring(equals + 1));
        }
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        flags.forEach((name, value) -> command.add(name + "=" + value));
        return command;
    }

    private static List<Integer> freePorts(int count) throws IOException {
        // Held open together, so that they differ.
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    private void awaitReady() throws InterruptedException, GeneralSecurityException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!isReady()) {
            if (apiServer.endsWithin(POLL) || !etcd.isAlive()) {
                throw etcd.lostItsPort() || apiServer.lostItsPort()
                        ? new PortTakenException(report("a port was taken by another program"))
                        : new IllegalStateException(report("kube-apiserver did not start"));
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(report("kube-apiserver is not ready after " + START_LIMIT));
            }
        }
    }

    private boolean isReady() throws InterruptedException, GeneralSecurityException {
        if (!credentials.complete()) {
            return false;
        }
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(credentials.trust()).build()) {
            HttpRequest request = HttpRequest.newBuilder(url.resolve("/readyz"))
                    .header("Authorization", "Bearer " + credentials.token())
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private String report(String what) {
        return what + "\n" + etcd.report() + "\n" + apiServer.report();
    }

    public URI url() {
        return url;
    }

    /// The file that tells any client where the server is and that it may do everything there.
    public Path kubeconfig() {
        return folder.resolve("kubeconfig");
    }

    /// Writes a file that tells any client where the server is, and gives it a token.
    public Path kubeconfig(Path file, String token) {
        try {
            return Files.writeString(file, credentials.kubeconfig(url.toString(), token));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Runs kubectl against this server as whoever a kubeconfig is for.
    public Kubectl.Result kubectlAs(Path kubeconfig, String... args) {
        return new Kubectl(folder, kubeconfig).run(args);
    }

    /// Runs kubectl against this server.
    public Kubectl.Result kubectl(String... args) {
        return kubectl.run(args);
    }

    /// Applies a file or all files of a folder, and fails if the server refuses any of it.
    public void apply(Path manifests) {
        Kubectl.Result result = kubectl("apply", "-f", manifests.toString());
        if (result.exitCode() != 0) {
            throw new IllegalStateException("kubectl apply -f " + manifests + ": " + result.stderr());
        }
    }

    /// Applies the CustomResourceDefinitions of a folder and returns when their objects can be created.
    public void serve(Path definitions) {
        apply(definitions);
        Kubectl.Result result =
                kubectl("wait", "--for=condition=Established", "--timeout=60s", "-f", definitions.toString());
        if (result.exitCode() != 0) {
            throw new IllegalStateException("kubectl wait -f " + definitions + ": " + result.stderr());
        }
        String paths = kubectl(
                        "get",
                        "-f",
                        definitions.toString(),
                        "-o",
                        "jsonpath={range .items[*]}/apis/{.spec.group}/{.spec.versions[0].name}/{.spec.names.plural}{'\\n'}{end}")
                .stdout();
        // Established means that it will be served, not that it is.
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        for (String path : paths.lines().toList()) {
            while (send("GET", path, "application/json", "").statusCode() != 200) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(path + " is not served after " + START_LIMIT);
                }
                Thread.onSpinWait();
            }
        }
    }

    /// Sends one request, as the client that may do everything.
    ///
    /// @param path with its query
    public HttpResponse<String> send(String method, String path, String contentType, String body) {
        HttpRequest request = HttpRequest.newBuilder(url.resolve(path))
                .header("Authorization", "Bearer " + credentials.token())
                .header("Content-Type", contentType)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .timeout(Duration.ofSeconds(30))
                .build();
        try {
            return client().send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted: " + method + " " + path, e);
        }
    }

    /// One client for all requests: a connection costs more than what is asked over it.
    private synchronized HttpClient client() throws IOException, GeneralSecurityException {
        if (client == null) {
            client = HttpClient.newBuilder().sslContext(credentials.trust()).build();
        }
        return client;
    }

    /// The processes that exist only for this server.
    List<Long> pids() {
        return List.of(etcd.pid(), apiServer.pid());
    }

    /// Ends kube-apiserver and keeps what it has stored: every watch breaks, and nobody answers.
    public void interrupt() {
        apiServer.close();
    }

    /// Starts kube-apiserver again, at the same place and with what it had stored.
    public void resume() {
        apiServer = ServerProcess.start(folder.resolve("kube-apiserver-again.log"), apiServerCommand);
        try {
            awaitReady();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while kube-apiserver started", e);
        }
    }

    /// The file with which a client is the user `guest`, who may do nothing but what is granted to it.
    public Path kubeconfigOfGuest() {
        try {
            return Files.writeString(
                    folder.resolve("kubeconfig-guest"),
                    credentials.kubeconfig(url.toString(), credentials.guestToken()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path etcdData() {
        return folder.resolve("etcd");
    }

    private void stop() {
        if (client != null) {
            client.shutdownNow();
        }
        // In this order: without etcd, kube-apiserver does not end when asked to.
        apiServer.close();
        etcd.close();
    }

    @Override
    public void close() {
        stop();
        try {
            delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static final class PortTakenException extends IllegalStateException {
        private static final long serialVersionUID = 1;

        PortTakenException(String message) {
            super(message);
        }
    }
}
