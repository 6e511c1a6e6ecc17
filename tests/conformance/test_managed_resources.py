"""Every managed resource that public compositions compose fits our CRDs, whole, wherever it fits upstream's."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import yaml
from jsonschema import Draft7Validator

from crosshead.aws.crds import managed_crds
from tests.conformance import tables

CRDS = {(crd["spec"]["group"], crd["spec"]["names"]["kind"]): crd for crd in managed_crds()}


def spec_of(crd: Any, version: str) -> Any:
    found = next(v for v in crd["spec"]["versions"] if v["name"] == version)
    return found["schema"]["openAPIV3Schema"]["properties"]["spec"]


def composed() -> Iterator[dict[str, Any]]:
    """Yield what is composed of our kinds, each spec once."""
    seen = set()
    for path in sorted(tables.find("oracle").glob("**/expected-*.yaml")):
        for found in yaml.load_all(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
            group = str((found or {}).get("apiVersion", "")).partition("/")[0]
            if (group, (found or {}).get("kind")) in CRDS:
                key = json.dumps([found["apiVersion"], found["kind"], found.get("spec")], sort_keys=True, default=str)
                if key not in seen:
                    seen.add(key)
                    yield found


@cache
def upstream(group: str, kind: str, version: str) -> Any:
    """Return what upstream's own CRD says of a kind's spec, nothing when it is not at hand."""
    plural = CRDS[group, kind]["spec"]["names"]["plural"]
    folder = "upjet-namespaced" if ".aws.m." in group else "upjet-cluster"
    path = tables.find("crds") / folder / f"{group}_{plural}.yaml"
    return (
        spec_of(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader), version) if path.is_file() else {}
    )


def unheard_of(schema: Any, sent: Any, at: str = "spec") -> Iterator[str]:
    """Yield the paths that *schema* does not know: an API server drops them, silently."""
    if isinstance(sent, dict) and "properties" in schema:
        for name, value in sent.items():
            known = schema["properties"].get(name)
            yield from unheard_of(known, value, f"{at}.{name}") if known is not None else [f"{at}.{name}"]
    elif isinstance(sent, list) and "items" in schema:
        for index, item in enumerate(sent):
            yield from unheard_of(schema["items"], item, f"{at}[{index}]")


def faults(found: dict[str, Any]) -> list[str]:
    """Return what our CRD refuses or drops of what upstream's would take and keep."""
    group, _, version = found["apiVersion"].partition("/")
    theirs, ours = upstream(group, found["kind"], version), spec_of(CRDS[group, found["kind"]], version)
    refused = [f"{error.json_path}: {error.message}" for error in Draft7Validator(ours).iter_errors(found["spec"])]
    # Without upstream's CRD nobody can tell a field that we lack from one that there is not.
    dropped = set(unheard_of(ours, found["spec"])) - set(unheard_of(theirs, found["spec"])) if theirs else set()
    return [*refused, *sorted(dropped)]


def is_sound(found: dict[str, Any]) -> bool:
    """Whether upstream's CRD takes it: some cases were rendered of placeholders."""
    group, _, version = found["apiVersion"].partition("/")
    return Draft7Validator(upstream(group, found["kind"], version)).is_valid(found["spec"])


def test_what_public_compositions_compose_fits_our_crds() -> None:
    sound = [found for found in composed() if is_sound(found)]

    wrong = {f"{found['apiVersion']} {found['kind']}": faults(found) for found in sound}

    assert len(sound) > 200
    assert {kind: told for kind, told in wrong.items() if told} == {}
