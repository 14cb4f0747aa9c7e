package dev.bellman.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.address.Family;
import dev.bellman.model.ModelReader;
import dev.bellman.model.Service;
import dev.bellman.testing.Manifests;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServicePortsTest {
    /// A file may say what no API server would take. It must not get into a rule, nor keep other rules out of the
    /// kernel.
    @Test
    void whatNoApiServerWouldTakeIsLeftOut() {
        List<Service> services =
                Manifests.observed("""
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: shop, uid: u}
                spec:
                  clusterIP: 10.49.0.1
                  clusterIPs: [10.49.0.1]
                  ports:
                  - {name: http, port: 80, nodePort: 30080}
                  - {name: high, port: 99999}
                  - {name: none, port: 0}
                  - {name: node, port: 81, nodePort: 70000}
                  - {name: "x\\" -j RETURN", port: 82}
                  - {name: "two\\nlines", port: 83}
                """).stream().map(ModelReader::service).toList();

        assertThat(ServicePorts.of(Family.IPV4, "n0", services, List.of(), Map.of()))
                .extracting(port -> port.port().name())
                .containsExactly("http");
    }
}
