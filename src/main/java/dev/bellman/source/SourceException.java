package dev.bellman.source;

/// What was asked for cannot be read at all: a path or a revision that does not exist. In words for the user.
public final class SourceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SourceException(String message) {
        super(message);
    }

    public SourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
