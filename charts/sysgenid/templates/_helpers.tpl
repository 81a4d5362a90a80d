{{/* The name that all objects start with. */}}
{{- define "sysgenid.fullname" -}}
{{ required "fullnameOverride must not be empty" .Values.fullnameOverride }}
{{- end }}

{{/* Labels of every object. */}}
{{- define "sysgenid.labels" -}}
{{ include "sysgenid.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: sysgenid
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Labels that never change, to select pods by; the component is added where they are used. */}}
{{- define "sysgenid.selectorLabels" -}}
app.kubernetes.io/name: sysgenid
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* Images: the digest counts more than the tag. */}}
{{- define "sysgenid.operatorImage" -}}
{{ .Values.image.registry }}/{{ .Values.image.operator.repository }}
{{- if .Values.image.operator.digest }}@{{ .Values.image.operator.digest }}{{ else }}:{{ .Values.image.operator.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{- define "sysgenid.sidecarImage" -}}
{{ .Values.image.registry }}/{{ .Values.image.sidecar.repository }}
{{- if .Values.image.sidecar.digest }}@{{ .Values.image.sidecar.digest }}{{ else }}:{{ .Values.image.sidecar.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{/* Security of a container that needs nothing: the Pod Security profile restricted, and a root file system that stays as it is. */}}
{{- define "sysgenid.restrictedContainer" -}}
allowPrivilegeEscalation: false
capabilities:
  drop:
    - ALL
readOnlyRootFilesystem: true
{{- end }}

{{- define "sysgenid.restrictedPod" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* The chart's own priority class, or none. */}}
{{- define "sysgenid.priorityClassName" -}}
{{- if .Values.priorityClass.enabled }}{{ include "sysgenid.fullname" . }}{{ end }}
{{- end }}

{{/* What the API server's certificate check of the webhook goes by. */}}
{{- define "sysgenid.certificateSecret" -}}
{{ include "sysgenid.fullname" . }}-webhook-tls
{{- end }}

{{/* Namespaces that no webhook looks at. */}}
{{- define "sysgenid.excludedNamespaces" -}}
- key: kubernetes.io/metadata.name
  operator: NotIn
  values:
    - {{ .Release.Namespace }}
    {{- with .Values.webhook.excludedNamespaces }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}

{{/* The API server and names: where agent and controller go. */}}
{{- define "sysgenid.egress" -}}
- ports:
    {{- range .Values.networkPolicy.egress.apiServerPorts }}
    - port: {{ . }}
      protocol: TCP
    {{- end }}
- ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
{{- end }}
