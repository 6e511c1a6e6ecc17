#!/usr/bin/env bash
# Build the image, make a kind cluster and run crosshead in it, with the golden path.
# Needs Docker, kind and kubectl. It has NOT been run where this repository was written: there is no Docker there.
set -euo pipefail
cd "$(dirname "$0")/.."

docker build -t crosshead:0.1.0 .
kind create cluster --config deploy/kind.yaml
kind load docker-image crosshead:0.1.0 --name crosshead
kubectl apply --server-side -f crds/
kubectl apply -k deploy/
kubectl -n crossplane-system rollout status deployment/crosshead --timeout=120s
kubectl apply -R -f compositions/
kubectl wait --for=condition=Offered xrd --all --timeout=60s
echo "Next: an AWS account (docs/how-to/run-against-your-account.md), then kubectl apply -f examples/platform/"
