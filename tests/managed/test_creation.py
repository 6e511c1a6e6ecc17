from datetime import UTC, datetime, timedelta

import pytest

from crosshead.managed import creation

NOW = datetime(2030, 1, 1, 12, 0, 0, 250, tzinfo=UTC)
GRACE = timedelta(seconds=30)
PENDING, SUCCEEDED, FAILED = (f"crossplane.io/external-create-{word}" for word in ("pending", "succeeded", "failed"))


def test_a_stamp_tells_moments_within_a_second_apart():
    assert creation.stamp(NOW) == "2030-01-01T12:00:00.000250Z"


@pytest.mark.parametrize(
    ("annotations", "incomplete"),
    [
        pytest.param({}, False, id="never begun"),
        pytest.param({PENDING: "2030-01-01T12:00:00Z"}, True, id="begun, and no more"),
        pytest.param({PENDING: "2030-01-01T12:00:00Z", SUCCEEDED: "2030-01-01T12:00:00Z"}, False, id="succeeded"),
        pytest.param({PENDING: "2030-01-01T12:00:00Z", FAILED: "2030-01-01T12:00:01+00:00"}, False, id="failed"),
        pytest.param({PENDING: "2030-01-01T12:00:00.5Z", FAILED: "2030-01-01T12:00:00.4Z"}, True, id="begun again"),
        pytest.param({PENDING: "2030-01-01T13:30:00+02:00", SUCCEEDED: "2030-01-01T12:00:00Z"}, False, id="elsewhere"),
        pytest.param({PENDING: "soon"}, False, id="not a time"),
        pytest.param({PENDING: "2030-01-01"}, False, id="a day is not a time"),
    ],
)
def test_a_create_is_incomplete_while_its_end_is_unknown(annotations, incomplete):
    assert creation.is_incomplete(annotations) is incomplete


@pytest.mark.parametrize(
    ("annotations", "recent"),
    [
        pytest.param({}, False, id="never"),
        pytest.param({SUCCEEDED: creation.stamp(NOW - GRACE)}, False, id="long ago"),
        pytest.param({SUCCEEDED: creation.stamp(NOW - GRACE / 2)}, True, id="just now"),
    ],
)
def test_a_create_is_recent_for_a_while(annotations, recent):
    assert creation.is_recent(annotations, NOW, GRACE) is recent
