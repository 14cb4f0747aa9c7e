package dev.bellman.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldPathTest {
    private static final FieldPath SPEC = FieldPath.ROOT.field("spec");

    @Test
    void readsLikeTheServersPaths() {
        assertThat(SPEC.field("prefixes").item(2).field("cidr")).hasToString("spec.prefixes[2].cidr");
        assertThat(FieldPath.ROOT.text()).isEqualTo("the object");
    }

    @ParameterizedTest
    @CsvSource({"trafficPolicy,traffic policy", "localASN,local ASN", "ruleBackend,rule backend", "type,type"})
    void callsAValueAfterItsField(String field, String noun) {
        assertThat(SPEC.field(field).noun()).isEqualTo(noun);
    }

    @ParameterizedTest
    @CsvSource({"addresses,address", "kinds,kind", "communities,community", "prefixes,prefix", "nextHops,next hop"})
    void callsAnItemAfterItsList(String list, String noun) {
        assertThat(SPEC.field(list).item(0).noun()).isEqualTo(noun);
    }
}
