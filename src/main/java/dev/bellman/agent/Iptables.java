package dev.bellman.agent;

import dev.bellman.address.Family;
import dev.bellman.netfilter.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The kernel's rules through iptables 1.8, in either of its back ends.
public final class Iptables implements Kernel {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /// How long to wait for another program that changes rules, in seconds.
    private static final String PATIENCE = "5";

    private final List<String> prefix;

    /// @param prefix a command that runs the program elsewhere, such as `ip netns exec NAME`; empty for here
    public Iptables(List<String> prefix) {
        this.prefix = List.copyOf(prefix);
    }

    @Override
    public String read(Family family) {
        StringBuilder saved = new StringBuilder();
        for (Table table : Table.values()) {
            saved.append(run(family, "-save", "", "-t", table.word()));
        }
        return saved.toString();
    }

    @Override
    public void load(Family family, String input) {
        run(family, "-restore", input, "-w", PATIENCE, "--noflush");
    }

    private String run(Family family, String program, String input, String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add((family == Family.IPV4 ? "iptables" : "ip6tables") + program);
        command.addAll(List.of(arguments));
        Command.Result result = Command.run(command, input, LIMIT);
        if (!result.ok()) {
            throw new AgentException(command.get(prefix.size()) + ": " + result.complaint());
        }
        return result.out();
    }
}
