"""
A published composition on the stage: its own files, read where they are, and the little that must surround them.

What is changed leads to what exists here: the namespace, identifiers of what the authors had already. Compositions and
definitions stay as they are.
"""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import yaml

from tests.conformance import tables
from tests.journeys.stage import PATIENCE, Stage, eventually

PLACE = "checkout-dev"
REGION = "us-west-2"
# What the authors' selectors look for.
LABELS = {
    "networks.aws.platform.upbound.io/network-id": "configuration-aws-database",
    "network.awsblueprints.io/network-id": "public",
    "visibility": "private",
}
Manifest = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """
    A case, the claim or composite of it that is tried, and what of that is said otherwise.

    *folder* is below the public cases; *spec* is laid over the published one, map by map. *words* are read as others:
    of a composition for another provider's kinds.
    """

    folder: str
    file: str = "claim.yaml"
    spec: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    def read(self, file: str) -> list[Manifest]:
        """Return the documents of one of its files; none when it has no such file."""
        path = tables.find("cases") / self.folder / file
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        for word, other in self.words.items():
            text = text.replace(word, other)
        return [document for document in yaml.safe_load_all(text) if document]

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
    """Return *base* with *other* over it, map by map; what is no map is replaced, None takes away."""
    both = {**base, **{key: _laid_over(base.get(key), value) for key, value in other.items()}}
    return {key: value for key, value in both.items() if value is not None}


def _laid_over(base: object, other: Any) -> Any:
    return laid_over(base, other) if isinstance(base, Mapping) and isinstance(other, Mapping) else other


def functions(case: Case) -> list[Manifest]:
    """Return the functions that *case* uses: as it declares them, else by the names that its pipelines use."""
    steps = [step for one in case.compositions for step in one["spec"].get("pipeline", ())]
    named = {step["functionRef"]["name"]: None for step in steps}
    declared = {one["metadata"]["name"]: one for one in case.read("functions.yaml")}
    return [declared.get(name) or _function(name) for name in named]


def _function(name: str) -> Manifest:
    spec = {"package": f"packages.example.org/{name}:v1.0.0"}
    return {"apiVersion": "pkg.crossplane.io/v1", "kind": "Function", "metadata": {"name": name}, "spec": spec}


def install(stage: Stage, *cases: Case) -> None:
    """Apply the XRDs and the compositions of *cases*, and return once claims and composites of them can be made."""
    definitions = [case.definition for case in cases]
    stage.apply(*definitions, *(one for case in cases for one in functions(case)))
    for condition, some in _offers(definitions).items():
        names = [f"xrd/{one['metadata']['name']}" for one in some]
        stage.kubectl("wait", f"--for=condition={condition}", *names, "--timeout=60s")
    stage.apply(*(one for case in cases for one in case.compositions))


def _offers(definitions: Sequence[Manifest]) -> dict[str, list[Manifest]]:
    """Return *definitions* by the condition that says that they can be used."""
    claims = [one for one in definitions if "claimNames" in one["spec"]]
    rest = [one for one in definitions if "claimNames" not in one["spec"]]
    return {name: some for name, some in (("Offered", claims), ("Established", rest)) if some}


def uninstall(stage: Stage, *cases: Case) -> None:
    """Take the XRDs and the compositions of *cases* away again."""
    delete(stage, *(one for case in cases for one in (*case.compositions, case.definition)))


def found(stage: Stage, *manifests: Manifest) -> list[Manifest]:
    """Return what there is of *manifests*, in one request."""
    options = ("-o", "json", "--ignore-not-found")
    text = stage.kubectl("get", "-f", "-", *options, stdin=yaml.safe_dump_all(manifests)).strip()
    answer = json.loads(text) if text else {"items": []}
    return list(answer.get("items", [answer]))


def title(manifest: Manifest) -> str:
    """Return what messages call an object: its kind and its name."""
    return f"{manifest['kind']} {manifest['metadata']['name']}"


def unready(stage: Stage, *manifests: Manifest, patience: float = PATIENCE) -> dict[str, str]:
    """Return those of *manifests* that do not become Ready, by title, each with what its condition says."""
    deadline = time.monotonic() + patience
    while (missing := _unready(stage, manifests)) and time.monotonic() < deadline:
        time.sleep(0.3)
    return missing


def _unready(stage: Stage, manifests: Sequence[Manifest]) -> dict[str, str]:
    seen = {title(one): _ready(one) for one in found(stage, *manifests)}
    said = {title(one): seen.get(title(one), {}) for one in manifests}
    return {name: ready.get("message", "") for name, ready in said.items() if ready.get("status") != "True"}


def _ready(managed: Manifest) -> Manifest:
    conditions = managed.get("status", {}).get("conditions", [])
    return next((one for one in conditions if one["type"] == "Ready"), {})


def delete(stage: Stage, *manifests: Manifest) -> None:
    """Delete what there is of *manifests*, and return once it is gone."""
    stage.kubectl("delete", "-f", "-", "--ignore-not-found", "--wait=false", stdin=yaml.safe_dump_all(manifests))
    eventually(lambda: not found(stage, *manifests), f"{len(manifests)} objects are gone")


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
    """Have managed resources that are Ready."""
    stage.apply(*manifests)
    assert unready(stage, *manifests) == {}
    yield
    delete(stage, *manifests)


def called(stage: Stage, manifest: Manifest) -> str:
    """Return the external name of a managed resource."""
    return str(found(stage, manifest)[0]["metadata"]["annotations"]["crossplane.io/external-name"])
