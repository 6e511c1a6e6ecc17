"""One stage for all journeys of a test process."""

import pytest

from tests.journeys import stage as staging


@pytest.fixture(scope="session")
def stage(admin, kubectl, control_plane, tmp_path_factory):
    del control_plane
    with staging.stage(admin, kubectl, tmp_path_factory.mktemp("stage")) as running:
        yield running


@pytest.fixture(autouse=True)
def healthy_afterwards(request):
    """Leave the stage as the next journey needs it, however this one has ended."""
    yield
    if "stage" in request.fixturenames:
        running = request.getfixturevalue("stage")
        running.control.lift_faults()
        if not running.operator.alive:
            running.restart_operator()
