package dev.bellman.operator;

import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/// Tells each AdvertisementRule what became of it.
@Singleton
@ControllerConfiguration(
        name = "rules",
        finalizerName = BellmanReconciler.FINALIZER,
        fieldManager = BellmanReconciler.MANAGER,
        generationAwareEventProcessing = false)
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
