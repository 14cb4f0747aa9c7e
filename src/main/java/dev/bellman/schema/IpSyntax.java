package dev.bellman.schema;

import java.util.List;

/// The spelling of addresses that the formats `ipv4`, `ipv6` and `cidr` admit.
///
/// The server reads them as Go's `net.ParseIP` did before Go 1.17: an octet may have leading zeros and is decimal all
/// the same. Rules in CEL (`isIP`, `isCIDR`) are stricter.
final class IpSyntax {
    private static final int GROUPS = 8;

    private IpSyntax() {}

    static boolean isAddress(String text) {
        return text.indexOf(':') < 0 ? isIpv4(text) : isIpv6(text);
    }

    static boolean isNetwork(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !isAddress(text.substring(0, slash))) {
            return false;
        }
        return isNumber(text.substring(slash + 1), text.indexOf(':') < 0 ? 32 : 128);
    }

    private static boolean isIpv4(String text) {
        List<String> octets = List.of(text.split("\\.", -1));
        return octets.size() == 4 && octets.stream().allMatch(octet -> isNumber(octet, 255));
    }

    private static boolean isIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text) == GROUPS;
        }
        int before = gap == 0 ? 0 : groups(text.substring(0, gap));
        String rest = text.substring(gap + 2);
        int after = rest.isEmpty() ? 0 : groups(rest);
        boolean dottedBefore = text.lastIndexOf('.', gap) >= 0;
        return before >= 0 && after >= 0 && !dottedBefore && before + after < GROUPS;
    }

    /// How many groups of 16 bits a text without `::` has, or a negative number when it is no such text.
    private static int groups(String text) {
        int count = 0;
        List<String> parts = List.of(text.split(":", -1));
        for (int i = 0; i < parts.size(); i++) {
            boolean last = i == parts.size() - 1;
            if (last && parts.get(i).indexOf('.') >= 0) {
                return isIpv4(parts.get(i)) ? count + 2 : -1;
            }
            if (!parts.get(i).matches("[0-9a-fA-F]{1,4}")) {
                return -1;
            }
            count++;
        }
        return count;
    }

    private static boolean isNumber(String text, int most) {
        boolean digits = !text.isEmpty() && text.length() < 9 && text.chars().allMatch(c -> '0' <= c && c <= '9');
        return digits && Integer.parseInt(text) <= most;
    }
}
