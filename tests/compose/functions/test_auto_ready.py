"""What exists and is healthy, or says that it is ready, is ready."""

import pytest

from crosshead.compose.functions import auto_ready
from crosshead.compose.protocol import Ready, Resource
from tests.compose.functions.asking import fatal, request, showing, thing

READY = showing(("Ready", "True"))


@pytest.mark.parametrize(
    ("desired", "observed", "ready"),
    [
        pytest.param(thing(), READY, Ready.TRUE, id="the condition says so"),
        pytest.param(thing(), showing(("Ready", "False")), Ready.UNSPECIFIED, id="the condition says no"),
        pytest.param(thing(), thing(kind="ConfigMap"), Ready.TRUE, id="a kind that is ready when it exists"),
        pytest.param(Resource(thing(), ready=Ready.FALSE), READY, Ready.FALSE, id="an earlier step says no"),
        pytest.param(thing(), thing(status=None), Ready.UNSPECIFIED, id="a status of nothing"),
        pytest.param(thing(), showing(("Ready", "True", None)), Ready.TRUE, id="nulls in the condition"),
    ],
)
def test_a_resource_that_exists_is_judged(desired, observed, ready):
    response = auto_ready.run(request(desired={"r": desired}, observed={"r": observed}))

    assert response.desired.resources["r"].ready is ready


def test_a_resource_that_does_not_exist_is_left_alone():
    asked = request(desired={"r": thing()}, observed={"other": READY})

    assert auto_ready.run(asked).desired == asked.desired


def test_an_input_that_does_not_fit_is_refused():
    assert fatal(auto_ready.run(request({"ttl": 1}))).startswith("invalid input: cannot get function input")
    assert auto_ready.run(request({"celHealthCheckCustomization": {"v1": "true"}})).results == ()
