package dev.bellman.source;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.diagnostic.Span;
import dev.bellman.yaml.Undecoded;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Bytes as text.
sealed interface Text {
    /// @param undecoded bytes that are no text, in the order of the file
    record Readable(SourceText source, List<Undecoded> undecoded) implements Text {}

    record Unreadable(Diagnostic finding) implements Text {}

    /// A byte order mark is left out.
    static Text of(String file, byte[] bytes) {
        boolean utf16 = bytes.length >= 2
                && ((bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF)
                        || (bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE));
        if (utf16) {
            return new Unreadable(new Diagnostic(
                    "not-utf8",
                    Severity.ERROR,
                    "the file is UTF-16, not UTF-8",
                    "save it as UTF-8; nothing of the file was checked",
                    Span.ofFile(file),
                    ""));
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        int mark = bytes.length >= 3 && new String(bytes, 0, 3, StandardCharsets.UTF_8).equals("\uFEFF") ? 1 : 0;
        List<Undecoded> undecoded = new ArrayList<>();
        CoderResult result = decoder.decode(in, out, true);
        while (result.isError()) {
            undecoded.add(new Undecoded(out.position() - mark, bytes[in.position()]));
            out.put('\uFFFD');
            in.position(in.position() + result.length());
            result = decoder.decode(in, out, true);
        }
        return new Readable(new SourceText(file, out.flip().toString().substring(mark)), undecoded);
    }
}
