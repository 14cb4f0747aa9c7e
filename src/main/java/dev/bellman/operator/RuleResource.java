package dev.bellman.operator;

import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;

/// A AdvertisementRule of the cluster.
@Group("bellman.dev")
@Version("v1alpha1")
@Kind("AdvertisementRule")
@Plural("advertisementrules")
public class RuleResource extends BellmanResource {}
