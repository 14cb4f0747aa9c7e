package dev.bellman.operator;

import dev.bellman.daemon.LogLine;
import org.jboss.logging.Logger;

/// Log lines of words and key=value pairs.
final class Log {
    private static final Logger LOGGER = Logger.getLogger("dev.bellman.operator");

    private Log() {}

    /// @param pairs a key and its value, and so on
    static void info(String message, Object... pairs) {
        LOGGER.info(LogLine.of(message, pairs));
    }

    static void warn(String message, Object... pairs) {
        LOGGER.warn(LogLine.of(message, pairs));
    }

    static void error(String message, Throwable cause) {
        LOGGER.error(LogLine.of(message, "error", String.valueOf(cause.getMessage())), cause);
    }
}
