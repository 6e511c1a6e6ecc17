"""Plans of composition revisions, parsed once for every generation: a revision's spec hardly ever changes."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from crosshead.base import objects
from crosshead.base.values import Object
from crosshead.compose import pipelines, rendering

Plan = TypeVar("Plan", rendering.Plan, tuple[pipelines.Step, ...])


def is_pipeline(revision: Object) -> bool:
    """
    Whether *revision* composes by a pipeline of functions.

    Without a mode it is Resources before Crossplane 2.0, and Pipeline since: what it holds tells which was meant.
    """
    spec = objects.spec(revision)
    return spec.get("mode") == "Pipeline" or (bool(spec.get("pipeline")) and not spec.get("resources"))


class Plans:
    """The parsed compositions in use; the least recently used go first."""

    def __init__(self, most: int = 1000) -> None:
        self._most = most
        self._plans: OrderedDict[tuple[str, int], Any] = OrderedDict()
        self._lock = Lock()

    def check(self, revision: Object) -> None:
        """Raise `StalledError` with every fault of a composition that cannot work as written."""
        if is_pipeline(revision):
            self.steps(revision)
        else:
            self.get(revision)

    def steps(self, revision: Object) -> tuple[pipelines.Step, ...]:
        """Return the steps of *revision*, which is in Pipeline mode. Raises `StalledError` when they are malformed."""
        return self._kept(revision, pipelines.plan)

    def get(self, revision: Object) -> rendering.Plan:
        """Return the plan of *revision*. Raises `StalledError` with every fault of a malformed composition."""
        return self._kept(revision, rendering.plan)

    def _kept(self, revision: Object, read: Callable[[Object], Plan]) -> Plan:
        state = (objects.uid(revision), objects.generation(revision))
        with self._lock:
            known: Plan | None = self._plans.get(state)
            if known is not None:
                self._plans.move_to_end(state)
                return known
        plan = read(objects.spec(revision))
        with self._lock:
            self._plans[state] = plan
            while len(self._plans) > self._most:
                self._plans.popitem(last=False)
        return plan
