package dev.bellman.operator;

import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/// Tells each ServiceAdvertisementPolicy what became of it.
@Singleton
@ControllerConfiguration(
        name = "policies",
        finalizerName = BellmanReconciler.FINALIZER,
        fieldManager = BellmanReconciler.MANAGER,
        generationAwareEventProcessing = false,
        informer = @Informer(itemStore = SlimStore.class))
public class PolicyReconciler extends BellmanReconciler<PolicyResource> {
    @Inject
    public PolicyReconciler(Passes passes) {
        super(passes, PolicyResource.class);
    }

    @Override
    protected PolicyResource empty() {
        return new PolicyResource();
    }
}
