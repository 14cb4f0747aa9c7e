package dev.bellman.cli;

/// How a command ended, the same for every command and every format.
public enum Outcome {
    /// Something was checked or done, and nothing is to be said against it.
    CLEAN(0),
    /// Findings that fail, or changes where the user asked for them to count.
    FINDINGS(1),
    /// Wrong usage, or the tool could not do its work; nothing checked is counted here, since it must not pass as
    /// clean.
    FAILURE(2);

    private final int code;

    Outcome(int code) {
        this.code = code;
    }

    /// The exit code.
    public int code() {
        return code;
    }
}
