package dev.bellman.daemon;

/// Keeps a process small. Java's serial collector lets old garbage lie as long as the heap may grow, which is to a
/// quarter of the machine, while a daemon needs a small part of that.
public final class Garbage {
    private final long most;
    private long after = Runtime.getRuntime().totalMemory();

    /// @param most what may lie about, in bytes: little beside the process itself, and enough that it seldom has to be
    ///     collected, since nothing else is done for as long as that takes
    public Garbage(long most) {
        this.most = most;
    }

    /// To be called when nothing else is to be done.
    public void collectIfItPays() {
        if (Runtime.getRuntime().totalMemory() > after + most) {
            System.gc();
            after = Runtime.getRuntime().totalMemory();
        }
    }
}
