package dev.bellman.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.testing.Lab;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// From kubectl to the router: a real API server, the operator, three agents, and what the bastion hears in the end.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ApiServerIT {
    private static final String RANGE = "10.49.0.0/16";
    private static final String CUSTOMER = "10.49.60.52/32";
    private static final String WORKER1 = "10.0.1.30";
    private static final String WORKER2 = "10.0.1.31";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static Lab lab;

    @BeforeAll
    static void up() {
        lab = Lab.start("apiit", "--api");
    }

    @AfterAll
    static void down() {
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    @Order(1)
    void whatIsAppliedBecomesRulesAndRoutesAndAStatusThatSaysSo() {
        // The lab is up as soon as one node has told the bastion; the sessions of the others come when they come.
        Lab.await(PATIENCE, () -> {
            assertThat(lab.learned().get(RANGE)).isEqualTo(Set.of("10.0.1.20", WORKER1, WORKER2));
            assertThat(lab.learned().get(CUSTOMER)).isEqualTo(Set.of(WORKER2));
        });
        assertThat(lab.get(Lab.BASTION, "10.49.60.52/whoami").ok()).isTrue();
        Lab.await(PATIENCE, () -> {
            assertThat(ready("sap", "customer")).isEqualTo("True");
            assertThat(ready("nodeplan", "worker2")).isEqualTo("True");
        });
        assertThat(lab.kubectl(
                        "get", "service", "customer", "-n", "yaobank", "-o", "jsonpath={.spec.externalTrafficPolicy}"))
                .isEqualTo("Local");
    }

    @Test
    @Order(2)
    void aPodThatMovesIsFollowedWithoutAWordFromTheOperator() {
        String plan = version("nodeplan", "worker1");
        lab.movePod("customer", "worker1");
        Lab.await(PATIENCE, () -> assertThat(lab.learned().get(CUSTOMER)).isEqualTo(Set.of(WORKER1)));
        assertThat(lab.get(Lab.BASTION, "10.49.60.52/whoami").ok()).isTrue();
        lab.movePod("customer", "worker2");
        Lab.await(PATIENCE, () -> assertThat(lab.learned().get(CUSTOMER)).isEqualTo(Set.of(WORKER2)));
        // The agents write into its status; what it says was not touched.
        assertThat(version("nodeplan", "worker1")).isEqualTo(plan);
    }

    @Test
    @Order(3)
    void withoutTheApiServerNothingChangesAndAfterwardsAllGoesOn() {
        Map<String, SortedSet<String>> before = lab.learned();
        lab.stopApi();
        // An agent that starts now knows only what it kept on disk.
        lab.killAgent("worker2");
        Lab.await(
                PATIENCE,
                () -> assertThat(
                                lab.run("worker2", "curl", "--silent", "--fail", "http://127.0.0.1:9479/q/health/ready")
                                        .exitCode())
                        .isZero());
        assertThat(lab.learned()).isEqualTo(before);
        assertThat(lab.get(Lab.BASTION, "10.49.60.52/whoami", 50)).allMatch(Lab.Answer::ok);
        lab.startApi();

        lab.movePod("customer", "worker1");

        Lab.await(
                Duration.ofSeconds(60),
                () -> assertThat(lab.learned().get(CUSTOMER)).isEqualTo(Set.of(WORKER1)));
    }

    @Test
    @Order(4)
    void aPolicyThatIsDeletedIsUndone() {
        lab.kubectl("delete", "sap", "customer", "-n", "yaobank", "--timeout=30s");

        Lab.await(PATIENCE, () -> assertThat(lab.learned()).containsOnlyKeys(RANGE));
        assertThat(lab.kubectl(
                        "get", "service", "customer", "-n", "yaobank", "-o", "jsonpath={.spec.externalTrafficPolicy}"))
                .isEqualTo("Cluster");
        assertThat(lab.get(Lab.BASTION, "10.49.60.52/whoami").ok()).isTrue();
    }

    private static String ready(String kind, String name) {
        return lab.kubectl(
                "get", kind, name, "-n", "yaobank", "-o", "jsonpath={.status.conditions[?(@.type=='Ready')].status}");
    }

    private static String version(String kind, String name) {
        return lab.kubectl("get", kind, name, "-o", "jsonpath={.metadata.generation}");
    }
}
