"""Crossplane's table of management policies and deletion policies, row by row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.base.errors import StalledError
from crosshead.managed import policies
from crosshead.managed.policies import Verb

O, C, U, D, L = Verb.OBSERVE, Verb.CREATE, Verb.UPDATE, Verb.DELETE, Verb.LATE_INITIALIZE  # noqa: E741 (a table of initials)


def spec(*given, **more):
    return {"managementPolicies": [getattr(verb, "value", verb) for verb in given], **more}


@pytest.mark.parametrize(
    ("declared", "verbs"),
    [
        pytest.param({}, {O, C, U, D, L}, id="nothing said is everything"),
        pytest.param(spec("*"), {O, C, U, D, L}, id="everything"),
        pytest.param(spec("*", deletionPolicy="Delete"), {O, C, U, D, L}, id="everything, and Delete"),
        pytest.param(spec("*", deletionPolicy="Orphan"), {O, C, U, L}, id="everything, but Orphan"),
        pytest.param(spec(O, C, U, D, L), {O, C, U, D, L}, id="all five"),
        pytest.param(spec(O, C, U, D, L, deletionPolicy="Orphan"), {O, C, U, D, L}, id="all five win over Orphan"),
        pytest.param(spec(O), {O}, id="observe only"),
        pytest.param(spec(O, deletionPolicy="Delete"), {O}, id="observe only never deletes"),
        pytest.param(spec(O, C, U, D), {O, C, U, D}, id="no late initialisation"),
        pytest.param(spec(O, C, U, D, deletionPolicy="Orphan"), {O, C, U, D}, id="an explicit Delete wins over Orphan"),
        pytest.param(spec(O, C, U, L), {O, C, U, L}, id="no deletion"),
        pytest.param(spec(O, C, U), {O, C, U}, id="no deletion, no late initialisation"),
        pytest.param(spec(O, C, D, L), {O, C, D, L}, id="no update"),
        pytest.param(spec(O, C, L), {O, C, L}, id="create and late-initialise"),
        pytest.param(spec(O, C, D), {O, C, D}, id="create and delete"),
        pytest.param(spec(O, C), {O, C}, id="create only"),
        pytest.param(spec(O, D), {O, D}, id="delete only"),
        pytest.param(spec(O, U), {O, U}, id="update only"),
        pytest.param(spec(O, L), {O, L}, id="late-initialise only"),
        pytest.param(spec(O, U, L), {O, U, L}, id="update and late-initialise"),
        pytest.param(spec(L, U, O), {O, U, L}, id="the order does not matter"),
    ],
)
def test_supported_policies_allow(declared, verbs):
    assert policies.allowed(declared) == verbs


@pytest.mark.parametrize(
    "declared",
    [
        pytest.param(spec(C), id="create without looking"),
        pytest.param(spec(D), id="delete without looking"),
        pytest.param(spec(O, U, D), id="delete and update, but not create"),
        pytest.param(spec(O, D, L), id="delete and late-initialise, but not create"),
        pytest.param(spec(O, U, D, L), id="all but create"),
        pytest.param(spec("*", O), id="everything and more"),
        pytest.param(spec(O, "Adore"), id="an unknown verb"),
    ],
)
def test_other_policies_are_refused_with_advice(declared):
    with pytest.raises(StalledError, match=r"is set to a value \(.+\) which is not supported: use \*") as caught:
        policies.allowed(declared)

    assert caught.value.reason == "CannotUseInvalidManagementPolicy"


@pytest.mark.parametrize(
    ("declared", "paused"), [({}, False), (spec("*"), False), (spec(), True)], ids=["unset", "everything", "empty"]
)
def test_only_an_empty_list_pauses(declared, paused):
    assert policies.is_paused(declared) is paused


@given(st.sets(st.sampled_from(Verb)), st.sampled_from(["Delete", "Orphan"]))
def test_nothing_is_allowed_that_was_not_given(verbs, deletion):
    try:
        allowed = policies.allowed(spec(*verbs, deletionPolicy=deletion))
    except StalledError:
        allowed = frozenset()

    assert allowed <= (verbs or set(Verb))
