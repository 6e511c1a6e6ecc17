"""What holds for every managed resource in every state of the world."""

from hypothesis import given, settings
from hypothesis import strategies as st

from crosshead.base.errors import ReconcileError
from crosshead.managed.policies import Verb
from tests.fakes import FakeExternal
from tests.reconcilers.managed_setup import BY_CLOUD, BY_US, EXTERNAL_NAME, UNREPEATABLE, Setup

NEEDS = {"create": Verb.CREATE, "update": Verb.UPDATE, "delete": Verb.DELETE}
values = st.dictionaries(st.sampled_from(["size", "colour", "shape"]), st.integers(0, 2))
policies = st.lists(st.sampled_from([verb.value for verb in Verb]), unique=True) | st.just(["*"])


@st.composite
def setups(draw):
    """A managed resource, and a cloud that has it or not, is busy or not, and may refuse to change a field."""
    facts = draw(st.sampled_from([BY_US, BY_CLOUD, UNREPEATABLE]))
    there = draw(st.none() | values)
    external = FakeExternal(
        things={} if there is None else {"pear": there},
        immutable=draw(st.frozensets(st.sampled_from(["size", "colour"]))),
        defaults=draw(values),
        busy=draw(st.booleans()),
        lingers=draw(st.booleans()),
    )
    setup = Setup(facts, external)
    metadata = {"annotations": {EXTERNAL_NAME: "pear"} if there is not None else {}}
    deletion = draw(st.sampled_from(["Delete", "Orphan"]))
    more = {"managementPolicies": draw(policies), "deletionPolicy": deletion, "initProvider": draw(values)}
    setup.add(parameters=draw(values), metadata=metadata, **more)
    return setup


def run(setup, passes):
    for _ in range(passes):
        try:
            setup.reconcile()
        except ReconcileError:
            continue


@settings(deadline=None, max_examples=50)
@given(setups())
def test_once_settled_a_pass_writes_nothing(setup):
    run(setup, 4)
    setup.cluster.forget()
    setup.external.calls.clear()

    run(setup, 1)

    assert (setup.cluster.writes, setup.external.changes) == ([], [])


@settings(deadline=None, max_examples=50)
@given(setups(), st.booleans())
def test_nothing_outside_is_done_without_permission(setup, deleted):
    given_policies = setup.obj["spec"]["managementPolicies"]
    allowed = set(Verb) if given_policies == ["*"] else {Verb(word) for word in given_policies}
    run(setup, 2)
    (setup.delete if deleted else setup.cluster.forget)()

    run(setup, 3)

    assert {NEEDS[change] for change in setup.external.changes} <= allowed


@settings(deadline=None, max_examples=50)
@given(setups())
def test_at_most_one_is_ever_created(setup):
    run(setup, 5)

    assert len(setup.external.things) <= 1


@settings(deadline=None, max_examples=50)
@given(setups())
def test_what_was_declared_is_never_overwritten(setup):
    declared = dict(setup.obj["spec"]["forProvider"])

    run(setup, 4)

    assert declared.items() <= setup.obj["spec"]["forProvider"].items()
