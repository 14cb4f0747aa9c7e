package dev.bellman.source;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.diagnostic.Span;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Bytes as text.
sealed interface Text {
    record Readable(SourceText source) implements Text {}

    record Unreadable(Diagnostic finding) implements Text {}

    /// A byte order mark is left out.
    static Text of(String file, byte[] bytes) {
        boolean utf16 = bytes.length >= 2
                && ((bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF)
                        || (bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE));
        if (utf16) {
            return unreadable(Span.ofFile(file), "the file is UTF-16, not UTF-8");
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        String text = out.flip().toString();
        if (result.isError()) {
            SourceText before = new SourceText(file, text);
            String octet = "%02X".formatted(bytes[in.position()]);
            return unreadable(before.spanAt(text.length()), "byte 0x" + octet + " is not UTF-8");
        }
        return new Readable(new SourceText(file, text.startsWith("\uFEFF") ? text.substring(1) : text));
    }

    private static Text unreadable(Span span, String message) {
        return new Unreadable(new Diagnostic(
                "not-utf8", Severity.ERROR, message, "save it as UTF-8; nothing of the file was checked", span, ""));
    }
}
