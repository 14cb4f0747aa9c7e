package dev.bellman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bellman.rule.Catalogue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExplainCommandTest {
    private static final String YAOBANK = "gitops-examples/yaobank";

    @Test
    void saysOfEveryNodeWhyItAnnouncesAServiceOrDoesNot() {
        Run run = run("explain", "yaobank/customer", YAOBANK);
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("class datacenter (Calico), asked for by yaobank/customer")
                .containsPattern("control1 +10\\.49\\.0\\.0/16 +Local, and no ready endpoint on it")
                .containsPattern("worker2 +10\\.49\\.60\\.52/32, 10\\.49\\.0\\.0/16 +1 ready endpoint on it")
                .contains("a router sends it to 10.0.1.31 by 10.49.60.52/32")
                .contains("a ClusterIP is masqueraded, under Local too");
    }

    @Test
    void answersProgramsToo() throws IOException {
        JsonNode answer = new ObjectMapper()
                .readTree(run("explain", "yaobank/customer", YAOBANK, "-f", "json")
                        .out());
        assertThat(answer.path("version").asInt()).isEqualTo(1);
        assertThat(answer.path("trafficPolicy").asText()).isEqualTo("Local");
        JsonNode address = answer.path("addresses").path(0);
        assertThat(address.path("clientAddress").asText()).isEqualTo("masqueraded");
        assertThat(address.path("nextHops").path(0).asText()).isEqualTo("10.0.1.31");
        assertThat(address.path("nodes").path(2).path("advertised").path(0).asText())
                .isEqualTo("10.49.60.52/32");
    }

    @Test
    void saysOfAServiceThatNobodySelectsThatItIsCovered() {
        assertThat(run("explain", "yaobank/summary", YAOBANK).out())
                .contains("nobody: no policy that is in force selects it");
    }

    @Test
    void saysWhatIsNotDecidedWithoutEndpoints() throws IOException {
        String in = "src/test/resources/compile/an-inventory-without-endpoints/in";
        assertThat(explain("an-inventory-without-endpoints", "yaobank/customer"))
                .contains("no EndpointSlice is known here, so it is not decided")
                .contains("Not decided here\n  which nodes have endpoints of yaobank/customer: ")
                .doesNotContain("no ready endpoint");
        JsonNode answer = new ObjectMapper()
                .readTree(run("explain", "yaobank/customer", in, "--inventory", in + "/inventory", "-f", "json")
                        .out());
        assertThat(answer.path("undecided").path(0).asText())
                .isEqualTo("which nodes have endpoints of yaobank/customer");
    }

    @Test
    void saysThatCalicoLooksAtNoEndpointOfAnAddressThatIsListedAlone() {
        assertThat(Run.of("explain", "dns/resolver", "gitops-examples/external-ips")
                        .out())
                .contains("203.0.113.53/32  Calico announces it from every node, whether or not an endpoint is ready");
    }

    @Test
    void saysOfAnAddressThatNobodyIsGrantedThatItIsNot() {
        assertThat(explain("an-endpoint-of-the-family-that-is-not-granted", "yaobank/customer"))
                .containsPattern("worker1 +nothing +no policy that asks for this address is granted it")
                .containsPattern("worker1 +fd00:49::/112 +no endpoint is ready anywhere");
    }

    @Test
    void takesTheExcludeLabelAsTheBackendDoes() {
        assertThat(explain("excluded-nodes-with-calico", "yaobank/customer"))
                .containsPattern("control1 +10\\.49\\.60\\.52/32, 10\\.49\\.0\\.0/16 +1 ready endpoint on it")
                .containsPattern("worker1 +nothing +excluded from external load balancers by its label");
    }

    @Test
    void tellsWhatIsPutBackFromWhatTheServiceSays() {
        assertThat(explain("a-policy-that-went-gives-the-field-back", "yaobank/customer"))
                .contains("Cluster, which it was before Bellman patched it");
    }

    @Test
    void saysWhichNodesHaveNoSpeaker() {
        assertThat(explain("no-speaker", "yaobank/customer")).contains("no BGPSpeaker with a peer runs on it");
    }

    private static String explain(String compileCase, String service) {
        Path in = Path.of("src/test/resources/compile", compileCase, "in");
        return run("explain", service, in.toString(), "--inventory", in + "/inventory")
                .out();
    }

    @Test
    void namesTheNearestServiceWhenThereIsNone() {
        Run run = run("explain", "yaobank/custmer", YAOBANK);
        assertThat(run)
                .isEqualTo(new Run(
                        2, "", "bellman: there is no Service yaobank/custmer; did you mean `yaobank/customer`?\n"));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void tellsTheStoryOfEveryRule(String rule) {
        Run run = run("explain", rule);
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("[" + rule + "]: ").contains("What helps: ");
        assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).isEqualTo(line.stripTrailing()));
    }

    @Test
    void namesTheNearestRuleWhenThereIsNone() {
        Run run = run("explain", "host-bit");
        assertThat(run).isEqualTo(new Run(2, "", "bellman: there is no rule host-bit; did you mean `host-bits`?\n"));
    }

    @Test
    void listsAllRules() {
        assertThat(run("explain").out().lines().skip(1).map(line -> line.split(" ", 2)[0]))
                .containsExactlyElementsOf(Catalogue.builtIn().ids());
    }

    private static Run run(String... args) {
        return Run.of(args);
    }

    static List<String> rules() {
        return Catalogue.builtIn().ids();
    }
}
