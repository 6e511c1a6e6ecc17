"""What has not spread in AWS yet is waited for, but not for ever."""

import pytest

from crosshead.aws.codes import SpreadingError
from crosshead.aws.memory import Memory
from crosshead.aws.spreading import limited
from crosshead.base.errors import NotReadyError, StalledError


def attempt(memory: Memory, why: str) -> None:
    with limited(memory, "u"):
        raise SpreadingError("R", why)


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        pytest.param(((0, "no role"), (299, "no role")), NotReadyError, id="minutes"),
        pytest.param(((0, "no role"), (301, "no role")), StalledError, id="too many"),
        pytest.param(((0, "no role"), (301, "no key")), NotReadyError, id="of something else"),
    ],
)
def test_who_waits_for_long_has_an_error(reasons: tuple[tuple[float, str], ...], expected: type[Exception]) -> None:
    (begin, first), (later, second) = reasons
    time = [float(begin)]
    memory = Memory(now=lambda: time[0])
    with pytest.raises(SpreadingError):
        attempt(memory, first)

    time[0] = later
    with pytest.raises(expected) as caught:
        attempt(memory, second)

    assert isinstance(caught.value, StalledError) == (expected is StalledError)
    assert str(caught.value) == second


def test_who_has_succeeded_has_time_again() -> None:
    time = [0.0]
    memory = Memory(now=lambda: time[0])
    with pytest.raises(SpreadingError):
        attempt(memory, "no role")
    with limited(memory, "u"):
        pass

    time[0] = 301.0

    with pytest.raises(SpreadingError):
        attempt(memory, "no role")
