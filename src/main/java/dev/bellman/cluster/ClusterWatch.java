package dev.bellman.cluster;

import dev.bellman.document.Manifest;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Keeps the objects of a cluster at hand, as manifests, and tells of every change.
///
/// An API server that is away changes nothing: what was seen last stays, and the watches come back by themselves.
/// A kind that is optional is looked for from time to time while it is not there.
public final class ClusterWatch implements AutoCloseable {
    private static final long LOOK_SECONDS = 5;

    private final KubernetesClient client;
    private final Listener listener;
    private final Map<ClusterKind, String> names;
    private final Map<ClusterKind, Watched> kinds = new LinkedHashMap<>();
    private volatile boolean closed;
    private final Thread lookout = new Thread(this::keepLooking, "cluster-watch");

    /// Hears of changes, on a thread of the client's: it must not wait.
    public interface Listener {
        /// @param before null for an object that is new
        /// @param after null for one that is gone
        void changed(ClusterKind kind, @Nullable Manifest before, @Nullable Manifest after);

        /// Something that keeps a kind from being watched, as a line for people; null when that is over.
        default void trouble(ClusterKind kind, @Nullable String what) {}
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

    /// Whether a kind is served by the API server.
    public boolean isServed(ClusterKind kind) {
        Watched watched = kinds.get(kind);
        return watched != null && watched.informer != null;
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

    private static String key(@Nullable String namespace, String name) {
        return namespace == null || namespace.isEmpty() ? name : namespace + "/" + name;
    }

    private void keepLooking() {
        try {
            while (!closed) {
                kinds.values().forEach(Watched::look);
                TimeUnit.SECONDS.sleep(LOOK_SECONDS);
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

    /// What happened, as whoever met it first says: the client itself says no more than that something did.
    private static String reason(Throwable failure) {
        Throwable first = failure;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        return String.valueOf(first.getMessage());
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
        private volatile @Nullable SharedIndexInformer<GenericKubernetesResource> informer;
        private volatile boolean absent;
        private @Nullable String trouble;

        Watched(ClusterKind kind) {
            this.kind = kind;
        }

        boolean isSynced() {
            SharedIndexInformer<GenericKubernetesResource> running = informer;
            return running == null ? absent : running.hasSynced();
        }

        /// Starts to watch if the kind is there, and ends it if it no longer is.
        void look() {
            SharedIndexInformer<GenericKubernetesResource> running = informer;
            if (running != null && !kind.optional()) {
                return;
            }
            try {
                boolean served = isServedNow();
                if (served && running == null) {
                    begin();
                } else if (!served && running != null && kind.optional()) {
                    end(running);
                }
                absent = !served && kind.optional();
                if (!served && !kind.optional()) {
                    say("the API server does not serve " + kind.plural() + " of " + kind.apiVersion()
                            + ": apply Bellman's custom resource definitions");
                }
            } catch (KubernetesClientException e) {
                say("cannot look for " + kind.plural() + ": " + reason(e));
            }
        }

        private boolean isServedNow() {
            return kind.group().isEmpty()
                    || Stream.ofNullable(client.getApiResources(kind.apiVersion()))
                            .flatMap(resources -> resources.getResources().stream())
                            .anyMatch(resource -> resource.getName().equals(kind.plural()));
        }

        private void begin() {
            var all = client.genericKubernetesResources(kind.context()).inAnyNamespace();
            String name = names.get(kind);
            SharedIndexInformer<GenericKubernetesResource> fresh = name == null
                    ? all.runnableInformer(0)
                    : all.withField("metadata.name", name).runnableInformer(0);
            fresh.itemStore(this);
            fresh.addEventHandler(new Handler());
            fresh.exceptionHandler((started, failure) -> {
                say("cannot watch " + kind.plural() + ": " + reason(failure));
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

        private void say(String what) {
            if (!what.equals(trouble)) {
                trouble = what;
                listener.trouble(kind, what);
            }
        }

        private void fine() {
            if (trouble != null) {
                trouble = null;
                listener.trouble(kind, null);
            }
        }

        void close() {
            SharedIndexInformer<GenericKubernetesResource> running = informer;
            if (running != null) {
                running.stop();
            }
        }

        private final class Handler implements ResourceEventHandler<GenericKubernetesResource> {
            @Override
            public void onAdd(GenericKubernetesResource added) {
                fine();
            }

            @Override
            public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource after) {
                fine();
            }

            @Override
            public void onDelete(GenericKubernetesResource gone, boolean unknown) {
                fine();
            }

            @Override
            public void onNothing() {
                fine();
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
            Manifest after = ClusterDocument.of(resource, kind);
            Manifest before = objects.put(key, after);
            listener.changed(kind, before, after);
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
