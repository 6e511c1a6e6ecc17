import pytest

from crosshead.base.errors import StalledError
from crosshead.definitions import checking
from tests.definitions.xrds import version, xrd


def test_a_sound_xrd_has_no_problems():
    assert checking.problems(xrd()) == []
    assert checking.problems(xrd(claimNames=None)) == []
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
    ],
)
def test_a_problem_is_named_by_its_field(broken, problem):
    assert checking.problems(broken) == [problem]


def test_every_problem_is_told_at_once():
    broken = xrd(name="lakes", versions=[version(served=False)])

    with pytest.raises(StalledError, match=r"'lakes': metadata\.name must .*; version 'v1' is referenceable") as caught:
        checking.check(broken)

    assert caught.value.reason == "RenderCRD"
