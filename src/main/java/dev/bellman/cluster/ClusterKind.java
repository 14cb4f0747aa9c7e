package dev.bellman.cluster;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;

/// A kind of objects that can be watched.
///
/// @param group empty for the core group
/// @param optional whether a cluster may do without it, as one without Calico does
public record ClusterKind(
        String group, String version, String kind, String plural, boolean namespaced, boolean optional) {
    private static final String BELLMAN = "bellman.dev";
    private static final String CALICO = "projectcalico.org";

    public static final ClusterKind POLICY = new ClusterKind(
            BELLMAN, "v1alpha1", "ServiceAdvertisementPolicy", "serviceadvertisementpolicies", true, false);
    public static final ClusterKind CLASS =
            new ClusterKind(BELLMAN, "v1alpha1", "AdvertisementClass", "advertisementclasses", false, false);
    public static final ClusterKind SPEAKER =
            new ClusterKind(BELLMAN, "v1alpha1", "BGPSpeaker", "bgpspeakers", false, false);
    public static final ClusterKind RULE =
            new ClusterKind(BELLMAN, "v1alpha1", "AdvertisementRule", "advertisementrules", false, false);
    public static final ClusterKind NODE_PLAN =
            new ClusterKind(BELLMAN, "v1alpha1", "NodePlan", "nodeplans", false, false);
    public static final ClusterKind NODE_PLAN_SLICE =
            new ClusterKind(BELLMAN, "v1alpha1", "NodePlanSlice", "nodeplanslices", false, false);
    public static final ClusterKind SERVICE = new ClusterKind("", "v1", "Service", "services", true, false);
    public static final ClusterKind ENDPOINT_SLICE =
            new ClusterKind("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", true, false);
    public static final ClusterKind NODE = new ClusterKind("", "v1", "Node", "nodes", false, false);
    public static final ClusterKind NAMESPACE = new ClusterKind("", "v1", "Namespace", "namespaces", false, false);
    /// Read one by one, by name, and never watched.
    public static final ClusterKind SECRET = new ClusterKind("", "v1", "Secret", "secrets", true, false);
    public static final ClusterKind BGP_CONFIGURATION =
            new ClusterKind(CALICO, "v3", "BGPConfiguration", "bgpconfigurations", false, true);
    public static final ClusterKind CLUSTER_INFORMATION =
            new ClusterKind(CALICO, "v3", "ClusterInformation", "clusterinformations", false, true);

    /// All that a compile looks at, and the plans that it is compared with.
    public static final List<ClusterKind> FOR_OPERATOR = List.of(
            POLICY,
            CLASS,
            SPEAKER,
            RULE,
            NODE_PLAN,
            NODE_PLAN_SLICE,
            SERVICE,
            ENDPOINT_SLICE,
            NODE,
            NAMESPACE,
            BGP_CONFIGURATION,
            CLUSTER_INFORMATION);

    /// What decides on the rules and routes of a node.
    public static final List<ClusterKind> FOR_AGENT =
            List.of(NODE_PLAN, NODE_PLAN_SLICE, SERVICE, ENDPOINT_SLICE, NODE);

    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    ResourceDefinitionContext context() {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(namespaced)
                .build();
    }
}
