package dev.bellman.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The objects that a controller knows, without who owns their fields and what they ask for: passes read that out of
/// manifests, and the status is all that a controller compares.
///
/// Public with a constructor, since the Java Operator SDK makes it.
public class SlimStore<R extends HasMetadata> implements ItemStore<R> {
    private final ConcurrentMap<String, R> objects = new ConcurrentHashMap<>();

    @Override
    public String getKey(R object) {
        return Cache.metaNamespaceKeyFunc(object);
    }

    @Override
    public @Nullable R put(String key, R object) {
        object.getMetadata().setManagedFields(null);
        if (object instanceof BellmanResource resource) {
            resource.setSpec(null);
        }
        return objects.put(key, object);
    }

    @Override
    public @Nullable R remove(String key) {
        return objects.remove(key);
    }

    @Override
    public Stream<String> keySet() {
        return objects.keySet().stream();
    }

    @Override
    public Stream<R> values() {
        return objects.values().stream();
    }

    @Override
    public int size() {
        return objects.size();
    }

    @Override
    public @Nullable R get(String key) {
        return objects.get(key);
    }
}
