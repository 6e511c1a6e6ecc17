"""The CRDs that XRDs make are those that Crossplane 1.20 makes of them, to the last field."""

import json

import pytest

from crosshead.base.errors import StalledError
from crosshead.definitions import rendering
from tests.conformance import tables

ENTRIES = [entry for entry in tables.documents("micro/xrd2crd") if "not_served" not in entry["v1.20"]]


def cases(key):
    return [
        pytest.param(entry["input"], entry["v1.20"][key], id=entry["id"]) for entry in ENTRIES if key in entry["v1.20"]
    ]


def canonical(crd):
    """As text, because to Python 1, 1.0 and True are equal."""
    return json.dumps({"metadata": crd["metadata"], "spec": crd["spec"]}, sort_keys=True)


@pytest.mark.parametrize(("xrd", "crd"), cases("xr"))
def test_composite_crds_are_crossplanes(xrd, crd):
    assert canonical(rendering.composite_crd(xrd)) == canonical(crd)


@pytest.mark.parametrize(("xrd", "crd"), cases("claim"))
def test_claim_crds_are_crossplanes(xrd, crd):
    assert canonical(rendering.claim_crd(xrd)) == canonical(crd)


@pytest.mark.parametrize(("xrd", "_"), cases("xr_error"))
def test_what_makes_no_composite_crd_is_refused(xrd, _):
    with pytest.raises(StalledError) as caught:
        rendering.composite_crd(xrd)

    assert caught.value.reason == "RenderCRD"


@pytest.mark.parametrize(("xrd", "_"), cases("claim_error"))
def test_what_makes_no_claim_crd_is_refused(xrd, _):
    with pytest.raises(StalledError) as caught:
        rendering.claim_crd(xrd)

    assert caught.value.reason == "RenderCRD"


@pytest.mark.parametrize(
    "xrd",
    [
        pytest.param(entry["input"], id=entry["id"])
        for entry in ENTRIES
        if not {"claim", "claim_error"} & entry["v1.20"].keys() and "xr" in entry["v1.20"]
    ],
)
def test_without_claim_names_there_is_no_claim_crd(xrd):
    assert rendering.claim_crd(xrd) is None
