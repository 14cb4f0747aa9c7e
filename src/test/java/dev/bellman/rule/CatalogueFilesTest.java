package dev.bellman.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A rule's file is read only when something is found, which for most rules no run of the examples does.
class CatalogueFilesTest {
    static Stream<String> ids() {
        return Catalogue.builtIn().ids().stream();
    }

    @ParameterizedTest
    @MethodSource("ids")
    void everyRuleCanBeReadAndSaysWhatItIsAbout(String id) {
        Rule rule = Catalogue.builtIn().get(id);
        assertThat(rule.id()).isEqualTo(id);
        assertThat(rule.summary()).isNotBlank().doesNotEndWith(".");
        assertThat(rule.help()).isNotBlank();
        assertThat(rule.rationale()).isNotBlank();
    }
}
