package dev.bellman.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellman.agent.BirdProtocol.Channel;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The control socket of a BIRD that says what the test wants.
class BirdControlTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final String GREETING = "0001 BIRD 2.0.12 ready.\n";

    @TempDir
    Path folder;

    private Path socket;
    private ServerSocketChannel server;

    @BeforeEach
    void listen() throws IOException {
        socket = folder.resolve("bird.ctl");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
    }

    @AfterEach
    void end() throws IOException {
        server.close();
    }

    @Test
    void readsLinesThatComeInPieces() throws IOException {
        serve(GREETING, "1000-BIRD", " 2.0.12\n10", "11-Router ID\n", " Hostname is x\n", "0013 Daemon is up\n");

        try (BirdControl control = BirdControl.connect(socket, LIMIT)) {
            assertThat(control.ask("show status").lines())
                    .containsExactly(
                            new BirdReply.Line(1000, "BIRD 2.0.12"),
                            new BirdReply.Line(1011, "Router ID"),
                            new BirdReply.Line(1011, "Hostname is x"),
                            new BirdReply.Line(13, "Daemon is up"));
        }
    }

    @Test
    void passesOverWhatBirdLogs() throws IOException {
        serve(GREETING, "+1998-a line of the log\n", "0013 Daemon is up\n");

        try (BirdControl control = BirdControl.connect(socket, LIMIT)) {
            assertThat(control.isRecovering()).isFalse();
        }
    }

    @Test
    void readsALongAnswer() throws IOException {
        String routes = IntStream.range(0, 10_000)
                .mapToObj(i -> " 10.49." + i / 250 + "." + i % 250 + "/32     blackhole [services_ipv4] * (200)\n")
                .collect(Collectors.joining());
        serve(GREETING, "1007-Table services4:\n", routes, "0000 \n");

        try (BirdControl control = BirdControl.connect(socket, LIMIT)) {
            assertThat(control.exported("bgp_10.0.1.10", "services4")).hasSize(10_000);
        }
    }

    @Test
    void tellsWhereAConfigurationIsWrong() throws IOException {
        serve(
                GREETING,
                "0002-Reading configuration from /run/x/bird.conf\n",
                "8002 /run/x/routes.conf:12:7 syntax error, unexpected '}'\n");

        try (BirdControl control = BirdControl.connect(socket, LIMIT)) {
            assertThat(control.check(Path.of("/run/x/bird.conf")))
                    .isEqualTo(new BirdRefusal("routes.conf", 12, 7, "syntax error, unexpected '}'"))
                    .hasToString("routes.conf:12:7 syntax error, unexpected '}'");
        }
    }

    @Test
    void anAnswerThatNeverEndsIsAFailure() throws IOException {
        serve(GREETING, "1000-BIRD 2.0.12\n");

        try (BirdControl control = BirdControl.connect(socket, SHORT)) {
            assertThatThrownBy(control::isRecovering)
                    .isInstanceOf(IOException.class)
                    .hasMessage("no answer");
        }
    }

    @Test
    void aBirdThatDoesNotGreetIsAFailure() {
        assertThatThrownBy(() -> BirdControl.connect(socket, SHORT))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(SocketException.class)
                .hasMessage("no answer");
    }

    @Test
    void aSocketThatNobodyListensOnIsToldApart() throws IOException {
        server.close();

        assertThatThrownBy(() -> BirdControl.connect(socket, LIMIT)).isInstanceOf(SocketException.class);
    }

    @Test
    void aConnectionThatEndsIsAFailure() throws IOException {
        Thread.startVirtualThread(() -> {
            try (SocketChannel client = server.accept()) {
                write(client, GREETING);
                read(client);
                write(client, "1000-BIRD");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });

        try (BirdControl control = BirdControl.connect(socket, LIMIT)) {
            assertThatThrownBy(control::isRecovering)
                    .isInstanceOf(IOException.class)
                    .hasMessage("BIRD closed its control socket");
        }
    }

    @Test
    void readsSessions() {
        BirdReply reply = new BirdReply(List.of(
                new BirdReply.Line(2002, "Name       Proto      Table      State  Since         Info"),
                new BirdReply.Line(1002, "bgp_10.0.1.10 BGP        ---        up     19:57:03.520  Established   "),
                new BirdReply.Line(1006, "  Description:    bastion"),
                new BirdReply.Line(1006, "  BGP state:          Established"),
                new BirdReply.Line(1006, "  Channel ipv4"),
                new BirdReply.Line(1006, "    State:          UP"),
                new BirdReply.Line(1006, "    Table:          services4"),
                new BirdReply.Line(1006, "    Routes:         0 imported, 12 exported, 0 preferred"),
                new BirdReply.Line(1006, "  Channel ipv6"),
                new BirdReply.Line(1006, "    State:          DOWN"),
                new BirdReply.Line(1006, "    Table:          services6"),
                new BirdReply.Line(1006, ""),
                new BirdReply.Line(1002, "bgp_fd00::1 BGP        ---        start  19:57:02.737  Active"),
                new BirdReply.Line(1006, "  BGP state:          Active"),
                new BirdReply.Line(1006, "    Last error:       Socket: Connection refused"),
                new BirdReply.Line(0, "")));

        assertThat(BirdProtocol.parse(reply))
                .containsExactly(
                        new BirdProtocol(
                                "bgp_10.0.1.10",
                                "up",
                                "Established",
                                "",
                                List.of(
                                        new Channel("ipv4", "UP", "services4", 12),
                                        new Channel("ipv6", "DOWN", "services6", 0))),
                        new BirdProtocol("bgp_fd00::1", "start", "Active", "Socket: Connection refused", List.of()));
    }

    /// Greets, waits for a command, and gives the rest for an answer, piece by piece.
    private void serve(String greeting, String... pieces) {
        Thread.startVirtualThread(() -> {
            try {
                SocketChannel client = server.accept();
                write(client, greeting);
                read(client);
                for (String piece : pieces) {
                    write(client, piece);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static void write(SocketChannel client, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            client.write(bytes);
        }
    }

    private static void read(SocketChannel client) throws IOException {
        assertThat(client.read(ByteBuffer.allocate(100))).isPositive();
    }
}
