import pytest

from crosshead.base import conditions, objects
from crosshead.base.errors import ForbiddenError
from crosshead.reconcilers import summaries
from tests.fakes import FakeCluster, fake_world

PEAR = {"apiVersion": "example.org/v1", "kind": "Fruit", "metadata": {"name": "pear"}}


@pytest.fixture
def cluster():
    return FakeCluster()


@pytest.fixture
def world(cluster):
    return fake_world(cluster)


def test_news_are_written_with_the_present_and_the_generation(cluster, world):
    pear = cluster.create(PEAR)

    told = summaries.write_status(pear, world, conditions.synced(), changes={"size": 3}, generation=1)

    assert told["status"] == {
        "size": 3,
        "conditions": [
            {
                "type": "Synced",
                "status": "True",
                "reason": "ReconcileSuccess",
                "lastTransitionTime": "2030-01-01T00:00:00Z",
                "observedGeneration": 1,
            }
        ],
    }


def test_the_same_news_are_not_written_twice(cluster, world):
    news = (conditions.synced(), conditions.available())
    pear = summaries.write_status(cluster.create(PEAR), world, *news, changes={"size": {"cm": 3}})
    cluster.forget()
    cluster.clock.advance(60)

    again = summaries.write_status(pear, world, *reversed(news), changes={"size": {"cm": 3}, "absent": None})

    assert again is pear
    assert cluster.writes == []


def test_an_order_of_conditions_that_is_not_ours_is_no_news(cluster, world):
    shown = conditions.write((conditions.synced(), conditions.available()))
    (pear,) = cluster.seed({**PEAR, "status": {"conditions": shown}})

    summaries.write_status(pear, world, conditions.synced())

    assert cluster.writes == []


def test_conditions_of_others_stay(cluster, world):
    (pear,) = cluster.seed({**PEAR, "status": {"conditions": conditions.write([conditions.available()])}})

    told = summaries.write_status(pear, world, conditions.synced())

    assert [condition.type for condition in conditions.read(told)] == ["Ready", "Synced"]


def test_only_what_differs_is_sent(cluster, world):
    (pear,) = cluster.seed({**PEAR, "status": {"a": 1, "b": {"c": 2}}})

    summaries.write_status(pear, world, changes={"a": 1, "b": {"c": None, "d": 3}})

    assert cluster.writes[0].body == {"status": {"b": {"c": None, "d": 3}}}
    assert cluster.get(objects.ref_of(pear))["status"] == {"a": 1, "b": {"d": 3}}


def test_an_object_that_went_meanwhile_is_not_missed(cluster, world):
    pear = cluster.create(PEAR)
    cluster.delete(pear)

    assert summaries.write_status(pear, world, conditions.synced()) is pear


@pytest.mark.parametrize(
    ("old", "new", "patch"),
    [
        pytest.param({"a": 1}, {"b": 2}, {"a": None, "b": 2}, id="what is gone becomes null"),
        pytest.param({"a": {"b": 1, "c": 2}}, {"a": {"b": 1}}, {"a": {"c": None}}, id="inside, too"),
        pytest.param({"a": 1}, {"a": 1}, {}, id="nothing to do"),
        pytest.param(None, {"a": 1}, {"a": 1}, id="there was nothing"),
        pytest.param({"a": [1]}, {"a": [2]}, {"a": [2]}, id="a list is one value"),
    ],
)
def test_a_replacement_turns_old_into_new(old, new, patch):
    assert summaries.replacement(old, new) == patch


def test_a_status_that_we_may_not_write_is_told_by_an_event(cluster, world):
    pear = cluster.create(PEAR)
    words = 'cannot patch resource "fruits/status" in API group "example.org" at the cluster scope'
    cluster.refusals[objects.ref_of(PEAR)] = ForbiddenError("Forbidden", words)

    with pytest.raises(ForbiddenError):
        summaries.write_status(pear, world, conditions.synced())

    (event,) = world.events.events
    assert (event.reason, event.message.startswith(f"{words}; grant it by")) == ("RoleBasedAccessControl", True)
