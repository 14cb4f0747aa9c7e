package dev.bellman.agent;

import dev.bellman.address.Family;
import dev.bellman.netfilter.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The kernel's rules through iptables 1.8, in either of its back ends.
public final class Iptables implements Kernel {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /// How long to wait for another program that changes rules, in seconds.
    private static final String PATIENCE = "5";

    /// In characters. What is longer than that takes so long that it can as well have a program of its own.
    private static final int LONG = 16_384;

    /// A program that is made to end soon may not give back all its memory.
    private static final int LOADS_OF_A_SESSION = 1_000;

    private final List<String> prefix;
    private final Map<Family, RestoreSession> sessions = new EnumMap<>(Family.class);
    private @Nullable Boolean canStay;

    /// @param prefix a command that runs the program elsewhere, such as `ip netns exec NAME`; empty for here
    public Iptables(List<String> prefix) {
        this.prefix = List.copyOf(prefix);
    }

    @Override
    public String read(Family family) {
        StringBuilder saved = new StringBuilder();
        for (Table table : Table.values()) {
            saved.append(run(command(family, "-save", "-t", table.word()), ""));
        }
        return saved.toString();
    }

    @Override
    public void load(Family family, String input) {
        if (input.length() > LONG || !canStay()) {
            run(restore(family), input);
            return;
        }
        try {
            session(family).load(input, LIMIT);
        } catch (AgentException e) {
            throw new AgentException(name(family) + "-restore: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        sessions.values().forEach(RestoreSession::close);
        sessions.clear();
    }

    /// The old kind holds its lock until it ends, and does not say how far it is.
    private boolean canStay() {
        Boolean known = canStay;
        if (known == null) {
            known = run(command(Family.IPV4, "-restore", "--version"), "").contains("nf_tables");
            canStay = known;
        }
        return known;
    }

    private RestoreSession session(Family family) {
        RestoreSession there = sessions.get(family);
        if (there != null && there.isAlive() && there.loads() < LOADS_OF_A_SESSION) {
            return there;
        }
        if (there != null) {
            there.close();
        }
        RestoreSession next = new RestoreSession(restore(family));
        sessions.put(family, next);
        return next;
    }

    private List<String> restore(Family family) {
        return command(family, "-restore", "-w", PATIENCE, "--noflush");
    }

    private List<String> command(Family family, String program, String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add(name(family) + program);
        command.addAll(List.of(arguments));
        return command;
    }

    private static String name(Family family) {
        return family == Family.IPV4 ? "iptables" : "ip6tables";
    }

    private String run(List<String> command, String input) {
        Command.Result result = Command.run(command, input, LIMIT);
        if (!result.ok()) {
            throw new AgentException(command.get(prefix.size()) + ": " + result.complaint());
        }
        return result.out();
    }
}
