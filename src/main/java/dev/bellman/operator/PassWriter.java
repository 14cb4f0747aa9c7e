package dev.bellman.operator;

import dev.bellman.document.Manifest;
import dev.bellman.model.AdvertisementClass;
import dev.bellman.plan.ServiceDecision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Writes what a pass finds different: in order, several at a time, and not what has failed a moment ago.
final class PassWriter {
    private static final String SERVICE = "Service ";

    private final ApiServer api;
    private final Supplier<CalicoService> calico;
    private final Backoff backoff;
    private final Map<String, Manifest> byName;
    private final Map<String, Problem> problems;
    private final BooleanSupplier mayWrite;
    private final Runnable getOn;

    /// @param byName the cluster's objects as they were when it was judged
    /// @param problems what could not be written, by the object that was to be; the writer adds to them
    /// @param mayWrite false once another replica leads
    /// @param getOn told at each request
    PassWriter(
            ApiServer api,
            Supplier<CalicoService> calico,
            Backoff backoff,
            Map<String, Manifest> byName,
            Map<String, Problem> problems,
            BooleanSupplier mayWrite,
            Runnable getOn) {
        this.api = api;
        this.calico = calico;
        this.backoff = backoff;
        this.byName = byName;
        this.problems = problems;
        this.mayWrite = mayWrite;
        this.getOn = getOn;
    }

    /// Kind by kind, since their order counts.
    ///
    /// @param wrote hears of each change that was written, and of the version of the object before
    /// @return the objects that were
    List<String> write(List<Change> changes, BiConsumer<Change, @Nullable String> wrote) {
        List<String> written = new ArrayList<>();
        for (List<Change> alike : WriteOrder.steps(changes)) {
            Map<Change, Problem> inTheWay = WriteOrder.inTheWay(alike, changes, problems);
            Map<Change, Problem> failed = ask(
                    alike.stream()
                            .filter(change -> !inTheWay.containsKey(change))
                            .toList(),
                    this::write);
            if (!mayWrite.getAsBoolean()) {
                // Which of them were written nobody has said.
                return written;
            }
            alike.forEach(change -> {
                Problem problem = inTheWay.getOrDefault(change, failed.get(change));
                if (problem == null) {
                    backoff.forget(change.object());
                    wrote.accept(change, version(change));
                    written.add(change.object());
                } else {
                    problems.put(change.object(), problem);
                    if (inTheWay.containsKey(change)) {
                        // It is tried as soon as what is in its way is done.
                        backoff.forget(change.object());
                    }
                }
            });
        }
        return written;
    }

    /// Asks beforehand whether Services would let themselves be patched, since nothing of one is carried out by half.
    /// Nobody objects to a value that is there already.
    ///
    /// @return the ids of those that are left as they are
    Set<String> tryOut(List<Change> changes, Judgement judgement) {
        List<Change> patches = changes.stream()
                .filter(change -> change instanceof Change.PatchService patch
                        && !patch.value().equals(trafficPolicy(byName.get(change.object()))))
                .toList();
        Set<String> refused = new HashSet<>();
        ask(patches, change -> change instanceof Change.PatchService patch ? api.tryOut(patch) : null)
                .forEach((change, problem) -> {
                    problems.put(change.object(), problem);
                    refused.add(service(change));
                });
        Problem withoutCalico = patches.isEmpty() ? null : withoutCalico(changes);
        if (withoutCalico != null) {
            // Without those services there may be nothing left to write, and nothing that would say so.
            problems.put("BGPConfiguration default", withoutCalico);
            refused.addAll(withoutRoutes(patches, withoutCalico, judgement));
        }
        return refused;
    }

    /// The services that would be patched for routes which Calico is not told of, such as where it is absent: they
    /// would be reached in fewer ways than before, and in no new one.
    private Set<String> withoutRoutes(List<Change> patches, Problem problem, Judgement judgement) {
        Set<String> ofCalico = judgement.result().plan().decisions().stream()
                .filter(decision -> decision.backend() == AdvertisementClass.Backend.CALICO)
                .map(ServiceDecision::service)
                .collect(Collectors.toSet());
        Set<String> services = patches.stream()
                .map(PassWriter::service)
                .filter(ofCalico::contains)
                .collect(Collectors.toSet());
        // What is deleted does not have to wait for that.
        services.forEach(service ->
                problems.putIfAbsent(SERVICE + service, new Problem(problem.reason(), problem.message(), false)));
        return services;
    }

    private static String service(Change patch) {
        return patch.object().substring(SERVICE.length());
    }

    /// Why Calico cannot be told what to announce, or null if it can or has been.
    private @Nullable Problem withoutCalico(List<Change> changes) {
        for (Change change : changes) {
            if (change instanceof Change.ApplyBgpConfiguration bgp) {
                Problem paused = paused();
                return paused == null ? api.tryOut(bgp) : paused;
            }
        }
        return null;
    }

    /// Asks the API server for several changes at once, but for those that have to wait.
    ///
    /// @return what is in the way of each that is not done
    private Map<Change, Problem> ask(List<Change> changes, Function<Change, @Nullable Problem> what) {
        Map<Change, Problem> failed = new HashMap<>();
        List<Change> due = new ArrayList<>();
        for (Change change : changes) {
            Problem waits = backoff.waits(change, version(change), System.nanoTime());
            if (waits == null) {
                due.add(change);
            } else {
                failed.put(change, waits);
            }
        }
        Together.ask(due, mayWrite, change -> {
                    getOn.run();
                    return what.apply(change);
                })
                .forEach((change, problem) -> {
                    failed(change, problem);
                    failed.put(change, problem);
                });
        return failed;
    }

    private static @Nullable String trafficPolicy(@Nullable Manifest service) {
        return service == null ? null : service.root().text("spec", "externalTrafficPolicy");
    }

    private @Nullable String version(Change change) {
        Manifest present = byName.get(change.object());
        return present == null ? null : present.root().text("metadata", "resourceVersion");
    }

    private void failed(Change change, Problem problem) {
        if (backoff.failed(change, version(change), problem, System.nanoTime())) {
            Log.warn("a change could not be written", "object", change.object(), "why", problem.message());
        }
    }

    private @Nullable Problem write(Change change) {
        Problem paused = change instanceof Change.ApplyBgpConfiguration ? paused() : null;
        return paused == null ? api.write(change) : paused;
    }

    /// Why nothing of Calico's may be written, or null. Asked only when something would be: it takes the API server.
    private @Nullable Problem paused() {
        CalicoService service = calico.get();
        return service.isWritable() ? null : service.problem();
    }
}
