package dev.bellman.daemon;

/// A daemon that cannot be started, in words for people.
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
