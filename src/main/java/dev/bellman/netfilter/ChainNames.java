package dev.bellman.netfilter;

import dev.bellman.digest.Sha256;

/// The names of kube-proxy's chains, which fit the 28 characters that iptables allows.
final class ChainNames {
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int LENGTH = 16;

    private ChainNames() {}

    /// `KUBE-KIND-` and the first 16 characters of the SHA-256 of `text` in base 32 (RFC 4648).
    static String of(String kind, String text) {
        byte[] hash = Sha256.of(text);
        StringBuilder name = new StringBuilder("KUBE-").append(kind).append('-');
        int bits = 0;
        int held = 0;
        int at = 0;
        for (int i = 0; i < LENGTH; i++) {
            if (held < 5) {
                bits = bits << 8 | (hash[at++] & 0xff);
                held += 8;
            }
            held -= 5;
            name.append(BASE32.charAt(bits >> held & 31));
        }
        return name.toString();
    }
}
