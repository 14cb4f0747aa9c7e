package dev.bellman.address;

import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import inet.ipaddr.ipv6.IPv6Address;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// One IPv4 or IPv6 address. IPv4 addresses sort before IPv6 ones, then by value.
///
/// @param high the upper 64 bits; 0 for IPv4
/// @param low the lower 64 bits; an IPv4 address in the lowest 32
public record Ip(Family family, long high, long low) implements Comparable<Ip> {
    /// What Go's netip accepts: no masks, zones, ranges, short IPv4 forms or leading zeros in octets.
    private static final IPAddressStringParameters STRICT = new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allowSingleSegment(false)
            .allowPrefix(false)
            .allowMask(false)
            .allowWildcardedSeparator(false)
            .setRangeOptions(RangeParameters.NO_RANGE)
            .getIPv4AddressParametersBuilder()
            .allow_inet_aton(false)
            .allowLeadingZeros(false)
            .allowUnlimitedLeadingZeros(false)
            .getParentBuilder()
            .getIPv6AddressParametersBuilder()
            .allowZone(false)
            .allowBase85(false)
            .allowUnlimitedLeadingZeros(false)
            .getParentBuilder()
            .toParams();

    private static final long MAPPED_PREFIX = 0xffff_0000_0000L;

    /// The address that `text` spells, or null. IPv4-mapped IPv6 addresses are refused, as Kubernetes refuses
    /// them.
    public static @Nullable Ip parse(String text) {
        if (!looksLikeAddress(text)) {
            return null;
        }
        if (text.indexOf(':') < 0) {
            long value = ipv4(text);
            return value < 0 ? null : new Ip(Family.IPV4, 0, value);
        }
        IPAddress address = new IPAddressString(text, STRICT).getAddress();
        if (address == null) {
            return null;
        }
        Ip ip = ofBytes(address.getBytes());
        boolean mapped = ip.family == Family.IPV6 && ip.high == 0 && (ip.low >>> 32) == (MAPPED_PREFIX >>> 32);
        return mapped ? null : ip;
    }

    /// The value of four octets, or -1. By hand, since nearly every address that is read is one and the library
    /// takes twenty times as long.
    private static long ipv4(String text) {
        long value = 0;
        int octet = -1;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? '.' : text.charAt(i);
            if (c == '.') {
                if (octet < 0) {
                    return -1;
                }
                value = value << 8 | octet;
                octet = -1;
            } else if (c < '0' || c > '9' || octet == 0) {
                return -1;
            } else {
                octet = Math.max(octet, 0) * 10 + c - '0';
                if (octet > 255) {
                    return -1;
                }
            }
        }
        return value;
    }

    /// Keeps the library's other notations (hexadecimal octets, joined segments, blanks) out.
    private static boolean looksLikeAddress(String text) {
        boolean colon = false;
        int dots = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ':') {
                colon = true;
            } else if (c == '.') {
                dots++;
            } else if (Character.digit(c, 16) < 0 || c > 'f') {
                return false;
            }
        }
        return colon || dots == 3;
    }

    static Ip ofBytes(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return bytes.length == 4
                ? new Ip(Family.IPV4, 0, buffer.getInt() & 0xffff_ffffL)
                : new Ip(Family.IPV6, buffer.getLong(), buffer.getLong());
    }

    byte[] bytes() {
        return family == Family.IPV4
                ? ByteBuffer.allocate(4).putInt((int) low).array()
                : ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }

    public boolean isUnspecified() {
        return high == 0 && low == 0;
    }

    public boolean isLoopback() {
        return family == Family.IPV4 ? low >>> 24 == 127 : high == 0 && low == 1;
    }

    /// Whether it is in 169.254.0.0/16 or fe80::/10.
    public boolean isLinkLocal() {
        return family == Family.IPV4 ? low >>> 16 == 0xa9fe : (high & 0xffc0_0000_0000_0000L) == 0xfe80_0000_0000_0000L;
    }

    /// Whether it is in 224.0.0.0/24 or one of the multicast addresses whose scope is the link, such as ff02::1.
    public boolean isLinkLocalMulticast() {
        return family == Family.IPV4
                ? low >>> 8 == 0xe0_00_00
                : (high & 0xff0f_0000_0000_0000L) == 0xff02_0000_0000_0000L;
    }

    /// The address as a prefix of its own: a host route's destination.
    public Cidr host() {
        return new Cidr(this, family.bits());
    }

    @Override
    public int compareTo(Ip other) {
        int byFamily = family.compareTo(other.family);
        if (byFamily != 0) {
            return byFamily;
        }
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /// RFC 5952 text for IPv6, dotted decimal for IPv4.
    @Override
    public String toString() {
        return family == Family.IPV4
                ? (low >>> 24) + "." + (low >>> 16 & 0xff) + "." + (low >>> 8 & 0xff) + "." + (low & 0xff)
                : new IPv6Address(bytes()).toCanonicalString();
    }
}
