package dev.bellman.operator;

/// Keeps the process small between passes. A pass makes the whole cluster anew and drops what it made
/// before, and Java's serial collector lets that lie as long as the heap may grow, which is to a quarter of
/// the machine.
final class Garbage {
    /// What may lie about, in bytes: enough that a pass that finds nothing to compile costs no collection, some hundred
    /// milliseconds for ten thousand services.
    private static final long MOST = 16L << 20;

    private long after = Runtime.getRuntime().totalMemory();

    /// To be called when nothing else is to be done.
    void collectIfItPays() {
        if (Runtime.getRuntime().totalMemory() > after + MOST) {
            System.gc();
            after = Runtime.getRuntime().totalMemory();
        }
    }
}
