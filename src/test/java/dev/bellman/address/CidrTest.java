package dev.bellman.address;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.1",
                "10.1.2.3.4",
                "010.1.2.3",
                "1.2.3.256",
                "1.2.3.4/8",
                "0x10.1.2.3",
                "::ffff:1.2.3.4",
                "::ffff:c0a8:1",
                "fe80::1%eth0",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "12345::",
                "",
                " 1.2.3.4",
                "1.2.3.4 ",
                "*",
                "1.2.3.*",
                "1.2.3.4-5",
                "::g",
                ":",
                ":::",
                "1::2::3",
                "localhost",
                "16909060"
            })
    void refusesWhatGoRefuses(String text) {
        assertThat(Ip.parse(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "10.49.60.52, 10.49.60.52",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "FD00::1, fd00::1",
        "fd00:0:0:0:0:0:0:1, fd00::1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "::, ::",
        "::1.2.3.4, ::102:304"
    })
    void printsTheCanonicalText(String text, String canonical) {
        assertThat(Ip.parse(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0",
                "10.0.0.0/33",
                "10.0.0.0/",
                "10.0.0.0/08",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "fd00::/129",
                "/8"
            })
    void refusesBrokenPrefixes(String text) {
        assertThat(Cidr.parse(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "10.49.60.52/16, 10.49.0.0/16",
        "10.49.60.52/0, 0.0.0.0/0",
        "10.49.60.52/32, 10.49.60.52/32",
        "fd00:1:2:3:4:5:6:7/64, fd00:1:2:3::/64",
        "fd00:1:2:3:4:5:6:7/0, ::/0",
        "fd00:1:2:3:4:5:6:7/65, fd00:1:2:3::/65",
        "fd00:1:2:3:4:5:6:7/48, fd00:1:2::/48",
        "fd00::7/128, fd00::7/128"
    })
    void takesTheHostBitsOff(String text, String masked) {
        assertThat(Cidr.parse(text).masked()).hasToString(masked);
    }

    @Test
    void containsOnlyItsOwnFamily() {
        Cidr all = Cidr.parse("0.0.0.0/0");

        assertThat(all.contains(Ip.parse("203.0.113.1"))).isTrue();
        assertThat(all.contains(Ip.parse("::1"))).isFalse();
        assertThat(all.overlaps(Cidr.parse("::/0"))).isFalse();
    }

    @Property
    void readsItsOwnTextBack(@ForAll("prefixes") Cidr cidr) {
        assertThat(Cidr.parse(cidr.toString())).isEqualTo(cidr);
    }

    @Property
    void aMaskedPrefixContainsWhatItWasMadeFrom(@ForAll("prefixes") Cidr cidr) {
        Cidr masked = cidr.masked();

        assertThat(masked.hasHostBits()).isFalse();
        assertThat(masked.contains(cidr.address())).isTrue();
        assertThat(masked.masked()).isEqualTo(masked);
        assertThat(masked.contains(cidr.address().host())).isTrue();
    }

    @Property
    void overlapIsContainmentOneWayOrTheOther(@ForAll("prefixes") Cidr a, @ForAll("prefixes") Cidr b) {
        assertThat(a.overlaps(b)).isEqualTo(b.overlaps(a));
        assertThat(a.overlaps(b)).isEqualTo(a.contains(b) || b.contains(a));
    }

    @Provide
    Arbitrary<Cidr> prefixes() {
        Arbitrary<Cidr> four = Combinators.combine(
                        Arbitraries.longs().between(0, 0xffff_ffffL),
                        Arbitraries.integers().between(0, 32))
                .as((low, bits) -> new Cidr(new Ip(Family.IPV4, 0, low), bits));
        Arbitrary<Cidr> six = Combinators.combine(
                        Arbitraries.longs().filter(high -> high != 0),
                        Arbitraries.longs(),
                        Arbitraries.integers().between(0, 128))
                .as((high, low, bits) -> new Cidr(new Ip(Family.IPV6, high, low), bits));
        return Arbitraries.oneOf(four, six);
    }
}
