#!/bin/sh
# Renders the chart with each of the examples into rendered/, so that a change of the chart shows as a change of manifests, and checks it. Needs
# helm 3 or 4; kubectl-validate (sigs.k8s.io/kubectl-validate) checks against the schemas of Kubernetes, without a cluster, if it is on PATH.
set -eu
cd "$(dirname "$0")"
for values in examples/*.yaml; do
  name=$(basename "$values" .yaml)
  helm lint --quiet --strict cpor --values "$values"
  helm template cpor cpor --namespace cpor --kube-version 1.30.0 --values "$values" >"rendered/$name.yaml"
done
# What they were rendered from: a test notices when the chart was changed and not rendered.
find -L cpor examples -type f | LC_ALL=C sort | xargs sha256sum >rendered/SOURCES.sha256
if command -v kubectl-validate >/dev/null; then
  checked=$(mktemp -d)
  # Those of the Prometheus operator have no schema there.
  for file in rendered/*.yaml; do
    awk 'BEGIN { RS = "---\n"; ORS = "" } !/apiVersion: monitoring.coreos.com/ && NF { print RS $0 }' "$file" >"$checked/$(basename "$file")"
  done
  kubectl-validate --version 1.30 "$checked"
  rm -r "$checked"
else
  echo "kubectl-validate is not on PATH: the manifests were rendered, not checked." >&2
fi
