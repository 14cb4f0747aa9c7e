package dev.bellman.agent;

/// Something outside the agent did not work: a program, the kernel, BIRD, a file. The message is for people, in
/// one line.
public final class AgentException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public AgentException(String message) {
        super(message);
    }

    public AgentException(String message, Throwable cause) {
        super(message, cause);
    }
}
