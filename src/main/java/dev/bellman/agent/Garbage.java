package dev.bellman.agent;

/// Keeps the process small. Java's serial collector lets old garbage lie as long as the heap may grow, which is to a
/// quarter of the machine, while what an agent needs is a few dozen megabytes.
final class Garbage {
    /// What may lie about, in bytes: little beside the process itself, and enough that it seldom has to be collected,
    /// since nothing else is done for as long as that takes, some 50 ms.
    private static final long MOST = 6L << 20;

    private long after = Runtime.getRuntime().totalMemory();

    /// To be called when nothing else is to be done.
    void collectIfItPays() {
        if (Runtime.getRuntime().totalMemory() > after + MOST) {
            System.gc();
            after = Runtime.getRuntime().totalMemory();
        }
    }
}
