import pytest

from crosshead.base.errors import StalledError
from crosshead.definitions import checking, rendering
from tests.definitions.xrds import modern, version, xrd


def test_a_sound_xrd_has_no_problems():
    assert checking.problems(xrd()) == []
    assert checking.problems(xrd(claimNames=None)) == []
    assert checking.problems(modern()) == []
    checking.check(xrd())


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        pytest.param(xrd(group=None), "spec.group must be given", id="no group"),
        pytest.param(xrd(names={"plural": "xlakes"}), "spec.names.kind must be given", id="no kind"),
        pytest.param(xrd(names={"kind": "XLake"}), "spec.names.plural must be given", id="no plural"),
        pytest.param(xrd(versions=[]), "spec.versions must be given", id="no versions"),
        pytest.param(xrd(claimNames={"plural": "lakes"}), "spec.claimNames.kind must be given", id="no claim kind"),
        pytest.param(
            xrd(name="lakes"),
            "metadata.name must be spec.names.plural and spec.group: 'xlakes.water.example.org'",
            id="another name",
        ),
        pytest.param(
            xrd(versions=[version(referenceable=False)]),
            "exactly one of spec.versions must be referenceable, but none is",
            id="none is referenceable",
        ),
        pytest.param(
            xrd(versions=[version("a"), version("b")]),
            "exactly one of spec.versions must be referenceable, but 'a' and 'b' are",
            id="two are referenceable",
        ),
        pytest.param(
            xrd(versions=[version(served=False)]),
            "version 'v1' is referenceable, so it must be served",
            id="the referenceable one is not served",
        ),
        pytest.param(
            xrd(versions=[version(), version(referenceable=False)]), "spec.versions has 'v1' 2 times", id="one twice"
        ),
        pytest.param(
            xrd(conversion={"strategy": "Webhook", "webhook": {"conversionReviewVersions": ["v1"]}}),
            "spec.conversion.webhook.clientConfig must be given for the strategy Webhook",
            id="a webhook nobody can reach",
        ),
        pytest.param(
            xrd(scope="Galaxy"),
            "spec.scope must be LegacyCluster, Namespaced or Cluster, not 'Galaxy'",
            id="another scope",
        ),
        pytest.param(
            xrd(scope="Namespaced"),
            "spec.claimNames must not be given for the scope Namespaced: only LegacyCluster composites have claims",
            id="claims for composites in namespaces",
        ),
        pytest.param(
            modern(scope="Cluster", connectionSecretKeys=["key"]),
            "spec.connectionSecretKeys must not be given for the scope Cluster:"
            " only LegacyCluster composites have connection secrets",
            id="secrets of modern composites",
        ),
        pytest.param(
            xrd(name="XLakes.water.example.org", names={"kind": "XLake", "plural": "XLakes"}),
            "spec.names.plural must be in lower case: 'xlakes'",
            id="a plural like a kind",
        ),
        pytest.param(
            xrd(claimNames={"kind": "Lake", "plural": "lakes", "singular": "Lake"}),
            "spec.claimNames.singular must be in lower case: 'lake'",
            id="a singular like a kind",
        ),
    ],
)
def test_a_problem_is_named_by_its_field(broken, problem):
    assert checking.problems(broken) == [problem]


def test_every_problem_is_told_at_once():
    broken = xrd(name="lakes", versions=[version(served=False)])

    with pytest.raises(StalledError, match=r"'lakes': metadata\.name must .*; version 'v1' is referenceable") as caught:
        checking.check(broken)

    assert caught.value.reason == "RenderCRD"


def test_machinery_that_stays_where_it_is_may_stay():
    checking.check_move(xrd(), rendering.composite_crd(xrd()))
    checking.check_move(modern(), rendering.composite_crd(modern(scope="Cluster")))


@pytest.mark.parametrize(
    ("new", "old", "words"),
    [
        pytest.param(modern(), xrd(), "spec.scope must still be LegacyCluster, as when", id="to the new place"),
        pytest.param(xrd(), modern(), "spec.scope must still not be LegacyCluster, as when", id="to the old place"),
    ],
)
def test_machinery_must_not_move_away_from_composites_that_exist(new, old, words):
    with pytest.raises(StalledError, match=words) as caught:
        checking.check_move(new, rendering.composite_crd(old))

    assert caught.value.reason == "RenderCRD"
