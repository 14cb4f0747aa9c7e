package dev.bellman.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void alignsColumnsAndPutsNextHopsUnderOneAnother() {
        Table table = new Table(
                List.of("prefix", "", "next hops"),
                List.of(
                        List.of("10.49.0.0/16", "via", "10.0.1.20\n10.0.1.30\n10.0.1.31"),
                        List.of("10.49.60.10/32", "via", "10.0.1.31")));

        assertThat(table.print(Style.PLAIN)).isEqualTo("""
                        prefix               next hops
                        10.49.0.0/16    via  10.0.1.20
                                             10.0.1.30
                                             10.0.1.31
                        10.49.60.10/32  via  10.0.1.31
                        """);
    }

    @Test
    void alignsWideCharacters() {
        assertThat(new Table(List.of(), List.of(List.of("漢字", "a"), List.of("b", "c"))).print(Style.PLAIN))
                .isEqualTo("漢字  a\nb     c\n");
    }

    @Test
    void printsNothingWithoutRows() {
        assertThat(new Table(List.of("prefix"), List.of()).print(Style.PLAIN)).isEmpty();
    }

    @Test
    void refusesARowWithACellTooFew() {
        assertThatThrownBy(() -> new Table(List.of("a", "b"), List.of(List.of("1"))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
