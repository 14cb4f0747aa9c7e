package dev.bellman.yaml;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/// Bytes of a file that are not UTF-8. In its text U+FFFD stands for them.
///
/// @param offset of that character, in UTF-16
/// @param octet the first of the bytes
public record Undecoded(int offset, byte octet) {
    public String message() {
        return "byte 0x%02X is not UTF-8".formatted(octet);
    }

    /// Those in a stretch of the text.
    ///
    /// @param all in the order of the text
    static List<Undecoded> between(List<Undecoded> all, int start, int end) {
        return all.isEmpty() ? all : all.subList(place(all, start), place(all, end));
    }

    private static int place(List<Undecoded> all, int offset) {
        int found = Collections.binarySearch(
                all, new Undecoded(offset, (byte) 0), Comparator.comparingInt(Undecoded::offset));
        return found < 0 ? -found - 1 : found;
    }
}
