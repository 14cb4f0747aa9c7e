package dev.bellman.cli;

/// Something outside the program that keeps a command from doing its work, in words for the user: lower case, no full
/// stop, what is wrong and what to do.
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    Failure(String message) {
        super(message);
    }

    Failure(String message, Throwable cause) {
        super(message, cause);
    }
}
