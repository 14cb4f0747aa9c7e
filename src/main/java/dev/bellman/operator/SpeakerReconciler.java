package dev.bellman.operator;

import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/// Tells each BGPSpeaker what became of it.
@Singleton
@ControllerConfiguration(
        name = "speakers",
        finalizerName = BellmanReconciler.FINALIZER,
        fieldManager = BellmanReconciler.MANAGER,
        generationAwareEventProcessing = false,
        informer = @Informer(itemStore = SlimStore.class))
public class SpeakerReconciler extends BellmanReconciler<SpeakerResource> {
    @Inject
    public SpeakerReconciler(Passes passes) {
        super(passes, SpeakerResource.class);
    }

    @Override
    protected SpeakerResource empty() {
        return new SpeakerResource();
    }
}
