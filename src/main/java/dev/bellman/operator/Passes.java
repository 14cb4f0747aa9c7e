package dev.bellman.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What the controllers know of the passes: the last outcome, and word of each new one.
@ApplicationScoped
public class Passes {
    private final KubernetesEvents events;
    private final Map<String, Source<?>> sources = new ConcurrentHashMap<>();
    private volatile @Nullable Outcome outcome;

    @Inject
    public Passes(KubernetesClient client) {
        this.events = new KubernetesEvents(client);
    }

    @Nullable
    Outcome outcome() {
        return outcome;
    }

    /// Has nothing more written about objects: another replica does that from now on.
    void rest() {
        outcome = null;
        events.forgetAll();
    }

    /// Has every object looked at of which a pass may say something new.
    void done(Outcome newest) {
        outcome = newest;
        newest.objects().values().forEach(manifest -> {
            Source<?> source = sources.get(manifest.kind());
            if (source != null) {
                source.happened(
                        new ResourceID(manifest.name(), manifest.namespace().isEmpty() ? null : manifest.namespace()));
            }
        });
    }

    <R extends BellmanResource> EventSource<?, R> eventsFor(Class<R> type) {
        Source<R> source = new Source<>();
        sources.put(HasMetadata.getKind(type), source);
        return source;
    }

    /// Says in an Event what changed of an object's conditions.
    void tell(BellmanResource resource, @Nullable Map<String, Object> before, Map<String, Object> after) {
        events.tell(resource, before == null ? Map.of() : before, after);
    }

    /// Has nothing kept of an object that goes.
    void forget(BellmanResource resource) {
        events.forget(resource);
    }

    private static final class Source<R extends BellmanResource> extends AbstractEventSource<Outcome, R> {
        Source() {
            super(Outcome.class, "passes");
        }

        @Override
        public Set<Outcome> getSecondaryResources(R primary) {
            return Set.of();
        }

        void happened(ResourceID id) {
            if (isRunning()) {
                getEventHandler().handleEvent(new Event(id));
            }
        }
    }
}
