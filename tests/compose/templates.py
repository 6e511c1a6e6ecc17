"""A composite, templates for it, and plans made of them."""

from crosshead.compose import rendering

BASE = {"apiVersion": "rds.aws.upbound.io/v1beta1", "kind": "Instance", "spec": {"forProvider": {"engine": "postgres"}}}
COMPOSITE = {
    "apiVersion": "e.org/v1",
    "kind": "XDb",
    "metadata": {"name": "db-abcde", "uid": "u", "labels": {"crossplane.io/composite": "db-abcde"}},
    "spec": {"region": "us-east-1", "gb": 20},
    "status": {"conditions": [], "kept": 1},
}
READY = [{"type": "Ready", "status": "True", "reason": "Available"}]

REGION = {"fromFieldPath": "spec.region", "toFieldPath": "spec.forProvider.region"}
SIZE = {"fromFieldPath": "spec.gb", "toFieldPath": "spec.forProvider.allocatedStorage"}
REQUIRED = {"fromFieldPath": "spec.nope", "policy": {"fromFieldPath": "Required"}}
ARN = {"type": "ToCompositeFieldPath", "fromFieldPath": "status.arn", "toFieldPath": "status.arn"}


def template(name="r", **more):
    return {"base": BASE} | ({"name": name} if name else {}) | more


def planned(*templates, **more):
    return rendering.plan({"resources": list(templates), **more})


OBSERVED = {**BASE, "metadata": {"name": "given", "namespace": "ns", "generateName": "x-", "uid": "o"}}
