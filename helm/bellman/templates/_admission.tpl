{{- /*
Says "true" where the server has ValidatingAdmissionPolicies.

Every server that the chart is for has them, unless its owner turned them off. A server tells helm of its kinds. Without
one (helm template) helm knows of groups, but of no kinds.
*/}}
{{- define "bellman.hasAdmissionPolicies" -}}
{{- $apis := .Capabilities.APIVersions -}}
{{- or ($apis.Has "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy") (not ($apis.Has "v1/Pod")) -}}
{{- end -}}
{{- /* Says "true" where rules are to be admission policies. */}}
{{- define "bellman.admission" -}}
{{- and .Values.admission.enabled (eq (include "bellman.hasAdmissionPolicies" .) "true") -}}
{{- end -}}
