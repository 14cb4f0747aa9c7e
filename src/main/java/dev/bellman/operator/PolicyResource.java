package dev.bellman.operator;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;

/// A ServiceAdvertisementPolicy of the cluster.
@Group("bellman.dev")
@Version("v1alpha1")
@Kind("ServiceAdvertisementPolicy")
@Plural("serviceadvertisementpolicies")
public class PolicyResource extends BellmanResource implements Namespaced {}
