package dev.bellman.bird;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What BIRD and the kernel take as a session's password.
final class Password {
    /// TCP_MD5SIG_MAXKEYLEN of Linux.
    private static final int LONGEST = 80;

    private Password() {}

    /// Why a password cannot be used, or null.
    static @Nullable String fault(@Nullable String password) {
        if (password == null) {
            return "its password is missing";
        }
        if (password.isEmpty()) {
            return "its password is empty";
        }
        // BIRD's strings have no escapes.
        if (password.chars().anyMatch(c -> c == '"' || c == '\n' || c == '\r' || c == 0)) {
            return "its password has a quote, a line break or a NUL in it, which BIRD cannot read";
        }
        return password.getBytes(StandardCharsets.UTF_8).length > LONGEST
                ? "its password is longer than " + LONGEST + " bytes, the most that TCP MD5 takes"
                : null;
    }
}
