package dev.bellman.operator;

import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/// Tells each AdvertisementClass what became of it.
@Singleton
@ControllerConfiguration(
        name = "classes",
        finalizerName = BellmanReconciler.FINALIZER,
        fieldManager = BellmanReconciler.MANAGER,
        generationAwareEventProcessing = false,
        informer = @Informer(itemStore = SlimStore.class))
public class ClassReconciler extends BellmanReconciler<ClassResource> {
    @Inject
    public ClassReconciler(Passes passes) {
        super(passes, ClassResource.class);
    }

    @Override
    protected ClassResource empty() {
        return new ClassResource();
    }
}
