package dev.bellman.cel;

import dev.bellman.address.Cidr;
import dev.bellman.address.Family;
import dev.bellman.address.Ip;
import dev.bellman.cel.Library.Function;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import java.util.List;
import java.util.function.Predicate;

/// `ip` and `cidr` as Kubernetes has them since 1.30 (`apiserver/pkg/cel/library/ip.go` and `cidr.go`).
// The values are immutable in fact; Error Prone wants an annotation on every type below.
@SuppressWarnings("Immutable")
final class AddressFunctions {
    private static final OpaqueType IP = OpaqueType.create("net.IP");
    private static final OpaqueType CIDR = OpaqueType.create("net.CIDR");

    private AddressFunctions() {}

    static List<Function> all() {
        return List.of(
                Function.global(
                        "isIP", SimpleType.BOOL, SimpleType.STRING, String.class, a -> Ip.parse((String) a[0]) != null),
                Function.global("ip", IP, SimpleType.STRING, String.class, a -> new IpValue(ip(a[0]))),
                Function.global(
                        "ip.isCanonical",
                        SimpleType.BOOL,
                        SimpleType.STRING,
                        String.class,
                        a -> ip(a[0]).toString().equals(a[0])),
                Function.global("string", SimpleType.STRING, IP, IpValue.class, a -> of(a[0]).toString()),
                Function.member("family", SimpleType.INT, IP, IpValue.class, a -> family(of(a[0]))),
                test("isUnspecified", Ip::isUnspecified),
                test("isLoopback", Ip::isLoopback),
                test("isLinkLocalMulticast", Ip::isLinkLocalMulticast),
                test("isLinkLocalUnicast", Ip::isLinkLocal),
                test("isGlobalUnicast", AddressFunctions::globalUnicast),
                Function.global(
                        "isCIDR",
                        SimpleType.BOOL,
                        SimpleType.STRING,
                        String.class,
                        a -> Cidr.parse((String) a[0]) != null),
                Function.global("cidr", CIDR, SimpleType.STRING, String.class, a -> new CidrValue(cidr(a[0]))),
                Function.global(
                        "string",
                        SimpleType.STRING,
                        CIDR,
                        CidrValue.class,
                        a -> prefix(a[0]).toString()),
                Function.member(
                        "ip",
                        IP,
                        CIDR,
                        CidrValue.class,
                        a -> new IpValue(prefix(a[0]).address())),
                Function.member("prefixLength", SimpleType.INT, CIDR, CidrValue.class, a ->
                        (long) prefix(a[0]).bits()),
                Function.member(
                        "masked",
                        CIDR,
                        CIDR,
                        CidrValue.class,
                        a -> new CidrValue(prefix(a[0]).masked())),
                Function.member(
                        "containsIP",
                        SimpleType.BOOL,
                        CIDR,
                        CidrValue.class,
                        IP,
                        IpValue.class,
                        a -> prefix(a[0]).contains(of(a[1]))),
                Function.member(
                        "containsIP",
                        SimpleType.BOOL,
                        CIDR,
                        CidrValue.class,
                        SimpleType.STRING,
                        String.class,
                        a -> prefix(a[0]).contains(ip(a[1]))),
                Function.member(
                        "containsCIDR",
                        SimpleType.BOOL,
                        CIDR,
                        CidrValue.class,
                        CIDR,
                        CidrValue.class,
                        a -> prefix(a[0]).contains(prefix(a[1]))),
                Function.member(
                        "containsCIDR",
                        SimpleType.BOOL,
                        CIDR,
                        CidrValue.class,
                        SimpleType.STRING,
                        String.class,
                        a -> prefix(a[0]).contains(cidr(a[1]))));
    }

    private static Function test(String name, Predicate<Ip> test) {
        return Function.member(name, SimpleType.BOOL, IP, IpValue.class, a -> test.test(of(a[0])));
    }

    private static Ip of(Object value) {
        return ((IpValue) value).held();
    }

    private static Cidr prefix(Object value) {
        return ((CidrValue) value).held();
    }

    private static Ip ip(Object text) {
        Ip ip = Ip.parse((String) text);
        if (ip == null) {
            throw new IllegalArgumentException("`" + text + "` is not an IP address");
        }
        return ip;
    }

    private static Cidr cidr(Object text) {
        Cidr cidr = Cidr.parse((String) text);
        if (cidr == null) {
            throw new IllegalArgumentException("`" + text + "` is not a CIDR");
        }
        return cidr;
    }

    static long family(Ip ip) {
        return ip.family() == Family.IPV4 ? 4 : 6;
    }

    /// Go's IsGlobalUnicast: private addresses count, broadcast does not.
    static boolean globalUnicast(Ip ip) {
        boolean broadcast = ip.family() == Family.IPV4 && ip.low() == 0xffff_ffffL;
        boolean multicast = ip.family() == Family.IPV4 ? ip.low() >>> 28 == 0xe : ip.high() >>> 56 == 0xff;
        return !broadcast && !multicast && !ip.isUnspecified() && !ip.isLoopback() && !ip.isLinkLocal();
    }

    static final class IpValue extends Opaque<Ip> {
        IpValue(Ip ip) {
            super(IP, ip);
        }
    }

    static final class CidrValue extends Opaque<Cidr> {
        CidrValue(Cidr cidr) {
            super(CIDR, cidr);
        }
    }
}
