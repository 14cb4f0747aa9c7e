package dev.bellman.report;

import java.nio.charset.StandardCharsets;

/// The URI reference of a file, as RFC 3986 wants it.
///
/// @param uri percent-encoded
/// @param relative whether it is relative to the folder that Bellman ran in
record FileUri(String uri, boolean relative) {
    private static final String HEX = "0123456789ABCDEF";

    static FileUri of(String file) {
        if (file.startsWith("/")) {
            return new FileUri("file://" + encode(file), false);
        }
        return new FileUri(encode(withoutDot(file)), true);
    }

    /// The path without a leading `./`, which tools that compare paths as text do not expect.
    static String withoutDot(String file) {
        String path = file;
        while (path.startsWith("./")) {
            path = path.substring(2);
        }
        return path;
    }

    /// Everything but unreserved characters and `/`: a colon in the first segment would read as a scheme.
    private static String encode(String path) {
        StringBuilder out = new StringBuilder(path.length());
        for (byte octet : path.getBytes(StandardCharsets.UTF_8)) {
            int value = octet & 0xFF;
            boolean plain = (value >= 'a' && value <= 'z')
                    || (value >= 'A' && value <= 'Z')
                    || (value >= '0' && value <= '9')
                    || "-._~/".indexOf(value) >= 0;
            if (plain) {
                out.append((char) value);
            } else {
                out.append('%').append(HEX.charAt(value >> 4)).append(HEX.charAt(value & 15));
            }
        }
        return out.toString();
    }
}
