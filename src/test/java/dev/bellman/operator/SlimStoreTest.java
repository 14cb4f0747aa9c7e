package dev.bellman.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import org.junit.jupiter.api.Test;

class SlimStoreTest {
    private final SlimStore<ConfigMap> store = new SlimStore<>();

    @Test
    void whoOwnsWhatIsNotHeld() {
        store.put("shop/a", object("a"));

        ConfigMap held = store.get("shop/a");
        assertThat(held).isNotNull();
        assertThat(held.getMetadata().getManagedFields()).isNullOrEmpty();
        assertThat(held.getMetadata().getResourceVersion()).isEqualTo("7");
    }

    @Test
    void itIsAStoreOtherwise() {
        ConfigMap first = object("a");
        ConfigMap second = object("a");

        assertThat(store.getKey(first)).isEqualTo("shop/a");
        assertThat(store.put("shop/a", first)).isNull();
        assertThat(store.put("shop/a", second)).isSameAs(first);
        assertThat(store.values()).containsExactly(second);
        assertThat(store.keySet()).containsExactly("shop/a");
        assertThat(store.size()).isOne();
        assertThat(store.remove("shop/a")).isSameAs(second);
        assertThat(store.get("shop/a")).isNull();
    }

    private static ConfigMap object(String name) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("shop")
                .withResourceVersion("7")
                .withManagedFields(
                        new ManagedFieldsEntryBuilder().withManager("kubectl").build())
                .endMetadata()
                .build();
    }
}
