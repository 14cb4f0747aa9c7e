{{- /*
Says "true" where admission policies are wanted and the server takes them.

A server tells helm of its kinds. Without one (helm template) there are no kinds to look for, and the version decides:
ValidatingAdmissionPolicy is in Kubernetes 1.30, and the functions about addresses can be used in it since 1.31.
*/}}
{{- define "bellman.admission" -}}
{{- $apis := .Capabilities.APIVersions -}}
{{- $known := $apis.Has "v1/Pod" -}}
{{- $new := semverCompare ">=1.31-0" .Capabilities.KubeVersion.Version -}}
{{- $served := $apis.Has "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy" -}}
{{- if and .Values.admission.enabled $new (or $served (not $known)) -}}
true
{{- end -}}
{{- end -}}
