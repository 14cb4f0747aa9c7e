package dev.bellman.model;

import dev.bellman.address.Family;
import dev.bellman.address.Ip;
import dev.bellman.diagnostic.Span;
import dev.bellman.document.Manifest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A Service, as the cluster will have it once what Git declares is applied to what was observed.
///
/// @param type `ClusterIP` where the manifest leaves it out
/// @param clusterIps empty where the cluster has not assigned any, or no inventory says which
/// @param requestedLoadBalancerIp the deprecated `spec.loadBalancerIP`
/// @param loadBalancerIps `status.loadBalancer.ingress[].ip`
/// @param declaredTrafficPolicy what Git itself says, or null
/// @param observedTrafficPolicy what the inventory says, or null
/// @param originalTrafficPolicy what the annotation remembers from before Bellman patched it, or null
/// @param manifest declared and observed laid over each other
public record Service(
        String namespace,
        String name,
        Map<String, String> labels,
        Located<String> type,
        boolean headless,
        List<Located<Ip>> clusterIps,
        List<Located<Ip>> externalIps,
        @Nullable Located<Ip> requestedLoadBalancerIp,
        List<Located<Ip>> loadBalancerIps,
        List<Family> families,
        Forwarding forwarding,
        @Nullable Located<TrafficPolicy> declaredTrafficPolicy,
        @Nullable Located<TrafficPolicy> observedTrafficPolicy,
        @Nullable Located<TrafficPolicy> originalTrafficPolicy,
        boolean declared,
        boolean observed,
        Manifest manifest) {
    /// The annotation in which Bellman keeps the traffic policy that a Service had before it was patched.
    public static final String ORIGINAL_TRAFFIC_POLICY = "bellman.dev/original-external-traffic-policy";

    public Service {
        clusterIps = List.copyOf(clusterIps);
        externalIps = List.copyOf(externalIps);
        loadBalancerIps = List.copyOf(loadBalancerIps);
        families = List.copyOf(families);
    }

    /// `namespace/name`.
    public String id() {
        return namespace + "/" + name;
    }

    public Span span() {
        return manifest.span();
    }

    /// Whether the API server lets `externalTrafficPolicy` be set: a load balancer, a node port, or a cluster IP with
    /// external addresses (Kubernetes `ExternallyAccessible`).
    public boolean externallyAccessible() {
        return switch (type.value()) {
            case "NodePort", "LoadBalancer" -> true;
            case "ClusterIP" -> !externalIps.isEmpty();
            default -> false;
        };
    }

    /// What the Service itself says now, Git's word before the cluster's, or null.
    public @Nullable Located<TrafficPolicy> statedTrafficPolicy() {
        return declaredTrafficPolicy == null ? observedTrafficPolicy : declaredTrafficPolicy;
    }

    /// What holds while no policy changes it: Git's word, else what was there before Bellman, else what the
    /// cluster has; null where none of them says anything, or nothing outside can reach the service.
    public @Nullable Located<TrafficPolicy> unpatchedTrafficPolicy() {
        if (!externallyAccessible()) {
            return null;
        }
        if (declaredTrafficPolicy != null) {
            return declaredTrafficPolicy;
        }
        return originalTrafficPolicy == null ? observedTrafficPolicy : originalTrafficPolicy;
    }

    public List<Located<Ip>> addresses(AddressKind kind) {
        return switch (kind) {
            case CLUSTER_IP -> clusterIps;
            case EXTERNAL_IP -> externalIps;
            case LOAD_BALANCER_IP -> loadBalancerIps;
        };
    }
}
