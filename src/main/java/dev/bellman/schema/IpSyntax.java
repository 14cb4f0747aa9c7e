package dev.bellman.schema;

import dev.bellman.address.Family;
import dev.bellman.address.Ip;
import org.jspecify.annotations.Nullable;

/// The spelling of addresses that the older fields of Kubernetes admit, and the formats `ipv4`, `ipv6` and `cidr`.
///
/// The server reads them as Go's `net.ParseIP` did before Go 1.17: an octet may have leading zeros and is decimal all
/// the same, and an IPv4 address may be written as an IPv6 one. Rules in CEL (`isIP`, `isCIDR`) are stricter.
final class IpSyntax {
    private static final int GROUPS = 8;
    private static final long MAPPED = 0xffff;

    private IpSyntax() {}

    static boolean isAddress(String text) {
        return parse(text) != null;
    }

    static boolean isNetwork(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !isAddress(text.substring(0, slash))) {
            return false;
        }
        return number(text.substring(slash + 1), text.indexOf(':') < 0 ? 32 : 128) >= 0;
    }

    /// The address that a text spells, or null. One of `::ffff:0:0/96` is the IPv4 address in it.
    static @Nullable Ip parse(String text) {
        if (text.indexOf(':') < 0) {
            long value = ipv4(text);
            return value < 0 ? null : new Ip(Family.IPV4, 0, value);
        }
        return ipv6(text);
    }

    /// The value of an IPv4 address, or -1.
    private static long ipv4(String text) {
        String[] octets = text.split("\\.", -1);
        if (octets.length != 4) {
            return -1;
        }
        long value = 0;
        for (String octet : octets) {
            int number = number(octet, 255);
            if (number < 0) {
                return -1;
            }
            value = value << 8 | number;
        }
        return value;
    }

    private static @Nullable Ip ipv6(String text) {
        int[] groups = new int[GROUPS];
        int gap = text.indexOf("::");
        int before = gap == 0 ? 0 : groups(gap < 0 ? text : text.substring(0, gap), groups, gap < 0);
        if (gap < 0 ? before != GROUPS : before < 0) {
            return null;
        }
        if (gap >= 0) {
            int[] rest = new int[GROUPS];
            int after = gap + 2 == text.length() ? 0 : groups(text.substring(gap + 2), rest, true);
            if (after < 0 || before + after >= GROUPS) {
                return null;
            }
            System.arraycopy(rest, 0, groups, GROUPS - after, after);
        }
        long high = word(groups, 0);
        long low = word(groups, 4);
        return high == 0 && low >>> 32 == MAPPED
                ? new Ip(Family.IPV4, 0, low & 0xffff_ffffL)
                : new Ip(Family.IPV6, high, low);
    }

    private static long word(int[] groups, int from) {
        return (long) groups[from] << 48
                | (long) groups[from + 1] << 32
                | (long) groups[from + 2] << 16
                | groups[from + 3];
    }

    /// Reads groups of 16 bits that have no `::` between them.
    ///
    /// @param dotted whether the last two may be written as an IPv4 address
    /// @return how many there are, or -1 when it is no such text
    private static int groups(String text, int[] groups, boolean dotted) {
        String[] parts = text.split(":", -1);
        int count = 0;
        for (int i = 0; i < parts.length; i++) {
            if (dotted && i == parts.length - 1 && parts[i].indexOf('.') >= 0) {
                long tail = ipv4(parts[i]);
                if (tail < 0 || count + 2 > GROUPS) {
                    return -1;
                }
                groups[count++] = (int) (tail >>> 16);
                groups[count++] = (int) (tail & 0xffff);
                return count;
            }
            int group = hexadecimal(parts[i]);
            if (group < 0 || count == GROUPS) {
                return -1;
            }
            groups[count++] = group;
        }
        return count;
    }

    private static int hexadecimal(String text) {
        if (text.isEmpty() || text.length() > 4) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /// A decimal number up to `most`, or -1.
    private static int number(String text, int most) {
        if (text.isEmpty() || text.length() > 8) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + c - '0';
        }
        return value <= most ? value : -1;
    }
}
