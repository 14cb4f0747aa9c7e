package dev.bellman.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.address.Family;
import dev.bellman.model.EndpointSlice;
import dev.bellman.model.ModelReader;
import dev.bellman.model.Service;
import dev.bellman.testing.Manifests;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ServicePortsTest {
    /// A file may say what no API server would take. It must not get into a rule, nor keep other rules out of the
    /// kernel.
    @Test
    void whatNoApiServerWouldTakeIsLeftOut() {
        List<Service> services = web(
                "{name: http, port: 80, nodePort: 30080}",
                "{name: high, port: 99999}",
                "{name: none, port: 0}",
                "{name: node, port: 81, nodePort: 70000}",
                "{name: \"x\\\" -j RETURN\", port: 82}",
                "{name: \"two\\nlines\", port: 83}");

        assertThat(ServicePorts.of(Family.IPV4, "n0", services, List.of(), Map.of()))
                .extracting(port -> port.port().name())
                .containsExactly("http");
    }

    /// The one between is in another place then, and the same.
    @Test
    void aSliceMayGoInTheMomentInWhichAnotherComes() {
        List<Service> services = web("{name: http, port: 80}");
        List<EndpointSlice> slices = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            slices.add(slice(i));
        }
        for (int begin = 0; begin < 4; begin++) {
            ServicePorts ports = new ServicePorts(Family.IPV4, "n0");
            ports.next(services, slices.subList(begin, begin + 4), Map.of());

            assertThat(ports.next(services, slices.subList(begin + 1, begin + 5), Map.of()))
                    .isEqualTo(ServicePorts.of(
                            Family.IPV4, "n0", services, slices.subList(begin + 1, begin + 5), Map.of()));
        }
    }

    private static List<Service> web(String... ports) {
        return Manifests.observed("""
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: shop, uid: u}
                spec: {clusterIP: 10.49.0.1, clusterIPs: [10.49.0.1], ports: [%s]}
                """.formatted(String.join(", ", ports))).stream()
                .map(ModelReader::service)
                .toList();
    }

    private static EndpointSlice slice(int number) {
        return Objects.requireNonNull(
                ModelReader.slice(Manifests.observed("""
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: web-%1$d, namespace: shop, uid: u%1$d, labels: {kubernetes.io/service-name: web}}
                addressType: IPv4
                endpoints: [{addresses: [10.48.0.%1$d]}]
                ports: [{name: http, port: 8080, protocol: TCP}]
                """.formatted(number)).getFirst()));
    }
}
