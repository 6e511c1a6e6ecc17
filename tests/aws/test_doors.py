"""One asks for credentials, and the others do not wait for long."""

import pytest

from crosshead.aws.doors import Doors
from crosshead.base.errors import ForbiddenError


class Sts:
    """Says no, after *seconds*."""

    def __init__(self, seconds: float) -> None:
        self.time, self.seconds, self.asked = 0.0, seconds, 0

    def now(self) -> float:
        return self.time

    def refuse(self) -> str:
        self.asked += 1
        self.time += self.seconds
        raise ForbiddenError("R", "no")


def knock(doors: Doors, sts: Sts, state: str = "same") -> str:
    with pytest.raises(ForbiddenError) as caught:
        doors.pass_one("default", state, "credentials", sts.refuse)
    text = caught.value.message
    # As reconcilers do.
    caught.value.message = f"connect failed: {text}"
    return text


def test_who_was_silent_before_it_said_no_is_not_asked_again_for_a_while() -> None:
    sts = Sts(seconds=5.0)
    doors = Doors(sts.now)

    told = [knock(doors, sts), knock(doors, sts), knock(doors, sts)]
    asked = sts.asked
    sts.time += 16.0
    knock(doors, sts)

    assert (told, asked, sts.asked) == (["no", "no", "no"], 1, 2)


def test_who_says_no_at_once_is_asked_each_time() -> None:
    sts = Sts(seconds=0.1)
    doors = Doors(sts.now)

    knock(doors, sts)
    knock(doors, sts)

    assert sts.asked == 2


def test_other_credentials_are_tried_at_once() -> None:
    sts = Sts(seconds=5.0)
    doors = Doors(sts.now)

    knock(doors, sts)
    knock(doors, sts, "other")

    assert sts.asked == 2
