/// What the world says, as records: what teams want advertised and what the cluster has.
///
/// Model      = Policy* AdvertisementClass* Speaker* Service* EndpointSlice* ClusterNode* Namespace*
/// BgpConfiguration? Policy     = className Selection AddressKind* TrafficPolicy? RouteMode? Attributes Selection  =
/// names | labels | all
///
/// Manifests come in, already checked against their schema; wrong values are left out, since the schema reported them.
/// Every value keeps the place where it was written. Nothing here knows Kubernetes clients, CEL or iptables.
@NullMarked
package dev.bellman.model;

import org.jspecify.annotations.NullMarked;
