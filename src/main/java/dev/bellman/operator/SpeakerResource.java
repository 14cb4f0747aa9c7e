package dev.bellman.operator;

import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;

/// A BGPSpeaker of the cluster.
@Group("bellman.dev")
@Version("v1alpha1")
@Kind("BGPSpeaker")
@Plural("bgpspeakers")
public class SpeakerResource extends BellmanResource {}
