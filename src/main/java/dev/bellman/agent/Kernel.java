package dev.bellman.agent;

import dev.bellman.address.Family;

/// The rules of a kernel.
public interface Kernel extends AutoCloseable {
    /// All rules of the tables that have Service rules, as iptables-save prints them.
    ///
    /// @throws AgentException if they cannot be read
    String read(Family family);

    /// Carries out a change, each table in one transaction.
    ///
    /// @param input for iptables-restore
    /// @throws AgentException if the kernel refuses it, in which case it is as before
    void load(Family family, String input);

    /// Ends what it keeps ready. The rules stay.
    @Override
    void close();
}
