package dev.bellman.netfilter;

import java.util.List;

/// Where two versions of a chain differ: what lies between the rules that both begin with and those that both end with.
///
/// @param start how many rules both begin with
/// @param there the rules between in the one version
/// @param wanted the rules between in the other
record Differing(int start, List<String> there, List<String> wanted) {
    static Differing of(List<String> there, List<String> wanted) {
        int most = Math.min(there.size(), wanted.size());
        int start = 0;
        while (start < most && there.get(start).equals(wanted.get(start))) {
            start++;
        }
        int end = 0;
        while (end < most - start && there.get(there.size() - 1 - end).equals(wanted.get(wanted.size() - 1 - end))) {
            end++;
        }
        return new Differing(
                start, there.subList(start, there.size() - end), wanted.subList(start, wanted.size() - end));
    }
}
