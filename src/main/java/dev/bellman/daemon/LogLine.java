package dev.bellman.daemon;

/// A log line of words and key=value pairs.
public final class LogLine {
    private LogLine() {}

    /// @param pairs a key and its value, and so on
    public static String of(String message, Object... pairs) {
        StringBuilder line = new StringBuilder("msg=").append(quoted(message));
        for (int i = 0; i + 1 < pairs.length; i += 2) {
            line.append(' ').append(pairs[i]).append('=').append(quoted(String.valueOf(pairs[i + 1])));
        }
        return line.toString();
    }

    /// One line, whatever is in it.
    private static String quoted(String value) {
        boolean plain = !value.isEmpty() && value.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '=');
        return plain
                ? value
                : '"'
                        + value.replace("\\", "\\\\")
                                .replace("\"", "\\\"")
                                .replace("\n", "\\n")
                                .replaceAll("\\p{Cntrl}", "?")
                        + '"';
    }
}
