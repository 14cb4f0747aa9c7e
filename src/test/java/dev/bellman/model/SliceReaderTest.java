package dev.bellman.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.diagnostic.SourceText;
import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.yaml.Yaml;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// One who is asked after each of many changes answers as one who has just begun.
class SliceReaderTest {
    @Property(tries = 200, seed = "20261129")
    void slicesAreThoseThatAreReadAtOnce(@ForAll long seed) {
        Random random = new Random(seed);
        SliceReader reader = new SliceReader();
        List<Manifest> manifests = new ArrayList<>();
        for (int step = 0; step < 30; step++) {
            for (int change = random.nextInt(3); change >= 0; change--) {
                change(manifests, random);
            }

            List<EndpointSlice> slices = reader.next(List.copyOf(manifests));

            assertThat(slices).isEqualTo(new SliceReader().next(manifests));
            assertThat(reader.next(List.copyOf(manifests)))
                    .usingElementComparator(SliceReaderTest::byIdentity)
                    .isEqualTo(slices);
        }
    }

    private static int byIdentity(EndpointSlice one, EndpointSlice other) {
        return one == other ? 0 : 1;
    }

    private static void change(List<Manifest> manifests, Random random) {
        Manifest next = manifest(random);
        int there = -1;
        for (int i = 0; i < manifests.size(); i++) {
            Manifest one = manifests.get(i);
            if (one.name().equals(next.name()) && one.observed() == next.observed()) {
                there = i;
            }
        }
        if (there < 0) {
            manifests.add(random.nextInt(manifests.size() + 1), next);
        } else if (random.nextInt(6) == 0) {
            manifests.remove(there);
        } else {
            manifests.set(there, next);
        }
    }

    /// Some are of no Service, some have addresses that nobody routes, and some are declared as well as observed.
    private static Manifest manifest(Random random) {
        String type = random.nextInt(8) == 0 ? "FQDN" : random.nextInt(4) == 0 ? "IPv6" : "IPv4";
        String text = """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: s%d, namespace: a, labels: {%s: web}}
                addressType: %s
                endpoints: [{addresses: ["10.0.0.%d"], conditions: {ready: %s}}]
                ports: [{port: 80}]
                """.formatted(
                        random.nextInt(8),
                        random.nextInt(8) == 0 ? "app" : "kubernetes.io/service-name",
                        type,
                        random.nextInt(250),
                        random.nextBoolean());
        Mapping root = (Mapping)
                Yaml.parse(new SourceText("slice.yaml", text)).documents().getFirst();
        return Manifest.of(root, random.nextInt(4) > 0);
    }
}
