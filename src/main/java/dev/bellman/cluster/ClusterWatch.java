package dev.bellman.cluster;

import dev.bellman.diagnostic.Span;
import dev.bellman.document.Manifest;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Keeps the objects of a cluster at hand, as manifests, and tells of every change.
///
/// An API server that is away changes nothing: what was seen last stays, and the watches come back by themselves, also
/// where the definition of a kind goes away and comes back. A kind that is optional is looked for from time to time
/// while it is not there; while nobody can say whether it is, as where the API server behind it does not answer, it is
/// unknown, and nobody waits for it.
public final class ClusterWatch implements AutoCloseable {
    private static final long LOOK_SECONDS = 5;
    /// While something is not as it should be.
    private static final long LOOK_SECONDS_IN_TROUBLE = 1;
    private static final long PAGE = 500;
    private static final long PAGE_OF_PLANS = 10;
    /// The code of a failure in which nobody answered, as the client has it, or less.
    private static final int NO_ANSWER = 0;

    private final KubernetesClient client;
    private final Listener listener;
    private final Map<ClusterKind, String> names;
    private final Map<ClusterKind, Watched> kinds = new LinkedHashMap<>();
    private volatile boolean closed;
    private Set<String> said = Set.of();
    private final Thread lookout = new Thread(this::keepLooking, "cluster-watch");

    /// Hears of changes, on a thread of the client's: it must not wait.
    public interface Listener {
        /// @param before null for an object that is new
        /// @param after null for one that is gone
        void changed(ClusterKind kind, @Nullable Manifest before, @Nullable Manifest after);

        /// All that keeps the cluster from being watched whole, as a line for people; null when that is over.
        default void trouble(@Nullable String what) {}
    }

    public ClusterWatch(KubernetesClient client, List<ClusterKind> kinds, Listener listener) {
        this(client, kinds, Map.of(), listener);
    }

    /// @param names the one object that is watched of a kind, where it is only one
    public ClusterWatch(
            KubernetesClient client, List<ClusterKind> kinds, Map<ClusterKind, String> names, Listener listener) {
        this.client = client;
        this.names = Map.copyOf(names);
        this.listener = listener;
        kinds.forEach(kind -> this.kinds.put(kind, new Watched(kind)));
    }

    /// Begins to watch, and returns at once.
    public void start() {
        lookout.setDaemon(true);
        lookout.start();
    }

    /// Whether everything that is there has been seen once.
    public boolean isSynced() {
        return kinds.values().stream().allMatch(Watched::isSynced);
    }

    /// Whether nothing keeps what is not optional from being watched.
    public boolean isWhole() {
        return isSynced()
                && kinds.values().stream().allMatch(watched -> watched.kind.optional() || watched.trouble == null);
    }

    /// Whether a kind is served by the API server.
    public boolean isServed(ClusterKind kind) {
        Watched watched = kinds.get(kind);
        return watched != null && watched.informer != null;
    }

    /// Whether an optional kind may be there, and nobody can say.
    public boolean isUnknown(ClusterKind kind) {
        Watched watched = kinds.get(kind);
        return watched != null && watched.unknown && !watched.hasSynced();
    }

    /// All objects, in no order.
    public List<Manifest> manifests() {
        List<Manifest> all = new ArrayList<>();
        kinds.values().forEach(watched -> all.addAll(watched.objects.values()));
        return all;
    }

    public List<Manifest> manifests(ClusterKind kind) {
        Watched watched = kinds.get(kind);
        return watched == null ? List.of() : List.copyOf(watched.objects.values());
    }

    /// The `resourceVersion` of an object as it was seen last, or null if it is not there.
    ///
    /// @param object as `Kind namespace/name`
    public @Nullable String version(String object) {
        String[] words = object.split(" ", 2);
        return kinds.values().stream()
                .filter(watched -> watched.kind.kind().equals(words[0]))
                .map(watched -> watched.objects.get(words[1]))
                .filter(Objects::nonNull)
                .findFirst()
                .map(manifest -> manifest.root().text("metadata", "resourceVersion"))
                .orElse(null);
    }

    private static String key(@Nullable String namespace, String name) {
        return namespace == null || namespace.isEmpty() ? name : namespace + "/" + name;
    }

    private void keepLooking() {
        try {
            while (!closed) {
                Map<String, Answer> served = new HashMap<>();
                kinds.values().forEach(watched -> watched.look(served));
                tell();
                boolean well = said.isEmpty() && isSynced();
                TimeUnit.SECONDS.sleep(well ? LOOK_SECONDS : LOOK_SECONDS_IN_TROUBLE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            // The client says so when it is closed while we ask.
            if (!closed) {
                throw e;
            }
        }
    }

    /// What the API server serves of a group and version: null for nothing.
    private record Answer(
            @Nullable APIResourceList resources, @Nullable KubernetesClientException failure) {}

    /// One line for all that has the same cause, and only when causes come or go.
    private void tell() {
        Map<String, List<Watched>> causes = new LinkedHashMap<>();
        kinds.values().forEach(watched -> {
            Trouble trouble = watched.trouble;
            if (trouble != null) {
                causes.computeIfAbsent(trouble.cause(), _ -> new ArrayList<>()).add(watched);
            }
        });
        if (!closed && !said.equals(causes.keySet())) {
            said = Set.copyOf(causes.keySet());
            listener.trouble(
                    causes.isEmpty()
                            ? null
                            : causes.values().stream().map(ClusterWatch::line).collect(Collectors.joining("; ")));
        }
    }

    private static String line(List<Watched> alike) {
        Trouble trouble = alike.getFirst().trouble;
        return alike.stream().map(watched -> watched.kind.plural()).collect(Collectors.joining(", ")) + ": "
                + (trouble == null ? "" : trouble.cause() + trouble.detail());
    }

    /// @param cause the same for as long as it is the same trouble
    /// @param detail in whose words it may be told a little differently every time
    private record Trouble(String cause, String detail) {
        Trouble(String cause) {
            this(cause, "");
        }
    }

    /// What happened, and what helps: the client itself says no more than that something did.
    private Trouble reason(Throwable failure) {
        int code = NO_ANSWER;
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof KubernetesClientException e) {
                code = e.getCode();
            }
        }
        if (code <= NO_ANSWER) {
            return new Trouble("no answer from " + client.getMasterUrl(), " (" + ApiAnswer.of(failure) + ")");
        }
        return switch (code) {
            case HttpURLConnection.HTTP_UNAUTHORIZED ->
                new Trouble(
                        "the API server does not know who asks: is the token of the kubeconfig or of the pod still good?");
            case HttpURLConnection.HTTP_FORBIDDEN -> new Trouble("not allowed; grant list and watch");
            case HttpURLConnection.HTTP_NOT_FOUND -> new Trouble("not served");
            case HttpURLConnection.HTTP_UNAVAILABLE ->
                new Trouble(
                        "the API server cannot serve it for now: is what stands behind it up (kubectl get apiservices)?");
            default -> new Trouble(ApiAnswer.of(failure));
        };
    }

    @Override
    public void close() {
        closed = true;
        lookout.interrupt();
        kinds.values().forEach(Watched::close);
    }

    /// One kind and its objects.
    private final class Watched implements ItemStore<GenericKubernetesResource> {
        private final ClusterKind kind;
        private final ConcurrentMap<String, Manifest> objects = new ConcurrentHashMap<>();
        private final SharedNodes shared = new SharedNodes();
        private final Keys keys;
        private volatile @Nullable SharedIndexInformer<GenericKubernetesResource> informer;
        private volatile boolean absent;
        private volatile boolean unknown;
        private volatile @Nullable Trouble trouble;

        Watched(ClusterKind kind) {
            this.kind = kind;
            this.keys = new Keys(Span.ofObject(kind.kind()));
        }

        boolean hasSynced() {
            SharedIndexInformer<GenericKubernetesResource> running = informer;
            return running != null && running.hasSynced();
        }

        boolean isSynced() {
            return hasSynced() || (kind.optional() && (unknown || (informer == null && absent)));
        }

        /// Starts to watch if the kind is there, and ends it if it is optional and no longer is.
        ///
        /// @param served what was asked of the API server in this round
        void look(Map<String, Answer> served) {
            SharedIndexInformer<GenericKubernetesResource> running = informer;
            // What answers while all else does not may be just the API server, on its way up.
            boolean othersThere = kinds.values().stream().allMatch(other -> other.kind.optional() || other.hasSynced());
            try {
                boolean there = kind.group().isEmpty() || isKnownToBeServed(running) || isServedNow(served);
                absent = !there && kind.optional();
                if (there && running == null) {
                    begin();
                } else if (!there && running != null && kind.optional()) {
                    end(running);
                } else if (!there && !kind.optional()) {
                    trouble = new Trouble(
                            "not served; apply Bellman's custom resource definitions (" + kind.apiVersion() + ")");
                } else if (running == null || running.isWatching()) {
                    trouble = null;
                }
            } catch (KubernetesClientException e) {
                trouble = reason(e);
            }
            boolean nobodyKnows = kind.optional() && othersThere && trouble != null && !hasSynced();
            if (nobodyKnows && !unknown) {
                listener.changed(kind, null, null);
            }
            unknown = nobodyKnows;
        }

        /// Whether its watch says so: it ends with the definition. An optional kind is asked for all the same,
        /// since one that went has to be told from an API server behind it that does not answer.
        private boolean isKnownToBeServed(@Nullable SharedIndexInformer<GenericKubernetesResource> running) {
            return !kind.optional() && running != null && running.isWatching();
        }

        private boolean isServedNow(Map<String, Answer> served) {
            Answer answer = served.computeIfAbsent(kind.apiVersion(), this::ask);
            if (answer.failure() != null) {
                throw answer.failure();
            }
            return answer.resources() != null
                    && answer.resources().getResources().stream()
                            .anyMatch(resource -> resource.getName().equals(kind.plural()));
        }

        private Answer ask(String apiVersion) {
            try {
                return new Answer(client.getApiResources(apiVersion), null);
            } catch (KubernetesClientException e) {
                return new Answer(null, e);
            }
        }

        private void begin() {
            var all = client.genericKubernetesResources(kind.context()).inAnyNamespace();
            String name = names.get(kind);
            // In pages, since the text of a page is there as a whole.
            SharedIndexInformer<GenericKubernetesResource> fresh = name == null
                    ? all.withLimit(kind.equals(ClusterKind.NODE_PLAN) ? PAGE_OF_PLANS : PAGE)
                            .runnableInformer(0)
                    : all.withField("metadata.name", name).runnableInformer(0);
            fresh.itemStore(this);
            fresh.exceptionHandler((started, failure) -> {
                trouble = reason(failure);
                return true;
            });
            informer = fresh;
            fresh.start().thenRun(() -> listener.changed(kind, null, null));
        }

        private void end(SharedIndexInformer<GenericKubernetesResource> running) {
            running.stop();
            informer = null;
            objects.clear();
            listener.changed(kind, null, null);
        }

        void close() {
            SharedIndexInformer<GenericKubernetesResource> running = informer;
            if (running != null) {
                running.stop();
            }
        }

        // The informer's store: it holds manifests, so that no object is there twice.

        @Override
        public String getKey(GenericKubernetesResource resource) {
            return key(
                    resource.getMetadata().getNamespace(),
                    resource.getMetadata().getName());
        }

        @Override
        public @Nullable GenericKubernetesResource put(String key, GenericKubernetesResource resource) {
            Manifest after = ClusterDocument.of(resource, kind, shared, keys);
            Manifest before = objects.put(key, after);
            // Kubelets write to their Nodes every few minutes what nobody here reads.
            if (before == null || !before.saysSameAs(after)) {
                listener.changed(kind, before, after);
            }
            return before == null ? null : stub(before);
        }

        @Override
        public @Nullable GenericKubernetesResource remove(String key) {
            Manifest before = objects.remove(key);
            if (before != null) {
                listener.changed(kind, before, null);
            }
            return before == null ? null : stub(before);
        }

        @Override
        public Stream<String> keySet() {
            return objects.keySet().stream();
        }

        @Override
        public Stream<GenericKubernetesResource> values() {
            return objects.values().stream().map(this::stub);
        }

        @Override
        public int size() {
            return objects.size();
        }

        @Override
        public @Nullable GenericKubernetesResource get(String key) {
            Manifest manifest = objects.get(key);
            return manifest == null ? null : stub(manifest);
        }

        @Override
        public boolean isFullState() {
            return false;
        }

        /// As much of an object as the informer itself needs to know.
        private GenericKubernetesResource stub(Manifest manifest) {
            GenericKubernetesResource resource = new GenericKubernetesResource();
            resource.setApiVersion(manifest.apiVersion());
            resource.setKind(manifest.kind());
            resource.setMetadata(new ObjectMetaBuilder()
                    .withName(manifest.name())
                    .withNamespace(manifest.namespace().isEmpty() ? null : manifest.namespace())
                    .withUid(manifest.root().text("metadata", "uid"))
                    .withResourceVersion(manifest.root().text("metadata", "resourceVersion"))
                    .build());
            return resource;
        }
    }
}
