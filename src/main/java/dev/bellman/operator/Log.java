package dev.bellman.operator;

import org.jboss.logging.Logger;

/// Log lines of words and key=value pairs.
final class Log {
    private static final Logger LOGGER = Logger.getLogger("dev.bellman.operator");

    private Log() {}

    /// @param pairs a key and its value, and so on
    static void info(String message, Object... pairs) {
        LOGGER.info(line(message, pairs));
    }

    static void warn(String message, Object... pairs) {
        LOGGER.warn(line(message, pairs));
    }

    static void error(String message, Throwable cause) {
        LOGGER.error(line(message, "error", String.valueOf(cause.getMessage())), cause);
    }

    private static String line(String message, Object... pairs) {
        StringBuilder line = new StringBuilder("msg=").append(quoted(message));
        for (int i = 0; i + 1 < pairs.length; i += 2) {
            line.append(' ').append(pairs[i]).append('=').append(quoted(String.valueOf(pairs[i + 1])));
        }
        return line.toString();
    }

    /// One line, whatever is in it.
    static String quoted(String value) {
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
