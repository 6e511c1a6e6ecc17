"""The API server takes our CRDs and those that XRDs make, and what it makes of them is no difference to us."""

import json

import pytest

from crosshead.cli import crds
from crosshead.definitions import comparing, rendering
from crosshead.definitions.placing import MODERN
from tests.conformance.test_managed_resources import composed, is_sound
from tests.journeys.stage import serve

RULES = "x-kubernetes-validations"
SCHEMA = {
    "type": "object",
    "properties": {
        "spec": {
            "type": "object",
            "required": ["depth"],
            "properties": {
                "depth": {"type": "integer", "minimum": 1, "maximum": 100, "default": 3},
                "name": {"type": "string", "default": ""},
                "share": {"type": "number", "default": 1.0},
                "port": {"anyOf": [{"type": "integer"}, {"type": "string"}], "x-kubernetes-int-or-string": True},
                "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
            },
            RULES: [{"rule": "self.depth < 100 || has(self.name)", "message": "deep lakes have a name"}],
        },
        "status": {"type": "object", "properties": {"level": {"type": "number"}}},
    },
}
XRD = {
    "apiVersion": "apiextensions.crossplane.io/v1",
    "kind": "CompositeResourceDefinition",
    "metadata": {"name": "xmeres.convert.example.org", "labels": {"team": "water"}},
    "spec": {
        "group": "convert.example.org",
        "names": {"kind": "XMere", "plural": "xmeres"},
        "claimNames": {"kind": "Mere", "plural": "meres"},
        "versions": [{"name": "v1", "served": True, "referenceable": True, "schema": {"openAPIV3Schema": SCHEMA}}],
    },
}
FENS = {
    "apiVersion": "apiextensions.crossplane.io/v2",
    "kind": "CompositeResourceDefinition",
    "metadata": {"name": "fens.convert.example.org"},
    "spec": {
        "group": "convert.example.org",
        "names": {"kind": "Fen", "plural": "fens"},
        "versions": [
            {
                **XRD["spec"]["versions"][0],
                "subresources": {"scale": {"specReplicasPath": ".spec.depth", "statusReplicasPath": ".status.level"}},
            }
        ],
    },
}
FEN = {"apiVersion": "convert.example.org/v1", "kind": "Fen", "metadata": {"name": "red", "namespace": "default"}}


@pytest.fixture(scope="module")
def kubectl(own_kubectl):
    return own_kubectl


def established(kubectl, name):
    kubectl("wait", "crd", name, "--for=condition=Established", "--timeout=30s")
    return json.loads(kubectl("get", "crd", name, "-o", "json"))


@pytest.fixture(scope="module")
def own(kubectl):
    """Our own CRDs, as the API server holds them."""
    serve(kubectl, *sorted({crd["spec"]["group"] for crd in crds.all_crds()}))
    return {crd["metadata"]["name"]: crd for crd in json.loads(kubectl("get", "crd", "-o", "json"))["items"]}


def read(kubectl, xrd, version):
    kind = f"compositeresourcedefinitions.{version}.apiextensions.crossplane.io"
    return json.loads(kubectl("get", kind, xrd["metadata"]["name"], "-o", "json"))


@pytest.fixture(scope="module")
def xrd(own, kubectl):  # noqa: ARG001 (its kind must be there first)
    """An XRD that is really there: without it, its CRDs would be collected as garbage."""
    kubectl("create", "-f", "-", stdin=json.dumps(XRD))
    yield read(kubectl, XRD, "v1")
    kubectl("delete", "xrd", XRD["metadata"]["name"])


@pytest.fixture(scope="module")
def fens(own, kubectl):  # noqa: ARG001 (its kind must be there first)
    """An XRD that was written as v2, as it is read as v1."""
    kubectl("create", "-f", "-", stdin=json.dumps(FENS))
    yield read(kubectl, FENS, "v1")
    kubectl("delete", "xrd", FENS["metadata"]["name"])


@pytest.mark.parametrize("name", [crd["metadata"]["name"] for crd in crds.all_crds()])
def test_our_own_crds_are_structural(name, own):
    assert "NonStructuralSchema" not in {condition["type"] for condition in own[name]["status"]["conditions"]}


def repeats(value):
    """Whether a list names something twice: of placeholders, and a set must not."""
    if isinstance(value, dict):
        return any(map(repeats, value.values()))
    if not isinstance(value, list):
        return False
    texts = [item for item in value if isinstance(item, str)]
    return len(texts) != len(set(texts)) or any(map(repeats, value))


def test_what_public_compositions_compose_is_accepted_by_the_api_server(own, kubectl):  # noqa: ARG001 (the kinds)
    sound = [found for found in composed() if is_sound(found) and not repeats(found["spec"])]
    manifests = [
        {**found, "metadata": {"name": f"accepted-{number}", "namespace": "default"}}
        if ".m." in found["apiVersion"]
        else {**found, "metadata": {"name": f"accepted-{number}"}}
        for number, found in enumerate(sound)
    ]

    accepted = set()
    for first in range(0, len(manifests), 50):
        items = {"apiVersion": "v1", "kind": "List", "items": manifests[first : first + 50]}
        # `create` and not `apply`: nothing of these is to exist.
        words = ("create", "--dry-run=server", "--validate=false", "-o", "name", "-f", "-")
        accepted |= {line.rpartition("/")[2] for line in kubectl(*words, stdin=json.dumps(items)).split()}

    assert len(sound) > 200
    assert accepted == {manifest["metadata"]["name"] for manifest in manifests}


def test_an_xrd_without_defaults_gets_them(xrd):
    assert xrd["spec"]["defaultCompositionUpdatePolicy"] == "Automatic"
    assert xrd["spec"]["defaultCompositeDeletePolicy"] == "Background"


def test_the_version_an_xrd_was_written_in_decides_its_scope(xrd, fens, kubectl):
    scopes = [read(kubectl, each, version)["spec"]["scope"] for each in (xrd, fens) for version in ("v1", "v2")]

    assert scopes == ["LegacyCluster", "LegacyCluster", "Namespaced", "Namespaced"]


def test_whichever_version_an_xrd_is_read_in_its_crds_are_the_same(xrd, fens, kubectl):
    shown = [read(kubectl, each, "v2") for each in (xrd, fens)]

    assert [rendering.composite_crd(each) for each in shown] == list(map(rendering.composite_crd, (xrd, fens)))
    assert rendering.claim_crd(shown[0]) == rendering.claim_crd(xrd)


def test_modern_composites_live_in_namespaces_with_their_machinery(fens, own, kubectl):
    crd = rendering.composite_crd(fens)
    references = [{"apiVersion": "v1", "kind": "ConfigMap", "name": "reed"}]
    machinery = {"compositionRef": {"name": "fen"}, "resourceRefs": references}

    kubectl("create", "--validate=false", "-f", "-", stdin=json.dumps(crd))
    observed = established(kubectl, crd["metadata"]["name"])
    kubectl("create", "-f", "-", stdin=json.dumps({**FEN, **MODERN.patch(machinery)}))
    fen = json.loads(kubectl("get", "fens", "red", "-o", "json"))

    dropped = comparing.dropped_by_server(own["compositeresourcedefinitions.apiextensions.crossplane.io"])
    assert comparing.differences(crd, observed, dropped=dropped) == []
    assert MODERN.of(fen) == {**machinery, "compositionUpdatePolicy": "Automatic"}


@pytest.mark.parametrize("render", [rendering.composite_crd, rendering.claim_crd])
def test_what_was_written_is_not_written_again(render, xrd, own, kubectl):
    crd = render(xrd)
    name = crd["metadata"]["name"]
    dropped = comparing.dropped_by_server(own["compositeresourcedefinitions.apiextensions.crossplane.io"])

    kubectl("create", "--validate=false", "-f", "-", stdin=json.dumps(crd))
    observed = established(kubectl, name)

    assert comparing.differences(crd, observed, dropped=dropped) == []
    changed = render({**xrd, "metadata": {**xrd["metadata"], "labels": {"team": "air"}}})
    assert comparing.differences(changed, observed, dropped=dropped) == ["metadata.labels"]
    kubectl("replace", "--validate=false", "-f", "-", stdin=json.dumps(comparing.replacement(changed, observed)))
    assert comparing.is_current(changed, json.loads(kubectl("get", "crd", name, "-o", "json")), dropped=dropped)
