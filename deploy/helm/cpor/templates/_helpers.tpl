{{- define "cpor.name" -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end }}

{{- define "cpor.selector" -}}
app.kubernetes.io/name: cpor
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "cpor.labels" -}}
{{ include "cpor.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{- define "cpor.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end }}
{{- end }}
{{- end }}

{{/* What every pod has: no root, no privileges, nothing written but /tmp. */}}
{{- define "cpor.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "cpor.container" -}}
image: {{ include "cpor.image" .root | quote }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  capabilities: { drop: [ALL] }
{{- end }}

{{/* How Temporal is reached: the API, the worker and the migrations need it. */}}
{{- define "cpor.temporal" -}}
{{- with .Values.temporal -}}
- { name: TEMPORAL_ADDRESS, value: {{ required "temporal.address is required" .address | quote }} }
- { name: TEMPORAL_NAMESPACE, value: {{ .namespace | quote }} }
{{- if .tls }}
- { name: TEMPORAL_TLS, value: "true" }
{{- end }}
{{- if .clientCertificateSecret }}
- { name: TEMPORAL_TLS_CLIENT_CERT_PATH, value: /etc/cpor/temporal-client/tls.crt }
- { name: TEMPORAL_TLS_CLIENT_KEY_PATH, value: /etc/cpor/temporal-client/tls.key }
{{- end }}
{{- if .serverCaSecret }}
- { name: TEMPORAL_TLS_SERVER_CA_CERT_PATH, value: /etc/cpor/temporal-server/ca.crt }
{{- end }}
{{- end }}
{{- end }}

{{/* The address to listen on, as it stands before a port. */}}
{{- define "cpor.listen" -}}
{{- if contains ":" .Values.listen }}[{{ .Values.listen }}]{{ else }}{{ .Values.listen }}{{ end }}
{{- end }}

{{- define "cpor.settings" -}}
- { name: NODE_ENV, value: production }
- { name: CPOR_MODE, value: production }
{{ include "cpor.temporal" .root }}
{{- range $name, $value := .root.Values.settings }}
{{- if ne (toString $value) "" }}
- { name: {{ $name }}, value: {{ $value | quote }} }
{{- end }}
{{- end }}
{{- if .root.Values.caConfigMap }}
- { name: NODE_EXTRA_CA_CERTS, value: /etc/cpor/ca/ca.crt }
{{- end }}
- { name: CPOR_METRICS, value: {{ printf "%s:9464" (include "cpor.listen" .root) | quote }} }
{{- end }}

{{/* Mounts and volumes by the same conditions. */}}
{{- define "cpor.temporalMounts" -}}
- { name: tmp, mountPath: /tmp }
{{- if .Values.temporal.clientCertificateSecret }}
- { name: temporal-client, mountPath: /etc/cpor/temporal-client, readOnly: true }
{{- end }}
{{- if .Values.temporal.serverCaSecret }}
- { name: temporal-server, mountPath: /etc/cpor/temporal-server, readOnly: true }
{{- end }}
{{- end }}

{{- define "cpor.temporalVolumes" -}}
{{- /* On disk, not in memory: uploads pass through it. */}}
- { name: tmp, emptyDir: { sizeLimit: 4Gi } }
{{- with .Values.temporal.clientCertificateSecret }}
- { name: temporal-client, secret: { secretName: {{ . }}, defaultMode: 288 } }
{{- end }}
{{- with .Values.temporal.serverCaSecret }}
- { name: temporal-server, secret: { secretName: {{ . }}, defaultMode: 288 } }
{{- end }}
{{- end }}

{{- define "cpor.mounts" -}}
{{ include "cpor.temporalMounts" . }}
{{- if .Values.caConfigMap }}
- { name: ca, mountPath: /etc/cpor/ca, readOnly: true }
{{- end }}
{{- end }}

{{- define "cpor.volumes" -}}
{{ include "cpor.temporalVolumes" . }}
{{- with .Values.caConfigMap }}
- { name: ca, configMap: { name: {{ . }} } }
{{- end }}
{{- end }}

{{/* One pod of a kind is not lost with one node. */}}
{{- define "cpor.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{ include "cpor.selector" . | nindent 8 }}
{{- with .values.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end }}
