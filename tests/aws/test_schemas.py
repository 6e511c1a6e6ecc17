"""Our CRDs against upstream's: whatever upstream accepts, we accept."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from crosshead.aws.crds import managed_crds
from crosshead.aws.schemas import sentence

UPSTREAM = Path(__file__).parents[3] / "shared" / "conformance" / "crds"
FOLDERS = ("upbound-v1.3", "upjet-cluster", "upjet-namespaced")
CRDS = {f"{crd['spec']['group']}_{crd['spec']['names']['plural']}": crd for crd in managed_crds()}
SERVED = [
    pytest.param(folder, name, version["name"], id=f"{name} {version['name']} {folder}")
    for name, crd in sorted(CRDS.items())
    for version in crd["spec"]["versions"]
    for folder in FOLDERS
    if not UPSTREAM.is_dir() or (UPSTREAM / folder / f"{name}.yaml").is_file()
]
# Kinds of which there is no upstream CRD at hand.
NOT_AT_HAND = {
    "ec2.aws.m.upbound.io_launchtemplates",
    "ec2.aws.upbound.io_launchtemplates",
    "rds.aws.m.upbound.io_proxies",
    "rds.aws.upbound.io_proxies",
    "s3.aws.m.upbound.io_bucketobjectlockconfigurations",
    "s3.aws.upbound.io_bucketobjectlockconfigurations",
    "ssm.aws.m.upbound.io_parameters",
    "ssm.aws.upbound.io_parameters",
}
# Upstream's generator makes texts of lists of references to Secrets in `initProvider`, which cannot work.
MISTAKEN = {
    path: {"object"}
    for path in (
        ".passwordsSecretRef[]",
        ".authenticationMode[].passwordsSecretRef[]",
        ".authenticationMode.passwordsSecretRef[]",
    )
}
# Both types are accepted, which is more than upstream does.
ANY = "any"


def paths(schema: Mapping[str, Any], at: str = "") -> Iterator[tuple[str, str]]:
    """Yield every path that *schema* accepts, with its type."""
    yield at, schema.get("type", ANY)
    for name, part in schema.get("properties", {}).items():
        yield from paths(part, f"{at}.{name}")
    if "items" in schema:
        yield from paths(schema["items"], f"{at}[]")
    if isinstance(schema.get("additionalProperties"), Mapping):
        yield from paths(schema["additionalProperties"], f"{at}{{}}")


def accepted(crd: Mapping[str, Any], version: str, part: str) -> dict[str, str]:
    """Return what *crd* accepts; nothing when it does not serve *version*."""
    found = next((v for v in crd["spec"]["versions"] if v["name"] == version), None)
    if found is None:
        return {}
    properties = found["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]
    return dict(paths({"type": "object", "properties": properties.get(part, {}).get("properties", {})}))


def upstream(folder: str, name: str) -> Mapping[str, Any]:
    if not UPSTREAM.is_dir() and os.environ.get("CI") != "true":
        pytest.skip("left out: ../shared/conformance/crds is not there to compare with")
    text = (UPSTREAM / folder / f"{name}.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return found


@pytest.mark.parametrize("part", ["forProvider", "initProvider"])
@pytest.mark.parametrize(("folder", "name", "version"), SERVED)
def test_what_upstream_accepts_is_accepted(folder: str, name: str, version: str, part: str) -> None:
    theirs, ours = accepted(upstream(folder, name), version, part), accepted(CRDS[name], version, part)

    accepted_kinds = {path: {kind, ANY} | MISTAKEN.get(path, set()) for path, kind in theirs.items()}
    refused = {path: theirs[path] for path, kinds in accepted_kinds.items() if ours.get(path, "") not in kinds}

    assert refused == {}


@pytest.mark.parametrize("name", sorted(set(CRDS) - NOT_AT_HAND))
def test_names_and_versions_are_upstreams(name: str) -> None:
    folder = "upjet-namespaced" if ".m." in name else "upjet-cluster"
    theirs, ours = upstream(folder, name)["spec"], CRDS[name]["spec"]

    assert (ours["names"], ours["scope"]) == (theirs["names"], theirs["scope"])
    assert [v["name"] for v in ours["versions"]] == [v["name"] for v in theirs["versions"]]


@pytest.mark.parametrize("crd", CRDS.values(), ids=CRDS)
def test_a_crd_is_small_enough_for_kubectl_apply(crd: Mapping[str, Any]) -> None:
    assert len(yaml.safe_dump(crd)) < 200_000


@pytest.mark.parametrize("crd", CRDS.values(), ids=CRDS)
def test_a_region_is_all_that_an_observed_resource_needs(crd: Mapping[str, Any]) -> None:
    spec = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]

    assert spec["properties"]["forProvider"].get("required", ["region"]) == ["region"]


@pytest.mark.parametrize(
    ("documentation", "said"),
    [
        pytest.param("<p>The port. <b>More</b> of it.</p>", "The port.", id="the first sentence"),
        pytest.param("<p>A list of <code>a</code>, and\n b</p>", "A list of a, and b.", id="without markup"),
        pytest.param("x" * 200, "x" * 160 + "…", id="not too long"),
        pytest.param("", "", id="nothing to say"),
    ],
)
def test_what_aws_says_is_said_shortly(documentation: str, said: str) -> None:
    assert sentence(documentation) == said
