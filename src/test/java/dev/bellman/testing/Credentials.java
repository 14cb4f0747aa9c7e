package dev.bellman.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Who the client of a test API server is, and how it knows the server.
///
/// The server signs a certificate for itself when it starts; only the token and the keys for service account
/// tokens are made here.
///
/// @param folder where the files for the server are
/// @param token the client's, a member of `system:masters`
record Credentials(Path folder, String token) {

    static Credentials create(Path folder) throws IOException, GeneralSecurityException {
        byte[] secret = new byte[16];
        new SecureRandom().nextBytes(secret);
        Credentials credentials = new Credentials(folder, HexFormat.of().formatHex(secret));
        Files.writeString(
                credentials.tokenFile(),
                credentials.token + ",test,test,\"system:masters\"\n" + credentials.guestToken() + ",guest,guest\n");
        KeyPair pair = keyPair();
        Files.writeString(
                credentials.signingKey(), pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        Files.writeString(
                credentials.verifyingKey(), pem("PUBLIC KEY", pair.getPublic().getEncoded()));
        return credentials;
    }

    /// Of the user `guest`, who may do nothing but what is granted to it.
    String guestToken() {
        return token + "-guest";
    }

    Path tokenFile() {
        return folder.resolve("tokens.csv");
    }

    Path signingKey() {
        return folder.resolve("service-account.key");
    }

    Path verifyingKey() {
        return folder.resolve("service-account.pub");
    }

    /// Whether the server has written its certificate: its key is the last thing that it writes.
    boolean complete() {
        return Files.exists(folder.resolve("apiserver.key"));
    }

    String kubeconfig(String url, String token) throws IOException {
        return """
            apiVersion: v1
            kind: Config
            current-context: test
            contexts:
            - name: test
              context: {cluster: test, user: test}
            clusters:
            - name: test
              cluster:
                server: %s
                certificate-authority-data: %s
            users:
            - name: test
              user: {token: %s}
            """.formatted(url, Base64.getEncoder().encodeToString(Files.readAllBytes(certificate())), token);
    }

    SSLContext trust() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (var in = Files.newInputStream(certificate())) {
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("test-" + store.size(), certificate);
            }
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    /// The server's own certificate with the one of its authority behind it.
    private Path certificate() {
        return folder.resolve("apiserver.crt");
    }

    private static KeyPair keyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static String pem(String type, byte[] content) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
    }
}
