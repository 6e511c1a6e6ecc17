"""
A published composition on the stage: its own files, read where they are, and the little that must surround them.

What is changed leads to what exists here: the namespace, identifiers of what the authors had already. Compositions and
definitions stay as they are.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import yaml

from tests.conformance import tables
from tests.journeys.stage import Stage

PLACE = "checkout-dev"
REGION = "us-west-2"
LABELS = {"networks.aws.platform.upbound.io/network-id": "configuration-aws-database"}
Manifest = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """
    A case, the claim or composite of it that is tried, and what of that is said otherwise.

    *folder* is below the public cases; *spec* is laid over the published one, map by map.
    """

    folder: str
    file: str = "claim.yaml"
    spec: Mapping[str, Any] = field(default_factory=dict)

    def read(self, file: str) -> list[Manifest]:
        """Return the documents of one of its files; none when it has no such file."""
        path = tables.find("cases") / self.folder / file
        found = yaml.safe_load_all(path.read_text(encoding="utf-8")) if path.exists() else ()
        return [document for document in found if document]

    @property
    def id(self) -> str:
        """What pytest calls it."""
        return f"{self.folder.rpartition('/')[2]} {self.file.removesuffix('.yaml')}"

    @property
    def definition(self) -> Manifest:
        """Its XRD."""
        return self.read("definition.yaml")[0]

    @property
    def compositions(self) -> list[Manifest]:
        """Its compositions."""
        return self.read("composition.yaml")

    @property
    def wanted(self) -> Manifest:
        """The published claim or composite, in a namespace of the stage if it is one that has one."""
        found = self.read(self.file)[0]
        metadata = {key: value for key, value in found["metadata"].items() if key != "namespace"}
        if self._is_namespaced(found["kind"]):
            metadata["namespace"] = PLACE
        return {**found, "metadata": metadata, "spec": laid_over(found["spec"], self.spec)}

    def _is_namespaced(self, kind: str) -> bool:
        spec = self.definition["spec"]
        return bool(kind == (spec.get("claimNames") or {}).get("kind") or spec.get("scope") == "Namespaced")


def laid_over(base: Mapping[str, Any], other: Mapping[str, Any]) -> Manifest:
    """Return *base* with *other* over it, map by map; what is no map is replaced."""
    return {**base, **{key: _laid_over(base.get(key), value) for key, value in other.items()}}


def _laid_over(base: object, other: Any) -> Any:
    return laid_over(base, other) if isinstance(base, Mapping) and isinstance(other, Mapping) else other


def key(manifest: Manifest) -> tuple[str, str, str]:
    """Return what kubectl calls the kind, the name and the namespace of an object."""
    metadata, group = manifest["metadata"], manifest["apiVersion"].partition("/")[0]
    return f"{manifest['kind']}.{group}", metadata["name"], metadata.get("namespace", "")


def functions(case: Case) -> list[Manifest]:
    """Return the functions that *case* uses: as it declares them, else by the names that its pipelines use."""
    steps = [step for one in case.compositions for step in one["spec"].get("pipeline", ())]
    named = {step["functionRef"]["name"]: None for step in steps}
    declared = {one["metadata"]["name"]: one for one in case.read("functions.yaml")}
    return [declared.get(name) or _function(name) for name in named]


def _function(name: str) -> Manifest:
    spec = {"package": f"packages.example.org/{name}:v1.0.0"}
    return {"apiVersion": "pkg.crossplane.io/v1", "kind": "Function", "metadata": {"name": name}, "spec": spec}


def install(stage: Stage, case: Case, *compositions: Manifest) -> None:
    """Apply the XRD of *case*, and its compositions unless others are given, and return once both are in use."""
    definition = case.definition
    stage.apply(definition, *functions(case))
    offered = "Offered" if "claimNames" in definition["spec"] else "Established"
    stage.kubectl("wait", f"--for=condition={offered}", f"xrd/{definition['metadata']['name']}", "--timeout=30s")
    stage.apply(*(compositions or case.compositions))


def uninstall(stage: Stage, case: Case) -> None:
    """Take the compositions and the XRD of *case* away again."""
    stage.kubectl(
        "delete", "composition", *(one["metadata"]["name"] for one in case.compositions), "--ignore-not-found"
    )
    stage.kubectl("delete", "xrd", case.definition["metadata"]["name"], "--ignore-not-found", "--timeout=60s")


def forget(stage: Stage, manifest: Manifest) -> None:
    """Delete an object, and return at once."""
    kind, name, namespace = key(manifest)
    place = ["-n", namespace] if namespace else []
    stage.kubectl("delete", kind, name, *place, "--wait=false")


def remove(stage: Stage, manifest: Manifest) -> None:
    """Delete an object, and return once it is gone."""
    forget(stage, manifest)
    stage.wait_gone(*key(manifest))


def managed(kind: str, name: str, labels: Mapping[str, str], /, region: str = REGION, **parameters: Any) -> Manifest:
    """Return a managed resource of *kind* (`ec2 VPC`)."""
    service, word = kind.split()
    return {
        "apiVersion": f"{service}.aws.upbound.io/v1beta1",
        "kind": word,
        "metadata": {"name": name, "labels": dict(labels)},
        "spec": {"forProvider": {"region": region, **parameters}},
    }


def network() -> list[Manifest]:
    """Return a network as published configurations expect one to be there: found by a label."""
    here = {"vpcIdRef": {"name": "public"}}
    subnets = [
        managed("ec2 Subnet", f"public-{zone}", LABELS, cidrBlock=cidr, availabilityZone=f"{REGION}{zone}", **here)
        for zone, cidr in (("a", "10.77.0.0/24"), ("b", "10.77.1.0/24"))
    ]
    group = managed("ec2 SecurityGroup", "public", LABELS, name="public", description="public", **here)
    return [managed("ec2 VPC", "public", LABELS, cidrBlock="10.77.0.0/16"), *subnets, group]


@contextmanager
def standing(stage: Stage, manifests: Sequence[Manifest]) -> Iterator[None]:
    """Have managed resources ready that stand on each other in this order."""
    stage.apply(*manifests)
    for one in manifests:
        stage.wait_ready(*key(one))
    yield
    for one in reversed(manifests):
        forget(stage, one)
    for one in manifests:
        stage.wait_gone(*key(one))


def called(stage: Stage, manifest: Manifest) -> str:
    """Return the external name of a managed resource."""
    return str(stage.get(*key(manifest))["metadata"]["annotations"]["crossplane.io/external-name"])
