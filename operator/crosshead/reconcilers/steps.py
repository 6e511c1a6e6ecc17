"""How a reconciler runs: steps in a visible order, each adding to what is known; an error keeps what was known."""

from collections.abc import Callable
from typing import TypeVar

from crosshead.base.errors import ReconcileError
from crosshead.reconcilers.ports import World

Known = TypeVar("Known")


def run(
    steps: tuple[Callable[[Known, World], Known], ...], known: Known, world: World
) -> tuple[Known, ReconcileError | None]:
    """Run *steps* in order; return what is known by the end, and the error that ended it early, if any."""
    for step in steps:
        try:
            known = step(known, world)
        except ReconcileError as error:
            return known, error
    return known, None
