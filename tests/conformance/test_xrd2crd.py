"""The CRDs that XRDs make are those that Crossplane 1.20 and 2.3 make of them, to the last field."""

import json

import pytest

from crosshead.base.errors import StalledError
from crosshead.definitions import rendering
from crosshead.definitions.machinery import Release
from tests.conformance import tables

RELEASES = {Release.V1_20: "v1.20", Release.V2_3: "v2.3"}
ANSWERS = [
    (f"{entry['id']} by {column}", entry["input"], release, entry[column])
    for entry in tables.documents("micro/xrd2crd")
    for release, column in RELEASES.items()
    if "not_served" not in entry[column]
]


def cases(key):
    return [pytest.param(xrd, of, told[key], id=case) for case, xrd, of, told in ANSWERS if key in told]


def canonical(crd):
    """As text, because to Python 1, 1.0 and True are equal."""
    return json.dumps({"metadata": crd["metadata"], "spec": crd["spec"]}, sort_keys=True)


@pytest.mark.parametrize(("xrd", "of", "crd"), cases("xr"))
def test_composite_crds_are_crossplanes(xrd, of, crd):
    assert canonical(rendering.composite_crd(xrd, of)) == canonical(crd)


@pytest.mark.parametrize(("xrd", "of", "crd"), cases("claim"))
def test_claim_crds_are_crossplanes(xrd, of, crd):
    assert canonical(rendering.claim_crd(xrd, of)) == canonical(crd)


@pytest.mark.parametrize(("xrd", "of", "_"), cases("xr_error"))
def test_what_makes_no_composite_crd_is_refused(xrd, of, _):
    with pytest.raises(StalledError) as caught:
        rendering.composite_crd(xrd, of)

    assert caught.value.reason == "RenderCRD"


@pytest.mark.parametrize(("xrd", "of", "_"), cases("claim_error"))
def test_what_makes_no_claim_crd_is_refused(xrd, of, _):
    with pytest.raises(StalledError) as caught:
        rendering.claim_crd(xrd, of)

    assert caught.value.reason == "RenderCRD"


@pytest.mark.parametrize(
    ("xrd", "of"),
    [
        pytest.param(xrd, of, id=case)
        for case, xrd, of, told in ANSWERS
        if not {"claim", "claim_error"} & told.keys() and "xr" in told
    ],
)
def test_without_claim_names_there_is_no_claim_crd(xrd, of):
    assert rendering.claim_crd(xrd, of) is None
