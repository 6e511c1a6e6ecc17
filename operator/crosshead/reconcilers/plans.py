"""Plans of composition revisions, parsed once: a revision's spec never changes, but for its number."""

from collections import OrderedDict
from threading import Lock

from crosshead.base import objects
from crosshead.base.values import Object
from crosshead.compose import pipelines, rendering


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
        self._plans: OrderedDict[str, rendering.Plan] = OrderedDict()
        self._lock = Lock()

    def check(self, revision: Object) -> None:
        """Raise `StalledError` with every fault of a composition that cannot work as written."""
        if is_pipeline(revision):
            self.steps(revision)
        else:
            self.get(revision)

    def steps(self, revision: Object) -> tuple[pipelines.Step, ...]:
        """Return the steps of *revision*, which is in Pipeline mode."""
        # Reading them is a matter of microseconds: what takes time, the functions keep.
        return pipelines.plan(objects.spec(revision))

    def get(self, revision: Object) -> rendering.Plan:
        """Return the plan of *revision*. Raises `StalledError` with every fault of a malformed composition."""
        uid = objects.uid(revision)
        with self._lock:
            known = self._plans.get(uid)
            if known is not None:
                self._plans.move_to_end(uid)
                return known
        plan = rendering.plan(objects.spec(revision))
        with self._lock:
            self._plans[uid] = plan
            while len(self._plans) > self._most:
                self._plans.popitem(last=False)
        return plan
