"""Which composition and which revision a composite uses."""

import pytest

from crosshead.base.errors import NotReadyError, StalledError
from crosshead.reconcilers import selection

LEGACY = {"apiVersion": "apiextensions.crossplane.io/v1", "spec": {}}
KIND = {"apiVersion": "example.org/v1", "kind": "XThing"}


def composition(name, labels=None, kind=KIND, **metadata):
    return {
        "metadata": {"name": name, "uid": f"uid-{name}", "labels": labels or {}, **metadata},
        "spec": {"compositeTypeRef": kind},
    }


def composite(**spec):
    return {**KIND, "metadata": {"name": "x"}, "spec": spec}


def revision(number, labels=None, owner="uid-c", kind=KIND):
    owners = [{"kind": "Composition", "name": "c", "uid": owner, "controller": True}]
    return {
        "metadata": {"name": f"c-{number}", "labels": labels or {}, "ownerReferences": owners},
        "spec": {"revision": number, "compositeTypeRef": kind},
    }


OTHER = {"apiVersion": "example.org/v2", "kind": "XThing"}
ALL = [
    composition("b"),
    composition("a", {"tier": "gold"}),
    composition("0", kind=OTHER),
    composition("1", deletionTimestamp="t"),
]


@pytest.mark.parametrize(
    ("xr", "xrd", "expected"),
    [
        pytest.param(
            composite(compositionRef={"name": "mine"}),
            {"enforcedCompositionRef": {"name": "law"}},
            "law",
            id="enforced",
        ),
        pytest.param(
            composite(compositionRef={"name": "mine"}), {"defaultCompositionRef": {"name": "d"}}, "mine", id="sticky"
        ),
        pytest.param(composite(), {"defaultCompositionRef": {"name": "d"}}, "d", id="the default"),
        pytest.param(composite(), {}, "a", id="the first compatible by name"),
        pytest.param(
            composite(compositionSelector={"matchLabels": {"tier": "gold"}}),
            {"defaultCompositionRef": {"name": "d"}},
            "a",
            id="a selector goes before the default",
        ),
    ],
)
def test_a_composition_is_chosen(xr, xrd, expected):
    assert selection.composition_name(xr, {"spec": xrd}, ALL) == expected


def test_no_composition_fits_and_the_sentence_says_what_was_looked_for():
    xr = composite(compositionSelector={"matchLabels": {"tier": "tin"}})

    with pytest.raises(NotReadyError, match=r"none labelled tier=tin has compositeTypeRef example\.org/v1, XThing"):
        selection.composition_name(xr, {"spec": {}}, ALL)


REVISIONS = [
    revision(1, {"channel": "dev"}),
    revision(3),
    revision(2, {"channel": "dev"}),
    revision(9, owner="uid-other"),
]


@pytest.mark.parametrize(
    ("xr", "expected"),
    [
        pytest.param(composite(), "c-3", id="the latest of this very composition"),
        pytest.param(
            composite(compositionUpdatePolicy="Manual", compositionRevisionRef={"name": "c-1"}), "c-1", id="pinned"
        ),
        pytest.param(
            composite(compositionUpdatePolicy="Manual"), "c-3", id="manual without a pin starts at the latest"
        ),
        pytest.param(
            composite(compositionRevisionSelector={"matchLabels": {"channel": "dev"}}), "c-2", id="selected by label"
        ),
        pytest.param(
            composite(
                compositionUpdatePolicy="Manual", compositionRevisionSelector={"matchLabels": {"channel": "dev"}}
            ),
            "c-3",
            id="the selector does not count under Manual",
        ),
    ],
)
def test_a_revision_is_chosen(xr, expected):
    assert selection.revision(xr, LEGACY, composition("c"), REVISIONS)["metadata"]["name"] == expected


def test_there_is_no_revision_yet():
    with pytest.raises(NotReadyError, match="no composition revision of 'c' fits"):
        selection.revision(composite(), LEGACY, composition("c"), [])


def test_a_revision_for_another_kind_needs_a_human():
    with pytest.raises(StalledError, match=r"'c' is for example\.org/v2, XThing, not example\.org/v1, XThing"):
        selection.revision(composite(), LEGACY, composition("c"), [revision(1, kind=OTHER)])
