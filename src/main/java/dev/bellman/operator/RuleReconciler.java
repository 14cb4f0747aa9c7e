package dev.bellman.operator;

import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/// Tells each AdvertisementRule what became of it.
@Singleton
@ControllerConfiguration(
        name = "rules",
        finalizerName = BellmanReconciler.FINALIZER,
        fieldManager = BellmanReconciler.MANAGER,
        generationAwareEventProcessing = false,
        informer = @Informer(itemStore = SlimStore.class))
public class RuleReconciler extends BellmanReconciler<RuleResource> {
    @Inject
    public RuleReconciler(Passes passes) {
        super(passes, RuleResource.class);
    }

    @Override
    protected RuleResource empty() {
        return new RuleResource();
    }
}
