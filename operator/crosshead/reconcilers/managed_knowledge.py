"""What one pass over a managed resource has found out, and how what goes wrong is worded on its way out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from crosshead.base.conditions import Condition
from crosshead.base.errors import AbsentError, AlreadyExistsError, ReconcileError, TransientError
from crosshead.base.values import Object
from crosshead.managed.external import ABSENT, Observation
from crosshead.managed.facts import Facts
from crosshead.managed.policies import Verbs
from crosshead.reconcilers.managed_memory import Data, Memory
from crosshead.reconcilers.ports import External, World

CONNECT = "CannotConnectToProvider"
INITIALIZE = "CannotInitializeManagedResource"
OBSERVE = "CannotObserveExternalResource"
CREATE = "CannotCreateExternalResource"
UPDATE = "CannotUpdateExternalResource"
DELETE = "CannotDeleteExternalResource"
PUBLISH = "CannotPublishConnectionDetails"
UPDATE_MANAGED = "CannotUpdateManagedResource"


@dataclass(frozen=True, slots=True)
class Known:
    """
    What is known so far. Each step adds to it; none takes away.

    *told* are the secret inputs that the connection Secret holds. *ready* is the Ready condition to show, None to leave
    it as it is. *waiting* says what the next look is for, when it should come soon. *unresolved* is what keeps a
    reference from its value. *released* ends it all.
    """

    managed: Object
    facts: Facts
    memory: Memory
    allowed: Verbs = frozenset()
    secrets: Data = field(default_factory=dict)
    told: Data = field(default_factory=dict)
    external: External | None = None
    seen: Observation = ABSENT
    ready: Condition | None = None
    waiting: str = ""
    unresolved: ReconcileError | None = None
    released: bool = False


Step = Callable[[Known, World], Known]


@contextmanager
def worded(words: str, reason: str) -> Iterator[None]:
    """Put *words* before what goes wrong inside, and *reason* on its event, as Crossplane does: "observe failed: …"."""
    try:
        yield
    except ReconcileError as error:
        error.reason, error.message = reason, f"{words}: {error.message}"
        error.args = (error.message,)
        raise
    except (AbsentError, AlreadyExistsError) as error:
        raise TransientError(reason, f"{words}: {error}") from error
