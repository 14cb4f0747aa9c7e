package dev.bellman.address;

import org.jspecify.annotations.Nullable;

/// An address and a prefix length. The address may have bits behind the prefix until [#masked()] takes them off.
///
/// Sorts by family, then address, then the shorter prefix first, which is the order of a routing table.
///
/// @param bits prefix length, 0 to 32 or 0 to 128
public record Cidr(Ip address, int bits) implements Comparable<Cidr> {
    public Cidr {
        if (bits < 0 || bits > address.family().bits()) {
            throw new IllegalArgumentException("prefix length " + bits);
        }
    }

    /// The prefix that `text` spells as `address/length`, or null. Host bits are kept.
    public static @Nullable Cidr parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return null;
        }
        Ip address = Ip.parse(text.substring(0, slash));
        int bits = length(text.substring(slash + 1));
        return address == null || bits < 0 || bits > address.family().bits() ? null : new Cidr(address, bits);
    }

    private static int length(String digits) {
        boolean plain =
                !digits.isEmpty() && digits.length() <= 3 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        boolean padded = digits.length() > 1 && digits.charAt(0) == '0';
        return plain && !padded ? Integer.parseInt(digits) : -1;
    }

    public Family family() {
        return address.family();
    }

    /// Whether it is a single address.
    public boolean single() {
        return bits == family().bits();
    }

    /// The same prefix with all bits behind it zero.
    public Cidr masked() {
        return new Cidr(mask(address), bits);
    }

    public boolean hasHostBits() {
        return !mask(address).equals(address);
    }

    public boolean contains(Ip ip) {
        return ip.family() == family() && mask(ip).equals(mask(address));
    }

    public boolean contains(Cidr other) {
        return bits <= other.bits && contains(other.address);
    }

    public boolean overlaps(Cidr other) {
        return contains(other) || other.contains(this);
    }

    private Ip mask(Ip ip) {
        return switch (family()) {
            case IPV4 -> new Ip(Family.IPV4, 0, ip.low() & upper(32 + bits));
            case IPV6 ->
                bits >= 64
                        ? new Ip(Family.IPV6, ip.high(), ip.low() & upper(bits - 64))
                        : new Ip(Family.IPV6, ip.high() & upper(bits), 0);
        };
    }

    /// A 64-bit word with its `count` upper bits set.
    private static long upper(int count) {
        return count == 0 ? 0 : -1L << (64 - count);
    }

    @Override
    public int compareTo(Cidr other) {
        int byAddress = address.compareTo(other.address);
        return byAddress != 0 ? byAddress : Integer.compare(bits, other.bits);
    }

    @Override
    public String toString() {
        return address + "/" + bits;
    }
}
