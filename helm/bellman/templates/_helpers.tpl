{{- define "bellman.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 53 | trimSuffix "-" }}
{{- end }}

{{- define "bellman.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 53 | trimSuffix "-" }}
{{- else if contains (include "bellman.name" .) .Release.Name }}
{{- .Release.Name | trunc 53 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "bellman.name" .) | trunc 53 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "bellman.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/name: {{ include "bellman.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: bellman
{{- end }}

{{- /* What never changes of a workload's labels; takes the root context and the name of the part. */}}
{{- define "bellman.selector" -}}
app.kubernetes.io/name: {{ include "bellman.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{- /* Labels of the pods of a part. One of the chart's own would be there twice, or no longer be what selectors look for. */}}
{{- define "bellman.podLabels" -}}
{{- $own := merge (include "bellman.selector" . | fromYaml) (include "bellman.labels" .root | fromYaml) }}
{{- $more := (index .root.Values .part).podLabels | default dict }}
{{- range $key, $_ := $more }}
{{- if hasKey $own $key }}
{{- fail (printf "%s.podLabels: the label %s is the chart's own, choose another" $.part $key) }}
{{- end }}
{{- end }}
{{- include "bellman.labels" .root }}
app.kubernetes.io/component: {{ .part }}
{{- with $more }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "bellman.image" -}}
{{- $repository := (index .root.Values .part).image.repository }}
{{- $tag := .root.Values.image.tag | default .root.Chart.AppVersion }}
{{- if .root.Values.image.registry }}{{ .root.Values.image.registry }}/{{ end }}{{ $repository }}:{{ $tag }}
{{- end }}

{{- define "bellman.pullSecrets" -}}
{{- with .Values.image.pullSecrets -}}
imagePullSecrets:
{{- range . }}
- name: {{ . | quote }}
{{- end }}
{{- end }}
{{- end }}

{{- /* The loop of each daemon answers from its start; ready is who has seen the cluster whole, or carried a plan out. */}}
{{- define "bellman.probes" -}}
startupProbe:
  httpGet: &live
    {{- if .host }}
    host: {{ .host }}
    {{- end }}
    path: /q/health/live
    port: 9479
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: *live
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet:
    {{- if .host }}
    host: {{ .host }}
    {{- end }}
    path: /q/health/ready
    port: 9479
  periodSeconds: 5
  timeoutSeconds: 5
{{- end }}
