package dev.bellman.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    private static final List<String> KNOWN =
            List.of("className", "services", "addresses", "trafficPolicy", "med", "asn", "address");

    @ParameterizedTest
    @CsvSource({
        "clasName,className",
        "classname,className",
        "trafficPolicies,",
        "trafficPoliyc,trafficPolicy",
        "Services,services",
        "service,services",
        "adresses,addresses",
        "mde,med",
        "mtu,",
        "as,asn",
        "spec,",
        "x,"
    })
    void knowsWhatWasMeant(String written, String meant) {
        assertThat(Nearest.to(written, KNOWN).only()).isEqualTo(meant);
    }

    @Test
    void namesBothWhenTwoAreEquallyNear() {
        Nearest nearest = Nearest.to("Lochal", List.of("Local", "Loyhal", "Cluster"));

        assertThat(nearest.only()).isNull();
        assertThat(nearest.help("")).isEqualTo("did you mean `Local` or `Loyhal`?");
    }

    @Test
    void namesNoMoreThanThree() {
        assertThat(Nearest.to("shop-0", List.of("shop-1", "shop-2", "shop-3", "shop-4"))
                        .help(""))
                .isEqualTo("did you mean `shop-1`, `shop-2` or `shop-3`?");
    }

    @Test
    void saysSomethingElseWhenNothingIsNear() {
        assertThat(Nearest.to("nonsense", KNOWN).help("look it up")).isEqualTo("look it up");
    }
}
