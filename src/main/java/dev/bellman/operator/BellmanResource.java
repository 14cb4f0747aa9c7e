package dev.bellman.operator;

import io.fabric8.kubernetes.client.CustomResource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An object of one of Bellman's kinds, as the Java Operator SDK hands it over. What is in it is read by the model's
/// readers, out of the manifest that a pass saw.
public abstract class BellmanResource extends CustomResource<Map<String, Object>, Map<String, Object>> {
    @Override
    protected Map<String, Object> initSpec() {
        return Map.of();
    }

    @Override
    protected @Nullable Map<String, Object> initStatus() {
        return null;
    }

    /// `Kind namespace/name`, as findings name an object.
    String object() {
        String namespace = getMetadata().getNamespace();
        return getKind() + " " + (namespace == null ? "" : namespace + "/")
                + getMetadata().getName();
    }
}
