import pytest

from crosshead.definitions.placing import LEGACY, MODERN

PLACES = [
    pytest.param(LEGACY, {"spec": {"compositionRef": {"name": "c"}}}, id="legacy"),
    pytest.param(MODERN, {"spec": {"crossplane": {"compositionRef": {"name": "c"}}}}, id="modern"),
]


@pytest.mark.parametrize(("machinery", "composite"), PLACES)
def test_what_is_written_can_be_read(machinery, composite):
    assert machinery.patch({"compositionRef": {"name": "c"}}) == composite
    assert machinery.of(composite) == {"compositionRef": {"name": "c"}}


@pytest.mark.parametrize("machinery", [LEGACY, MODERN])
@pytest.mark.parametrize("composite", [{}, {"spec": None}, {"spec": {"crossplane": None}}])
def test_what_is_not_there_is_empty(machinery, composite):
    assert not any(machinery.of(composite).values())


@pytest.mark.parametrize("machinery", [LEGACY, MODERN])
def test_a_patch_is_no_part_of_the_changes(machinery):
    changes = {"resourceRefs": []}

    inner = machinery.of(machinery.patch(changes))

    assert inner == changes
    assert inner is not changes


def test_fields_have_whole_paths():
    assert LEGACY.field("compositionRef") == "spec.compositionRef"
    assert MODERN.field("compositionRef.name") == "spec.crossplane.compositionRef.name"


def test_only_the_old_place_is_legacy():
    assert LEGACY.is_legacy
    assert not MODERN.is_legacy
