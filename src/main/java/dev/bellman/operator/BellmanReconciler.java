package dev.bellman.operator;

import dev.bellman.document.Manifest;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes an object's status after each pass that says something new of it, and lets it go once a pass has undone
/// what it did.
abstract class BellmanReconciler<R extends BellmanResource> implements Reconciler<R>, Cleaner<R> {
    static final String FINALIZER = "bellman.dev/undo";
    static final String MANAGER = Changes.MANAGER;

    private static final long AGAIN_MILLIS = 5_000;

    private final Passes passes;
    private final Class<R> type;

    BellmanReconciler(Passes passes, Class<R> type) {
        this.passes = passes;
        this.type = type;
    }

    /// An object without anything in it.
    protected abstract R empty();

    @Override
    public List<EventSource<?, R>> prepareEventSources(EventSourceContext<R> context) {
        return List.of(passes.eventsFor(type));
    }

    @Override
    public UpdateControl<R> reconcile(R resource, Context<R> context) {
        R update = news(resource, passes.outcome());
        return update == null ? UpdateControl.noUpdate() : UpdateControl.patchStatus(update);
    }

    /// The object with its status as it is now, or null where nobody has to be told.
    private @Nullable R news(R resource, @Nullable Outcome outcome) {
        Manifest seen = outcome == null
                ? null
                : outcome.find(
                        resource.object(),
                        resource.getMetadata().getUid(),
                        resource.getMetadata().getGeneration());
        if (outcome == null || seen == null) {
            // The pass that sees this version of it will say so.
            return null;
        }
        Map<String, Object> present = resource.getStatus();
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        Map<String, Object> status = Verdict.status(outcome, seen, present, now);
        if (PlainValues.same(present, status)) {
            return null;
        }
        passes.tell(resource, present, status);
        R update = empty();
        update.setMetadata(new ObjectMetaBuilder()
                .withName(resource.getMetadata().getName())
                .withNamespace(resource.getMetadata().getNamespace())
                .build());
        update.setStatus(status);
        return update;
    }

    /// The SDK itself writes no status of what is being deleted.
    private void tell(@Nullable R update, Context<R> context) {
        if (update != null) {
            context.getClient()
                    .resource(update)
                    .subresource("status")
                    .patch(new PatchContext.Builder()
                            .withPatchType(PatchType.SERVER_SIDE_APPLY)
                            .withFieldManager(MANAGER)
                            .withForce(true)
                            .build());
        }
    }

    @Override
    public DeleteControl cleanup(R resource, Context<R> context) {
        Outcome outcome = passes.outcome();
        if (outcome == null || !outcome.isUndone(resource.object())) {
            if (outcome != null && outcome.keeping(resource.object()) != null) {
                tell(news(resource, outcome), context);
            }
            return DeleteControl.noFinalizerRemoval().rescheduleAfter(AGAIN_MILLIS);
        }
        passes.forget(resource);
        return DeleteControl.defaultDelete();
    }
}
