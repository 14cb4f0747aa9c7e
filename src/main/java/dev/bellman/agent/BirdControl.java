package dev.bellman.agent;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A connection to BIRD's control socket: one command, one answer.
///
/// An answer is lines that begin with a code of four digits and `-`, or with a blank where the code goes on;
/// its last line has a blank behind the code (BIRD 2, `nest/cli.c`).
final class BirdControl implements AutoCloseable {
    private static final int CODE = 4;

    private final SocketChannel channel;
    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    private final StringBuilder text = new StringBuilder();
    private final Duration limit;

    private BirdControl(SocketChannel channel, Selector selector, Duration limit) {
        this.channel = channel;
        this.selector = selector;
        this.limit = limit;
    }

    /// One line of an answer.
    record Line(int code, String text) {}

    /// An answer.
    record Answer(List<Line> lines) {
        Answer {
            lines = List.copyOf(lines);
        }

        /// 8xxx is a failure, 9xxx a command that BIRD does not understand.
        boolean ok() {
            return lines.stream().noneMatch(line -> line.code() >= 8000);
        }

        boolean has(int code) {
            return lines.stream().anyMatch(line -> line.code() == code);
        }

        String complaint() {
            return lines.stream()
                    .filter(line -> line.code() >= 8000)
                    .map(Line::text)
                    .findFirst()
                    .orElse("");
        }
    }

    /// Connects, and waits for BIRD's greeting.
    ///
    /// @param limit how long BIRD may take for any one answer
    /// @throws IOException if nobody answers
    static BirdControl connect(Path socket, Duration limit) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.configureBlocking(false);
            Selector selector = Selector.open();
            channel.register(selector, SelectionKey.OP_READ);
            BirdControl control = new BirdControl(channel, selector, limit);
            control.answer();
            return control;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /// @throws IOException if BIRD is gone or takes too long
    Answer ask(String command) throws IOException {
        ByteBuffer out = ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8));
        while (out.hasRemaining()) {
            channel.write(out);
        }
        return answer();
    }

    private Answer answer() throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        List<Line> lines = new ArrayList<>();
        int code = 0;
        while (true) {
            String line = line(deadline);
            boolean coded =
                    line.length() > CODE && line.substring(0, CODE).chars().allMatch(Character::isDigit);
            if (coded) {
                code = Integer.parseInt(line.substring(0, CODE));
                lines.add(new Line(code, line.substring(CODE + 1)));
                if (line.charAt(CODE) == ' ') {
                    return new Answer(lines);
                }
            } else if (!line.isEmpty()) {
                lines.add(new Line(code, line.substring(1)));
            }
        }
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
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new IOException("no answer from BIRD after " + limit.toMillis() + " ms");
                }
                selector.select(left);
                selector.selectedKeys().clear();
            } else {
                text.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
            }
        }
        String line = text.substring(0, end);
        text.delete(0, end + 1);
        return line;
    }

    /// Returns when BIRD closes the connection, as it does when it ends however it ends.
    void awaitEnd() throws IOException {
        while (true) {
            selector.select();
            selector.selectedKeys().clear();
            buffer.clear();
            if (!channel.isOpen() || channel.read(buffer) < 0) {
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
