"""What one pass over a managed resource has found out, and how what goes wrong is worded on its way out."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from crosshead.base.conditions import Condition
from crosshead.base.errors import AbsentError, AlreadyExistsError, ReconcileError, TransientError
from crosshead.base.values import Json, Object
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


# Values by path.
Values = tuple[tuple[str, Json], ...]


@dataclass(frozen=True, slots=True)
class Known:
    """
    What is known so far. Each step adds to it; none takes away.

    *told* are the secret inputs that the connection Secret holds. *ready* is the Ready condition to show, None to leave
    it as it is. *waiting* says what the next look is for, when it should come soon; *operation* what was done.
    *unresolved* is what keeps a reference from its value; *unwritten* are values found for references inside lists, by
    the part of the spec: who applies a list owns all of it, and would take out again what we write there. *released*
    ends it all.
    """

    managed: Object
    facts: Facts
    memory: Memory
    allowed: Verbs = frozenset()
    secrets: Data = field(default_factory=dict)
    told: Data = field(default_factory=dict)
    external: External | None = None
    origin: str = ""
    seen: Observation = ABSENT
    ready: Condition | None = None
    waiting: str = ""
    operation: str = ""
    unresolved: ReconcileError | None = None
    unwritten: Mapping[str, Values] = field(default_factory=dict)
    released: bool = False


Step = Callable[[Known, World], Known]


@contextmanager
def worded(words: str, reason: str, after: str = "") -> Iterator[None]:
    """
    Put *words* before what goes wrong inside, and *reason* on its event, as Crossplane does: "observe failed: …".

    What it was for stands *after* it.
    """
    try:
        yield
    except ReconcileError as error:
        error.reason, error.message = reason, f"{words}: {error.message}{after}"
        error.args = (error.message,)
        raise
    except (AbsentError, AlreadyExistsError) as error:
        raise TransientError(reason, f"{words}: {error}{after}") from error
