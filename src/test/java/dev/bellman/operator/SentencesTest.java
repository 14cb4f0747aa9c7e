package dev.bellman.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SentencesTest {
    private static final Span PLACE = Span.ofObject("ServiceAdvertisementPolicy shop/all");

    @Test
    void aFindingOrTwoAreToldInFull() {
        assertThat(Sentences.of(local("a"))).isEqualTo("Service `a` is of type ClusterIP; make it a NodePort");
        assertThat(Sentences.of(local("a", "b")))
                .isEqualTo("Service `a` is of type ClusterIP; make it a NodePort."
                        + " Service `b` is of type ClusterIP; make it a NodePort");
    }

    @Test
    void whatIsTheSameOfManyIsSaidOfOneAndTheOthersAreNamed() {
        assertThat(Sentences.of(local("a", "b", "c")))
                .isEqualTo("Service `a` is of type ClusterIP; make it a NodePort. And 2 more: `b`, `c`");
        assertThat(Sentences.of(
                        local(IntStream.range(0, 12).mapToObj(i -> "s" + i).toArray(String[]::new))))
                .isEqualTo("Service `s0` is of type ClusterIP; make it a NodePort."
                        + " And 11 more: `s1`, `s2`, `s3`, `s4`, `s5`, …");
    }

    @Test
    void anAddressIsNamedWhereNoObjectIs() {
        assertThat(Sentences.of(Stream.of("10.0.0.1", "10.0.0.2", "10.0.0.3")
                        .map(address -> finding("outside", address + " of Service `a` is outside", ""))
                        .toList()))
                .isEqualTo("10.0.0.1 of Service `a` is outside. And 2 more: 10.0.0.2, 10.0.0.3");
        assertThat(Sentences.of(Stream.of("1", "2", "3")
                        .map(i -> finding("outside", "10.0.0." + i + " of Service `s" + i + "` is outside", ""))
                        .toList()))
                .isEqualTo("10.0.0.1 of Service `s1` is outside. And 2 more: `s2`, `s3`");
    }

    @Test
    void whatIsOfAnotherKindStaysASentenceOfItsOwn() {
        List<Diagnostic> findings = new ArrayList<>(local("a", "b", "c"));
        findings.add(1, finding("service-missing", "there is no Service `d`", "did you mean `a`?"));
        findings.add(finding("local", "Service `e` is headless", ""));

        assertThat(Sentences.of(findings))
                .isEqualTo("Service `a` is of type ClusterIP; make it a NodePort. And 2 more: `b`, `c`."
                        + " there is no Service `d`; did you mean `a`? Service `e` is headless");
    }

    private static List<Diagnostic> local(String... services) {
        return Stream.of(services)
                .map(name -> finding("local", "Service `" + name + "` is of type ClusterIP", "make it a NodePort"))
                .toList();
    }

    private static Diagnostic finding(String rule, String message, String help) {
        return new Diagnostic(rule, Severity.ERROR, message, help, PLACE, "ServiceAdvertisementPolicy shop/all");
    }
}
