"""Every managed resource that public compositions compose is accepted by the API server with our CRDs, whole."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from crosshead.aws.catalogue import KINDS
from tests.conformance import tables
from tests.journeys.stage import ROOT, Stage

GROUPS = sorted({path.name.partition("_")[0] for path in (ROOT / "crds").glob("*.aws.*upbound.io_*.yaml")})
SERVED = {(kind.service, kind.kind) for kind in KINDS}
PLACE = "checkout-dev"


def composed() -> Iterator[dict[str, Any]]:
    """Yield what is composed of our kinds, each spec once."""
    seen = set()
    for path in sorted(tables.find("oracle").glob("**/expected-*.yaml")):
        for found in yaml.load_all(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
            group = str((found or {}).get("apiVersion", "")).partition("/")[0]
            if group in GROUPS and (group.partition(".")[0], found["kind"]) in SERVED:
                key = json.dumps([found["apiVersion"], found["kind"], found.get("spec")], sort_keys=True, default=str)
                if key not in seen:
                    seen.add(key)
                    yield found


@cache
def upstream(group: str, kind: str, version: str) -> Any:
    """Return what upstream's own CRD says of a kind's spec, nothing when it is not at hand."""
    plural = next(k.plural for k in KINDS if (k.service, k.kind) == (group.partition(".")[0], kind))
    folder = "upjet-namespaced" if ".aws.m." in group else "upjet-cluster"
    path = tables.find("crds") / folder / f"{group}_{plural}.yaml"
    if not path.is_file():
        return {}
    versions = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["spec"]["versions"]
    found = next(v for v in versions if v["name"] == version)
    return found["schema"]["openAPIV3Schema"]["properties"]["spec"]


def is_sound(found: dict[str, Any]) -> bool:
    """Whether upstream's CRD would accept it: some cases were rendered of placeholders."""
    group, _, version = found["apiVersion"].partition("/")
    schema = upstream(group, found["kind"], version)
    return Draft7Validator(schema).is_valid(found["spec"]) and not any(repeats(found["spec"]))


def repeats(value: Any) -> Iterator[bool]:
    """Yield for every list whether it holds a text twice: sets may not."""
    if isinstance(value, dict):
        yield from (found for item in value.values() for found in repeats(item))
    elif isinstance(value, list):
        texts = [item for item in value if isinstance(item, str)]
        yield len(texts) != len(set(texts))
        yield from (found for item in value for found in repeats(item))


def manifest(number: int, found: dict[str, Any]) -> dict[str, Any]:
    place = {"namespace": PLACE} if ".aws.m." in found["apiVersion"] else {}
    metadata = {"name": f"accepted-{number}", **place}
    return {"apiVersion": found["apiVersion"], "kind": found["kind"], "metadata": metadata, "spec": found["spec"]}


def lost(sent: Any, kept: Any, at: str = "spec") -> Iterator[str]:
    """Yield the paths of what was sent and not kept: an API server drops what a CRD does not know, silently."""
    if isinstance(sent, dict):
        for name, value in sent.items():
            if value is None:
                continue
            yield from lost(value, kept.get(name), f"{at}.{name}") if isinstance(kept, dict) else [f"{at}.{name}"]
    elif isinstance(sent, list):
        pairs = zip(sent, kept, strict=False) if isinstance(kept, list) else ()
        for index, (mine, theirs) in enumerate(pairs):
            yield from lost(mine, theirs, f"{at}[{index}]")
    elif sent != kept:
        yield at


def unheard_of(schema: Any, sent: Any, at: str = "spec") -> Iterator[str]:
    """Yield the paths that *schema* does not know: upstream's API server drops them as well."""
    if isinstance(sent, dict) and "properties" in schema:
        for name, value in sent.items():
            known = schema["properties"].get(name)
            yield from unheard_of(known, value, f"{at}.{name}") if known is not None else [f"{at}.{name}"]
    elif isinstance(sent, list) and "items" in schema:
        for index, item in enumerate(sent):
            yield from unheard_of(schema["items"], item, f"{at}[{index}]")


def losses(sent: dict[str, Any], kept: Any) -> list[str]:
    """Return what our API server drops of what upstream's would keep."""
    group, _, version = sent["apiVersion"].partition("/")
    theirs = tuple(unheard_of(upstream(group, sent["kind"], version), sent["spec"]))
    return sorted(path for path in lost(sent["spec"], kept) if not path.startswith(theirs))


def documents(answer: str) -> Iterator[Any]:
    """Yield the objects that kubectl prints, one after the other or as a list, as its version has it."""
    for found in yaml.load_all(answer.replace("\napiVersion: ", "\n---\napiVersion: "), Loader=yaml.CSafeLoader):
        yield from found.get("items", [found]) if found else ()


@pytest.fixture(scope="module")
def everything(stage: Stage) -> Stage:
    stage.serve(*GROUPS)
    return stage


def test_public_managed_resources_are_accepted_and_kept_whole(everything: Stage) -> None:
    sent = [manifest(number, found) for number, found in enumerate(filter(is_sound, composed()))]
    items = {"apiVersion": "v1", "kind": "List", "items": sent}

    # `create` and not `apply`: nothing of these is to exist.
    answer = everything.kubectl(
        "create", "--dry-run=server", "--validate=false", "-o", "yaml", "-f", "-", stdin=json.dumps(items)
    )

    kept = {one["metadata"]["name"]: one["spec"] for one in documents(answer)}
    assert len(kept) == len(sent) > 200
    found = {f"{one['apiVersion']} {one['kind']}": losses(one, kept[one["metadata"]["name"]]) for one in sent}
    assert {kind: paths for kind, paths in found.items() if paths} == {}
