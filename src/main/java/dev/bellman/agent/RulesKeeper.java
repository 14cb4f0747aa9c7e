package dev.bellman.agent;

import dev.bellman.address.Family;
import dev.bellman.netfilter.Delivery;
import dev.bellman.netfilter.Identical;
import dev.bellman.netfilter.NodeSettings;
import dev.bellman.netfilter.RulesChange;
import dev.bellman.netfilter.SavedRules;
import dev.bellman.netfilter.ServicePort;
import dev.bellman.netfilter.ServiceRules;
import dev.bellman.netfilter.Wanted;
import dev.bellman.netfilter.WantedRules;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Keeps one family's rules in the kernel as they are wanted, or says how they differ.
///
/// What it last saw or wrote is what it takes the kernel for, so that a change costs no reading; [#drift] and
/// [#repair] read. Reading takes long where there are many rules, so that [#look] can begin it beforehand.
final class RulesKeeper {
    private static final int LOOKS = 3;

    private final Kernel kernel;
    private final Family family;
    private final ServiceRules rules = new ServiceRules();
    private final WantedRules text = new WantedRules();
    private List<ServicePort> ports = List.of();
    private @Nullable NodeSettings settings;
    private Wanted wanted;
    private String fingerprint = "";
    private @Nullable SavedRules known;

    /// What the kernel was last found or made to hold, or null.
    private @Nullable Wanted held;

    private int changes;
    private int changesBefore;
    private int looks;
    private @Nullable CompletableFuture<Reading> looking;
    private Comparison compared;

    /// What the kernel was found to hold. It is read apart only where it is not what was compared the last time.
    private record Reading(
            String print, String text, @Nullable SavedRules apart) {
        static Reading of(String text, String known) {
            String print = SavedRules.fingerprint(text);
            return new Reading(print, text, print.equals(known) ? null : SavedRules.parse(text));
        }

        SavedRules rules() {
            return apart == null ? SavedRules.parse(text) : apart;
        }
    }

    /// What came out when the kernel's rules, which then are what is known, were compared with what is wanted, so
    /// that nobody compares the same again.
    private record Comparison(String print, Wanted wanted, List<String> differences) {
        static Comparison none(Family family) {
            return new Comparison("", Wanted.nothing(family), List.of());
        }

        boolean isOf(Reading there, Wanted now) {
            return print.equals(there.print()) && wanted.equals(now);
        }
    }

    RulesKeeper(Kernel kernel, Family family) {
        this.kernel = kernel;
        this.family = family;
        this.wanted = Wanted.nothing(family);
        this.compared = Comparison.none(family);
    }

    /// Takes what should be in the kernel: the rules of these ports of the family.
    void want(List<ServicePort> next, NodeSettings nextSettings) {
        if (!nextSettings.equals(settings) || !Identical.are(ports, next)) {
            wanted = text.next(rules.next(next, nextSettings));
            fingerprint = wanted.fingerprint();
            ports = next;
            settings = nextSettings;
        }
    }

    Family family() {
        return family;
    }

    /// A short name for the rules that should be there.
    String fingerprint() {
        return fingerprint;
    }

    /// Loads what has changed since the last time.
    ///
    /// @return what was changed, for people; empty if nothing
    /// @throws AgentException if the kernel refuses, in which case the next call starts by reading
    List<String> program() {
        SavedRules before = known;
        if (before != null && wanted.equals(held)) {
            return List.of();
        }
        if (before != null) {
            try {
                return change(before);
            } catch (AgentException e) {
                // Perhaps since somebody else changed rules. What is there now says what to do about it.
                Log.info("rules are read anew", "family", family.word(), "reason", String.valueOf(e.getMessage()));
            }
        }
        return change(SavedRules.parse(kernel.read(family)));
    }

    private List<String> change(SavedRules before) {
        known = null;
        held = null;
        compared = Comparison.none(family);
        RulesChange change = RulesChange.between(before, wanted);
        if (!change.isEmpty()) {
            changes++;
            kernel.load(family, change.input());
        }
        known = change.after();
        held = wanted;
        return change.differences();
    }

    /// Begins to read the kernel's rules, and does not wait.
    ///
    /// @param whenSeen called once they are read, from another thread
    void look(Runnable whenSeen) {
        if (looking == null) {
            looks = 0;
            begin(whenSeen);
        }
    }

    private void begin(Runnable whenSeen) {
        looks++;
        changesBefore = changes;
        String print = compared.print();
        CompletableFuture<Reading> reading = new CompletableFuture<>();
        looking = reading;
        Thread.ofVirtual().name("rules-" + family.word()).start(() -> {
            try {
                reading.complete(Reading.of(kernel.read(family), print));
            } catch (RuntimeException e) {
                reading.completeExceptionally(e);
            } finally {
                whenSeen.run();
            }
        });
    }

    /// Begins once more if what was seen is from before a change; but not for ever, where changes do not end.
    ///
    /// @return whether it did
    boolean lookAgain(Runnable whenSeen) {
        boolean outdated = hasLooked() && changesBefore != changes && looks < LOOKS;
        if (outdated) {
            begin(whenSeen);
        }
        return outdated;
    }

    /// Whether what [#look] began is done, so that [#drift] and [#repair] need not read.
    boolean hasLooked() {
        CompletableFuture<Reading> reading = looking;
        return reading != null && reading.isDone();
    }

    /// What is different for packets in the kernel, whoever did it; empty if it is as wanted. Comments may differ.
    ///
    /// @throws AgentException if the kernel's rules cannot be read
    List<String> drift() {
        Reading there = read();
        if (!compared.isOf(there, wanted)) {
            SavedRules rules = there.rules();
            held = null;
            known = rules;
            compared = new Comparison(
                    there.print(),
                    wanted,
                    RulesChange.between(rules.withoutComments(), wanted.withoutComments())
                            .differences());
        }
        return compared.differences();
    }

    /// Has the next [#drift] read the kernel anew, whatever [#look] has begun.
    void forgetLook() {
        looking = null;
    }

    /// Whether the kernel, as the last [#drift] found it, leads packets for these ports of the family to their
    /// endpoints, be the rest as it may.
    boolean delivers(List<ServicePort> some) {
        SavedRules found = known;
        NodeSettings now = settings;
        return found != null && now != null && Delivery.isIn(found, some, now);
    }

    /// Whether the last [#drift] found rules of any Service.
    boolean findsServices() {
        SavedRules found = known;
        return found != null && Delivery.isProgrammed(found);
    }

    /// Repairs the kernel.
    ///
    /// @return what was repaired
    /// @throws AgentException if the kernel's rules cannot be read, or it refuses
    List<String> repair() {
        Reading there = read();
        if (compared.isOf(there, wanted) && compared.differences().isEmpty()) {
            return List.of();
        }
        held = null;
        known = null;
        List<String> repaired = change(there.rules());
        if (repaired.isEmpty()) {
            compared = new Comparison(there.print(), wanted, repaired);
        }
        return repaired;
    }

    /// What was seen before a change says nothing of the kernel after it.
    private Reading read() {
        CompletableFuture<Reading> reading = looking;
        looking = null;
        if (reading == null || changesBefore != changes) {
            return Reading.of(kernel.read(family), compared.print());
        }
        try {
            return reading.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof AgentException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
