package dev.bellman.compile;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What differs between Calico's releases when it decides which service routes a node originates
/// (`confd/pkg/backends/calico/routes.go`, read from v3.26 to the branch of v3.33).
///
/// @param readyGated whether an endpoint that is not ready counts for nothing (lost in 3.31.0 to 3.31.6 and 3.32.0 to
///     3.32.1)
/// @param allClusterIps whether every cluster IP of a dual-stack service is announced, or the first one only
/// @param aggregationKnob whether `serviceLoadBalancerAggregation` exists
/// @param allFamilies whether the endpoints of every family of a service count, or those of its first one only
/// @param singleExternalEverywhere whether a single address in `serviceExternalIPs` is announced by every node even
///     without a service, in place of announcing the services that have it
/// @param singleFromStatus whether a single load balancer entry is compared with the address in the service's status,
///     or with `spec.loadBalancerIP` only
/// @param singleExternalAnyType whether a single external entry turns on services of type ClusterIP too
public record CalicoVersion(
        boolean readyGated,
        boolean allClusterIps,
        boolean allFamilies,
        boolean aggregationKnob,
        boolean singleExternalEverywhere,
        boolean singleFromStatus,
        boolean singleExternalAnyType) {

    /// The newest release known here.
    public static final CalicoVersion NEWEST = of(new int[] {3, 33, 0});

    /// The behaviour of a version such as `v3.31.4` or `3.30`, or null when the text is not a version. A missing patch
    /// number means the newest patch of its minor release known here.
    public static @Nullable CalicoVersion parse(String text) {
        String digits = text.startsWith("v") ? text.substring(1) : text;
        int dash = digits.indexOf('-');
        String[] parts = (dash < 0 ? digits : digits.substring(0, dash)).split("\\.", -1);
        boolean numbers = parts.length >= 2
                && parts.length <= 3
                && Arrays.stream(parts).allMatch(part -> part.matches("[0-9]{1,4}"));
        if (!numbers) {
            return null;
        }
        int patch = parts.length == 3 ? Integer.parseInt(parts[2]) : Integer.MAX_VALUE;
        return of(new int[] {Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), patch});
    }

    private static CalicoVersion of(int[] v) {
        boolean lostGate = between(v, 3, 31, 0, 6) || between(v, 3, 32, 0, 1);
        return new CalicoVersion(
                !lostGate,
                atLeast(v, 3, 31, 0),
                atLeast(v, 3, 31, 4),
                atLeast(v, 3, 31, 0),
                !atLeast(v, 3, 30, 0),
                between(v, 3, 30, 7, Integer.MAX_VALUE)
                        || between(v, 3, 31, 5, Integer.MAX_VALUE)
                        || atLeast(v, 3, 32, 0),
                between(v, 3, 30, 5, Integer.MAX_VALUE)
                        || between(v, 3, 31, 1, Integer.MAX_VALUE)
                        || atLeast(v, 3, 32, 0));
    }

    private static boolean atLeast(int[] version, int... wanted) {
        return Arrays.compare(version, wanted) >= 0;
    }

    private static boolean between(int[] version, int major, int minor, int first, int last) {
        return version[0] == major && version[1] == minor && version[2] >= first && version[2] <= last;
    }
}
