"""Plans of composition revisions, parsed once: a revision's spec never changes, but for its number."""

from collections import OrderedDict
from threading import Lock

from crosshead.base import objects
from crosshead.base.errors import StalledError
from crosshead.base.values import Object
from crosshead.compose import rendering


class Plans:
    """The parsed compositions in use; the least recently used go first."""

    def __init__(self, most: int = 1000) -> None:
        self._most = most
        self._plans: OrderedDict[str, rendering.Plan] = OrderedDict()
        self._lock = Lock()

    def check(self, revision: Object) -> None:
        """Raise `StalledError` when the composition cannot work as written, or is of a mode we do not run yet."""
        mode = objects.spec(revision).get("mode") or "Resources"
        if mode != "Resources":
            raise StalledError(
                "ComposeResources",
                f"cannot compose resources: spec.mode {mode!r} of CompositionRevision {objects.name(revision)!r} is "
                "not supported yet: only Resources is",
            )
        self.get(revision)

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
