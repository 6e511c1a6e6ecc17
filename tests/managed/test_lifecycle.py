import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.managed.external import ABSENT, Drift, Observation
from crosshead.managed.lifecycle import NEEDS, Action, decide
from crosshead.managed.policies import Verb

ALL = frozenset(Verb)
DRIFT = (Drift("size", 2, 1),)
THERE = Observation(exists=True)
BUSY = Observation(exists=True, busy=True, drift=DRIFT)
DOUBTED = Observation(exists=False, busy=True)
DRIFTED = Observation(exists=True, drift=DRIFT)
IMMUTABLE = Observation(exists=True, drift=DRIFT, immutable=DRIFT)


@pytest.mark.parametrize(
    ("seen", "allowed", "action"),
    [
        pytest.param(ABSENT, ALL, Action.CREATE, id="create what is missing"),
        pytest.param(ABSENT, ALL - {Verb.CREATE}, Action.MISS, id="miss what may not be created"),
        pytest.param(THERE, ALL, Action.NOTHING, id="leave alone what is as declared"),
        pytest.param(DRIFTED, ALL, Action.UPDATE, id="correct drift"),
        pytest.param(DRIFTED, ALL - {Verb.UPDATE}, Action.NOTHING, id="let drift be without permission"),
        pytest.param(IMMUTABLE, ALL, Action.REFUSE, id="never replace"),
        pytest.param(IMMUTABLE, ALL - {Verb.UPDATE}, Action.NOTHING, id="nor complain without permission"),
        pytest.param(BUSY, ALL, Action.WAIT, id="wait for changes under way"),
        pytest.param(DOUBTED, ALL, Action.CREATE, id="whoever creates it knows of the doubt"),
    ],
)
def test_what_is_wanted(seen, allowed, action):
    assert decide(seen, allowed, deleting=False) is action


def test_what_was_just_created_may_not_be_visible_yet():
    assert decide(ABSENT, ALL, deleting=False, recent=True) is Action.WAIT


@pytest.mark.parametrize(
    ("seen", "allowed", "action"),
    [
        pytest.param(THERE, ALL, Action.DELETE, id="delete"),
        pytest.param(BUSY, ALL, Action.WAIT, id="wait for changes under way"),
        pytest.param(THERE, ALL - {Verb.DELETE}, Action.RELEASE, id="leave it behind"),
        pytest.param(ABSENT, ALL, Action.RELEASE, id="nothing is left"),
        pytest.param(DOUBTED, ALL, Action.WAIT, id="something may be left"),
        pytest.param(DOUBTED, ALL - {Verb.DELETE}, Action.RELEASE, id="and may stay"),
    ],
)
def test_what_is_no_longer_wanted(seen, allowed, action):
    assert decide(seen, allowed, deleting=True) is action


def test_what_was_just_created_and_is_not_visible_yet_would_be_left_behind():
    assert decide(ABSENT, ALL, deleting=True, recent=True) is Action.WAIT


observations = st.builds(
    Observation,
    exists=st.booleans(),
    busy=st.booleans(),
    drift=st.sampled_from([(), DRIFT]),
    immutable=st.sampled_from([(), DRIFT]),
)


@given(observations, st.frozensets(st.sampled_from(Verb)), st.booleans(), st.booleans())
def test_never_acts_without_permission(seen, allowed, deleting, recent):
    action = decide(seen, allowed, deleting=deleting, recent=recent)

    assert NEEDS.get(action) in {None, *allowed}


@given(observations, st.frozensets(st.sampled_from(Verb)), st.booleans())
def test_nothing_is_sent_to_what_is_changing(seen, allowed, deleting):
    busy = Observation(exists=True, busy=True, drift=seen.drift, immutable=seen.immutable)

    assert decide(busy, allowed, deleting=deleting) not in NEEDS


@given(observations, st.frozensets(st.sampled_from(Verb)))
def test_nothing_is_deleted_unasked(seen, allowed):
    assert decide(seen, allowed, deleting=False) is not Action.DELETE
