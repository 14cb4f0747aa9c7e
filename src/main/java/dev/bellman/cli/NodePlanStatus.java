package dev.bellman.cli;

import dev.bellman.address.Cidr;
import dev.bellman.agent.Speaker;
import dev.bellman.agent.Status;
import dev.bellman.cluster.ApiAnswer;
import dev.bellman.cluster.ClusterKind;
import dev.bellman.cluster.ClusterObjects;
import dev.bellman.cluster.Conditions;
import dev.bellman.cluster.Conditions.Condition;
import dev.bellman.digest.Sha256;
import dev.bellman.document.Manifest;
import dev.bellman.document.Node;
import dev.bellman.document.Plain;
import dev.bellman.model.AdvertisementClass.Backend;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Keeps the status of the node's NodePlan as the agent says it is: written when it changes, on a thread of its own, so
/// that an API server that is away holds up nothing.
final class NodePlanStatus implements AutoCloseable {
    private static final String MANAGER = "bellman-agent";
    private static final int MOST_PREFIXES = 256;
    private static final int MOST_DRIFT = 10;
    private static final int LONGEST_DRIFT = 1024;
    private static final int LONGEST_DETAIL = 1024;
    private static final int LONGEST_ERROR = 4096;
    /// What says that there are more of them.
    private static final int LONGEST_MORE = "; and 2147483647 more".length();
    private static final int HASH_BYTES = 8;
    private static final long AT_MOST_EVERY_MILLIS = 500;
    private static final Set<String> BGP_STATES =
            Set.of("Idle", "Connect", "Active", "OpenSent", "OpenConfirm", "Established");

    private final ClusterObjects objects;
    private final String node;
    private final Supplier<@Nullable Manifest> plan;
    private final AtomicReference<@Nullable Status> newest = new AtomicReference<>();
    private final Semaphore bell = new Semaphore(0);
    private final Thread thread = new Thread(this::loop, "node-plan-status");
    private @Nullable Map<String, Object> written;
    private @Nullable String lastFailure;
    private final Terminal terminal;

    NodePlanStatus(ClusterObjects objects, String node, Supplier<@Nullable Manifest> plan, Terminal terminal) {
        this.terminal = terminal;
        this.objects = objects;
        this.node = node;
        this.plan = plan;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void tell(Status status) {
        newest.set(status);
        bell.release();
    }

    private void loop() {
        try {
            while (true) {
                bell.acquire();
                bell.drainPermits();
                Status status = newest.get();
                if (status != null && !write(status)) {
                    // Until the API server is back.
                    TimeUnit.SECONDS.sleep(5);
                    bell.release();
                }
                TimeUnit.MILLISECONDS.sleep(AT_MOST_EVERY_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return false if it is to be tried again
    private boolean write(Status status) {
        Manifest present = plan.get();
        if (present == null || status.version().hash().isEmpty()) {
            return true;
        }
        Map<String, Object> next = status(status, present);
        if (next.equals(written)) {
            return true;
        }
        try {
            objects.applyStatus(
                    ClusterKind.NODE_PLAN, Map.of("metadata", Map.of("name", node), "status", next), MANAGER);
            written = next;
            lastFailure = null;
            return true;
        } catch (KubernetesClientException e) {
            String why = ApiAnswer.of(e);
            if (!why.equals(lastFailure)) {
                terminal.warn("the status of NodePlan " + node + " cannot be written: " + why);
                lastFailure = why;
            }
            // One that is gone has no status.
            return e.getCode() == HttpURLConnection.HTTP_NOT_FOUND;
        }
    }

    /// @param plan as it is now
    static Map<String, Object> status(Status status, Manifest plan) {
        Map<String, Object> map = new LinkedHashMap<>();
        Long generation = status.version().generation();
        if (generation != null) {
            map.put("observedGeneration", generation);
        }
        map.put("conditions", conditions(status, plan, generation));
        map.put("intended", prefixes(status.intended()));
        map.put("programmed", prefixes(status.errors().isEmpty() ? programmed(status) : List.of()));
        map.put("advertised", prefixes(status.speaker().announced()));
        map.put(
                "sessions",
                sessions(status.speaker().sessions()).stream()
                        .map(NodePlanStatus::session)
                        .toList());
        List<String> drift = drift(status);
        Map<String, Object> drifted = new LinkedHashMap<>();
        drifted.put("count", drift.size());
        if (!drift.isEmpty()) {
            drifted.put("examples", drift.stream().limit(MOST_DRIFT).toList());
        }
        map.put("drift", drifted);
        if (!status.errors().isEmpty()) {
            map.put("lastError", joined(status.errors()));
        }
        map.put("hashes", hashes(status));
        return map;
    }

    private static List<Cidr> programmed(Status status) {
        Set<Cidr> waiting = Set.copyOf(status.waiting());
        return status.intended().stream()
                .filter(prefix -> !waiting.contains(prefix))
                .toList();
    }

    private static List<Object> conditions(Status status, Manifest plan, @Nullable Long generation) {
        Node present = plan.root().at("status", "conditions");
        Set<String> backends = backends(plan);
        boolean isMute = backends.contains(Backend.BIRD.word())
                && plan.root().items("spec", "peers").isEmpty();
        List<String> drift = drift(status);
        List<String> down = status.speaker().sessions().stream()
                .filter(session -> !session.established())
                .map(session -> session.peer() + " is " + session.state())
                .toList();
        boolean programmed = status.ready() && status.errors().isEmpty();
        boolean advertised = !isMute && status.speaker().announced().containsAll(status.intended());
        String why = programmed
                ? ""
                : status.errors().isEmpty() ? "the plan has not been carried out yet" : joined(status.errors());
        boolean awaits = down.isEmpty() && !status.waiting().isEmpty();
        String silent = isMute
                ? "no BGPSpeaker chooses this node, so that nothing is announced"
                : !down.isEmpty()
                        ? String.join("; ", down)
                        : awaits ? awaited(status.waiting()) : "the speaker has not sent everything yet";
        String reason = isMute ? "NoPeers" : awaits ? "RulesAwaited" : "SessionsDown";
        boolean ready = programmed && advertised && drift.isEmpty();
        return Conditions.write(
                List.of(
                        condition("Programmed", programmed, "NotProgrammed", why),
                        backends.equals(Set.of(Backend.CALICO.word()))
                                ? Condition.yes("Advertised", "CalicoAdvertises", "by its BGPConfiguration")
                                : condition("Advertised", advertised, reason, silent),
                        condition(
                                "Ready",
                                ready,
                                !programmed ? "NotProgrammed" : !advertised ? reason : "Drift",
                                !programmed ? why : !advertised ? silent : drift.isEmpty() ? "" : drift.getFirst())),
                present == null ? null : Plain.of(present),
                generation,
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /// Of what a NodePlan says itself.
    private static Set<String> backends(Manifest plan) {
        return Stream.of("prefixes", "services")
                .flatMap(list -> plan.root().items("spec", list).stream())
                .map(item -> String.valueOf(item.text("backend")))
                .collect(Collectors.toSet());
    }

    private static String awaited(List<Cidr> waiting) {
        String others = waiting.size() == 1 ? "" : " and " + (waiting.size() - 1) + " more";
        return "the rules of " + waiting.getFirst() + others + " are not in yet";
    }

    private static Condition condition(String type, boolean holds, String otherwise, String why) {
        return holds ? Condition.yes(type, type, "") : Condition.no(type, otherwise, why);
    }

    private static List<String> drift(Status status) {
        return status.rules().values().stream()
                .flatMap(rules -> rules.drift().stream())
                .map(line -> Conditions.cut(line, LONGEST_DRIFT))
                .toList();
    }

    private static Map<String, Object> prefixes(List<Cidr> prefixes) {
        List<String> texts = prefixes.stream().map(Cidr::toString).toList();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("count", texts.size());
        map.put("hash", Sha256.hex(String.join(",", texts), HASH_BYTES));
        map.put("prefixes", texts.stream().limit(MOST_PREFIXES).toList());
        return map;
    }

    private static Map<String, Object> session(Speaker.Session session) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("peer", session.peer());
        map.put("state", BGP_STATES.contains(session.state()) ? session.state() : "Idle");
        if (!session.detail().isEmpty()) {
            map.put("lastError", Conditions.cut(session.detail(), LONGEST_DETAIL));
        }
        return map;
    }

    /// One for each peer, which is what the definition knows them by: two speakers on a node may name the
    /// same router alike, and only one of the two sessions can be.
    private static Collection<Speaker.Session> sessions(List<Speaker.Session> all) {
        Map<String, Speaker.Session> byPeer = new LinkedHashMap<>();
        all.forEach(session -> byPeer.merge(session.peer(), session, NodePlanStatus::together));
        return byPeer.values();
    }

    private static Speaker.Session together(Speaker.Session one, Speaker.Session other) {
        Speaker.Session kept = !one.established() && other.established() ? other : one;
        String detail = Stream.of(kept, one, other)
                .map(Speaker.Session::detail)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
        return new Speaker.Session(kept.peer(), kept.established(), kept.state(), detail);
    }

    /// As many errors as there is room for, and how many more there are.
    private static String joined(List<String> errors) {
        StringBuilder text = new StringBuilder(Conditions.cut(errors.getFirst(), LONGEST_ERROR - LONGEST_MORE));
        for (int i = 1; i < errors.size(); i++) {
            String next = "; " + errors.get(i);
            int room = LONGEST_ERROR - (i == errors.size() - 1 ? 0 : LONGEST_MORE);
            if (text.length() + next.length() > room) {
                return text + "; and " + (errors.size() - i) + " more";
            }
            text.append(next);
        }
        return text.toString();
    }

    private static Map<String, Object> hashes(Status status) {
        Map<String, Object> hashes = new LinkedHashMap<>();
        if (status.ready()) {
            hashes.put("plan", status.version().hash());
        }
        hashes.put(
                "rules",
                Sha256.hex(
                        status.rules().values().stream()
                                .map(Status.Rules::programmed)
                                .reduce("", String::concat),
                        HASH_BYTES));
        return hashes;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
