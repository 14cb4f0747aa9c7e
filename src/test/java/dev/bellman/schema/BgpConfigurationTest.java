package dev.bellman.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// BGPConfiguration as Calico documents it; there is no server here to ask.
class BgpConfigurationTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{asNumber: 64512}",
                "{asNumber: '1.10'}",
                "{asNumber: 4294967295}",
                "{logSeverityScreen: info, listenPort: 65535, bindMode: NodeIP}",
                "{serviceClusterIPs: [{cidr: 10.49.0.0/16}, {}], serviceLoadBalancerAggregation: Disabled}",
                "{communities: [{name: a, value: '64512:120'}], prefixAdvertisements: [{communities: [a, '1:2:3']}]}",
                "{nodeToNodeMeshEnabled: true, nodeMeshPassword: {secretKeyRef: {name: a, key: b}}}",
                "{nodeMeshMaxRestartTime: 2m0s, ignoredInterfaces: [a, b], programClusterRoutes: EnabledIPIPOnly}",
                "{ipv4NormalRoutePriority: 2147483646}"
            })
    void takesWhatCalicoTakes(String spec) {
        assertThat(lines(spec)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {asNumber: many}                                                  | wrong-format
            {asNumber: 4294967296}                                            | out-of-range
            {listenPort: 0}                                                   | out-of-range
            {logSeverityScreen: Loud}                                         | wrong-format
            {serviceClusterIPs: [10.49.0.0/16]}                               | wrong-type
            {serviceClusterIPs: [{cidr: 10.49.0.0}]}                          | wrong-format
            {serviceClusterIps: []}                                           | unknown-field
            {serviceLoadBalancerAggregation: enabled}                         | unknown-value
            {communities: [{name: a, value: '1:2'}]}                          | schema-rule
            {communities: [{name: a, value: no-export}]}                      | wrong-format
            {prefixAdvertisements: [{cidr: 10.0.0.0/8, communities: ['65536:1']}]} | community-range
            {prefixAdvertisements: [{communities: ['4294967296:1:1']}]}       | community-range
            {nodeToNodeMeshEnabled: false, nodeMeshMaxRestartTime: 2m}        | schema-rule
            {nodeToNodeMeshEnabled: false, nodeMeshPassword: {secretKeyRef: {key: a}}} | schema-rule
            {nodeMeshPassword: {secretKeyRef: {name: a}}}                     | missing-field
            {ignoredInterfaces: [a, a]}                                       | duplicate-item
            {bindMode: Any}                                                   | unknown-value
            {ipv6NormalRoutePriority: 2147483647}                             | out-of-range
            """)
    void refusesWhatCalicoRefuses(String spec, String rule) {
        assertThat(lines(spec)).containsExactly(rule);
    }

    private static List<String> lines(String spec) {
        return Validation.check(Samples.manifest("""
                        apiVersion: projectcalico.org/v3
                        kind: BGPConfiguration
                        metadata: {name: default}
                        spec: %s
                        """.formatted(spec))).stream()
                .map(finding -> finding.rule())
                .toList();
    }
}
