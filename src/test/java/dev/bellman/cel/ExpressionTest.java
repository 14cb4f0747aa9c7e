package dev.bellman.cel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.cel.Expression.Compiled;
import dev.bellman.cel.Expression.Evaluation;
import dev.bellman.diagnostic.Span;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {
    private static final Span NOWHERE = Span.at("object.yaml", 1, 1);

    /// A Service with labels, two ports and no externalTrafficPolicy; every value has a line of its own.
    private static final Mapping SERVICE = mapping(
            1,
            "metadata",
            mapping(2, "name", text(3, "web"), "labels", mapping(4, "app.kubernetes.io/name", text(5, "web"))),
            "spec",
            mapping(
                    6,
                    "type",
                    text(7, "ClusterIP"),
                    "clusterIP",
                    text(8, "10.49.60.52"),
                    "ports",
                    new Sequence(List.of(port(9, 80), port(10, 8080)), at(9))));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "object.spec.type == 'ClusterIP'",
                "object.spec.type in ['ClusterIP', 'NodePort']",
                "!has(object.spec.externalTrafficPolicy)",
                "has(object.metadata.labels)",
                "'app.kubernetes.io/name' in object.metadata.labels",
                "object.metadata.labels['app.kubernetes.io/name'] == 'web'",
                "object.metadata.labels.all(k, k.startsWith('app.'))",
                "object.metadata.labels.exists(k, v, v == 'web')",
                "object.spec.ports.all(p, p.port > 0)",
                "object.spec.ports.map(p, p.port) == [80, 8080]",
                "object.spec.ports[1].port == 8080",
                "size(object.spec.ports) == 2 && size(object.metadata.labels) == 1",
                "object.spec.ports.filter(p, p.port > 100).size() == 1",
                "object.spec.ports[0].port < 80.5",
                "object.spec.?externalTrafficPolicy.orValue('Cluster') == 'Cluster'",
                "object.metadata.labels == {'app.kubernetes.io/name': 'web'}",
                "object.spec.ports[0] == object.spec.ports[0]",
                "object.spec.ports[0] != object.spec.ports[1]",
                "cidr('10.49.0.0/16').containsIP(object.spec.clusterIP)",
                "cidr('10.49.0.0/16').containsIP(ip('10.49.60.52'))",
                "cidr('10.49.0.0/16').containsCIDR('10.49.1.0/24')",
                "!cidr('10.49.1.0/24').containsCIDR(cidr('10.49.0.0/16'))",
                "cidr('10.49.3.7/16').masked() == cidr('10.49.0.0/16')",
                "cidr('10.49.3.7/16').ip() == ip('10.49.3.7')",
                "cidr('10.49.3.7/16').prefixLength() == 16",
                "string(cidr('10.49.3.7/16').masked()) == '10.49.0.0/16'",
                "isIP('::1') && !isIP('1.2.3') && !isIP('::ffff:1.2.3.4') && !isIP('01.2.3.4')",
                "isCIDR('fd00::/8') && !isCIDR('10.0.0.0') && !isCIDR('10.0.0.0/33')",
                "ip('fd00::1').family() == 6 && ip('127.0.0.1').isLoopback()",
                "ip.isCanonical('fd00::1') && !ip.isCanonical('FD00::1')",
                "string(ip('FD00:0::1')) == 'fd00::1'",
                "ip('224.0.0.1').isLinkLocalMulticast() && ip('fe80::1').isLinkLocalUnicast()",
                "ip('10.0.0.1').isGlobalUnicast() && !ip('255.255.255.255').isGlobalUnicast()",
                "ip('0.0.0.0').isUnspecified()",
                "type(ip('1.2.3.4')) == type(ip('::1'))",
                "[1, 2, 3].isSorted() && ![2, 1].isSorted()",
                "[1, 2, 3].sum() == 6 && [1, 5, 3].max() == 5 && ['b', 'a'].min() == 'a'",
                "['a', 'b', 'a'].indexOf('a') == 0 && ['a', 'b', 'a'].lastIndexOf('a') == 2 && ['a'].indexOf('z') == -1",
                "'abc123def45'.find('[0-9]+') == '123'",
                "'abc123def45'.findAll('[0-9]+') == ['123', '45']",
                "'abc123def45'.findAll('[0-9]+', 1) == ['123']",
                "quantity('500m').isLessThan(quantity('1'))",
                "quantity('1Gi').isGreaterThan(quantity('1G')) && quantity('1Gi').asInteger() == 1073741824",
                "quantity('2').add(quantity('3')).compareTo(quantity('5')) == 0 && quantity('2').add(3) == quantity('5')",
                "sign(quantity('-1')) == -1 && !isQuantity('1x') && !quantity('0.5').isInteger()",
                "'%s has %d'.format(['web', 2]) == 'web has 2'",
                "'%.2f %x %b%%'.format([1.234, 255, 5]) == '1.23 ff 101%'",
                "'%s'.format([[1, 'a', true]]) == '[1, a, true]'",
                "!format.named('dns1123Label').value().validate('web-1').hasValue()",
                "format.dns1123Label().validate('Web').hasValue()",
                "!format.named('nothing').hasValue()",
                "'a,b'.split(',').join('-') == 'a-b' && ' a '.trim() == 'a' && 'ab'.upperAscii() == 'AB'",
                "sets.contains([1, 2, 3], [2])",
                "object.spec.type.matches('^Cluster')",
                "1 < 1.5",
                "[1, 2].exists_one(x, x == 2)"
            })
    void holds(String expression) {
        assertThat(evaluate(expression))
                .isInstanceOfSatisfying(
                        Evaluation.Value.class,
                        value -> assertThat(value.value()).isEqualTo(true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "object.spec.externalTrafficPolicy == 'Local' | no such key: externalTrafficPolicy | 12",
                "object.metadata.annotations.team == 'x'       | no such key: annotations | 16",
                "object.spec.type == 'A' ? true : object.status.ready == 'x' | no such key: status | 40",
                "object.spec.ports.all(p, p.nodePort > 0)      | no such key: nodePort | 27",
                "object.spec.ports[7].port == 1               | | 17",
                "object.metadata.labels['nope'] == 'x'         | no such key: nope | 23",
                "ip('nonsense') == ip('::1')                   | `nonsense` is not an IP address | 0",
                "[].max() == 1                                 | max called on empty list | 3",
            })
    void failsAtThePlaceInTheExpression(String expression, String message, int offset) {
        assertThat(evaluate(expression)).isInstanceOfSatisfying(Evaluation.Failed.class, failed -> {
            assertThat(failed.problem().offset()).isEqualTo(offset);
            if (message != null) {
                assertThat(failed.problem().message()).isEqualTo(message);
            }
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "object.spec.type = 'x'          | 17",
                "object.spec.type in ['A', 1]    | 26",
                "objekt.spec.type == 'A'         | 0",
                "math.greatest(1, 2) == 2        | 0",
                "'abc'.reverse() == 'cba'        | 6",
                "cel.bind(x, 1, x == 1)          | 0",
                "isIP(cidr('10.0.0.0/8'))        | 0",
                "object.spec.type +;== 1          | 19",
            })
    void doesNotCompileAtThePlaceInTheExpression(String expression, int offset) {
        String text = expression.replace(';', '\n');
        assertThat(Expression.compile(text, Set.of("object"))).isInstanceOfSatisfying(Compiled.Failed.class, failed -> {
            assertThat(failed.problems()).isNotEmpty();
            assertThat(failed.problems().getFirst().offset()).isEqualTo(offset);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "object.spec.type == 'NodePort' | 7",
                "object.spec.ports.all(p, p.port < 1000) | 10",
                "has(object.spec.externalTrafficPolicy) | 6",
                "object.metadata.name == 'web' && object.spec.type == 'NodePort' | 7",
            })
    void knowsTheNodeThatDecided(String expression, int line) {
        Node decisive = evaluate(expression).reads().decisive();

        assertThat(decisive).isNotNull();
        assertThat(decisive.span().line()).isEqualTo(line);
    }

    @Test
    void stopsAnExpressionThatWouldRunForEver() {
        String digits = "[0,1,2,3,4,5,6,7,8,9]";
        String nested = digits + ".all(a, " + digits + ".all(b, " + digits + ".all(c, " + digits + ".all(d, " + digits
                + ".all(e, " + digits + ".all(f, " + digits + ".all(g, a + b + c + d + e + f + g >= 0)))))))";

        assertThat(evaluate(nested)).isInstanceOf(Evaluation.Failed.class);
    }

    private static Evaluation evaluate(String expression) {
        return switch (Expression.compile(expression, Set.of("object"))) {
            case Compiled.Ok ok -> ok.expression().evaluate(Map.of("object", SERVICE));
            case Compiled.Failed failed ->
                throw new AssertionError(failed.problems().toString());
        };
    }

    private static Span at(int line) {
        return new Span(NOWHERE.file(), line, 1, line, 2);
    }

    private static Scalar text(int line, String value) {
        return Scalar.of(value, at(line));
    }

    private static Node port(int line, long number) {
        return mapping(line, "port", Scalar.of(number, at(line)));
    }

    private static Mapping mapping(int line, Object... keysAndValues) {
        List<Mapping.Entry> entries = new java.util.ArrayList<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            entries.add(new Mapping.Entry(Scalar.of(keysAndValues[i], at(line)), (Node) keysAndValues[i + 1]));
        }
        return new Mapping(entries, at(line));
    }
}
