package dev.bellman.address;

/// The two versions of the Internet Protocol, decided separately everywhere.
public enum Family {
    IPV4(32, "IPv4"),
    IPV6(128, "IPv6");

    private final int bits;
    private final String word;

    Family(int bits, String word) {
        this.bits = bits;
        this.word = word;
    }

    /// Address length in bits.
    public int bits() {
        return bits;
    }

    /// The name in Kubernetes' `spec.ipFamilies` and EndpointSlice's `addressType`.
    public String word() {
        return word;
    }
}
