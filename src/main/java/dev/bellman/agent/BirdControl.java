package dev.bellman.agent;

import dev.bellman.address.Cidr;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A connection to BIRD's control socket: one command, one answer, and no command takes longer than the limit.
///
/// An answer is lines that begin with a code of four digits and `-`, or with a blank where the code goes on;
/// its last line has a blank behind the code. After a failure other than BIRD's own "no" the connection is of
/// no use.
public final class BirdControl implements AutoCloseable {
    private static final int CODE = 4;
    private static final int RECOVERY_IN_PROGRESS = 24;

    /// BIRD is there and does not answer.
    public static final class Silence extends IOException {
        private static final long serialVersionUID = 1;

        Silence(String message) {
            super(message);
        }
    }

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final Duration limit;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    private final StringBuilder text = new StringBuilder();

    private BirdControl(SocketChannel channel, Selector selector, SelectionKey key, Duration limit) {
        this.channel = channel;
        this.selector = selector;
        this.key = key;
        this.limit = limit;
    }

    /// Connects, and waits for BIRD's greeting.
    ///
    /// @param limit how long BIRD may take for any one answer
    /// @throws IOException a [Silence] if nobody answers in time; a [java.net.SocketException] if nobody listens
    public static BirdControl connect(Path socket, Duration limit) throws IOException {
        return connect(socket, limit, limit);
    }

    /// @param greeting how long it may take for its greeting
    static BirdControl connect(Path socket, Duration greeting, Duration limit) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = null;
        try {
            channel.configureBlocking(false);
            // A local socket is connected at once or not at all, as when a BIRD that hangs accepts nobody.
            if (!channel.connect(UnixDomainSocketAddress.of(socket))) {
                throw new Silence("no answer");
            }
            selector = Selector.open();
            BirdControl control =
                    new BirdControl(channel, selector, channel.register(selector, SelectionKey.OP_READ), limit);
            control.answer(System.nanoTime() + greeting.toNanos());
            return control;
        } catch (IOException e) {
            channel.close();
            if (selector != null) {
                selector.close();
            }
            throw e;
        }
    }

    /// @throws IOException if BIRD is gone; a [Silence] if it takes too long
    public synchronized BirdReply ask(String command) throws IOException {
        long deadline = deadline();
        ByteBuffer out = ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8));
        while (channel.write(out) == 0 || out.hasRemaining()) {
            await(SelectionKey.OP_WRITE, deadline);
        }
        return answer(deadline);
    }

    /// Whether BIRD, started to recover, still waits for its peers and tells them nothing.
    ///
    /// @throws IOException if BIRD is gone; a [Silence] if it takes too long
    public boolean isRecovering() throws IOException {
        return ask("show status").lines().stream().anyMatch(line -> line.code() == RECOVERY_IN_PROGRESS);
    }

    /// All protocols whose names match.
    ///
    /// @param pattern with `*` for any text
    public List<BirdProtocol> protocols(String pattern) throws IOException {
        return BirdProtocol.parse(ask("show protocols all \"" + pattern + "\""));
    }

    /// What BIRD has sent to the peer of a session, out of a table; not what it would send.
    public List<Cidr> exported(String protocol, String table) throws IOException {
        List<Cidr> exported = new ArrayList<>();
        for (BirdReply.Line line :
                ask("show route exported '" + protocol + "' table " + table).lines()) {
            Cidr prefix = Cidr.parse(line.text().strip().split("\\s", 2)[0]);
            if (prefix != null) {
                exported.add(prefix);
            }
        }
        return exported;
    }

    /// Why BIRD would refuse a configuration, or null where it would take it. Nothing changes.
    public @Nullable BirdRefusal check(Path file) throws IOException {
        return BirdRefusal.of(ask("configure check \"" + file + "\""));
    }

    /// Loads a configuration. Sessions whose filters changed send their routes anew, and only those restart
    /// whose other settings changed.
    ///
    /// @return null, or why BIRD refuses it and keeps what it has
    public @Nullable BirdRefusal configure(Path file) throws IOException {
        return BirdRefusal.of(ask("configure \"" + file + "\""));
    }

    /// As [#configure], but sessions send only those routes that are new or different.
    public @Nullable BirdRefusal configureSoft(Path file) throws IOException {
        return BirdRefusal.of(ask("configure soft \"" + file + "\""));
    }

    private long deadline() {
        return System.nanoTime() + limit.toNanos();
    }

    private BirdReply answer(long deadline) throws IOException {
        List<BirdReply.Line> lines = new ArrayList<>();
        int code = 0;
        while (true) {
            String line = line(deadline);
            if (isCoded(line)) {
                code = Integer.parseInt(line.substring(0, CODE));
                lines.add(new BirdReply.Line(code, line.substring(CODE + 1)));
                if (line.charAt(CODE) == ' ') {
                    return new BirdReply(lines);
                }
            } else if (line.startsWith(" ")) {
                lines.add(new BirdReply.Line(code, line.substring(1)));
            } else if (!line.startsWith("+")) {
                // What begins with a plus is a line of BIRD's log, which nobody asked for.
                throw new IOException("not an answer of BIRD: " + line);
            }
        }
    }

    private static boolean isCoded(String line) {
        return line.length() > CODE
                && line.chars().limit(CODE).allMatch(c -> c >= '0' && c <= '9')
                && (line.charAt(CODE) == ' ' || line.charAt(CODE) == '-');
    }

    private String line(long deadline) throws IOException {
        int end;
        while ((end = text.indexOf("\n")) < 0) {
            buffer.clear();
            int count = channel.read(buffer);
            if (count < 0) {
                throw new IOException("BIRD closed its control socket");
            }
            if (count == 0) {
                await(SelectionKey.OP_READ, deadline);
            }
            text.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
        }
        String line = text.substring(0, end);
        text.delete(0, end + 1);
        return line;
    }

    private void await(int operation, long deadline) throws IOException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new Silence("no answer");
        }
        key.interestOps(operation);
        selector.select(left);
        selector.selectedKeys().clear();
    }

    /// Returns when BIRD ends, however it ends, or when [#close] is called.
    void awaitEnd() {
        ByteBuffer nothing = ByteBuffer.allocate(1 << 10);
        try {
            while (channel.read(nothing.clear()) >= 0) {
                selector.select();
                selector.selectedKeys().clear();
            }
        } catch (IOException | ClosedSelectorException e) {
            // Gone, one way or the other.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
