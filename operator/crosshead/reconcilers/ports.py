"""
The ports of the reconcilers: what they need of the world, in their words. Adapters satisfy them structurally.

Every reconciler is a function `reconcile(ref, world) -> Seconds | None`: the delay after which to look again
unasked, None when only a change matters. What goes wrong is raised (`base.errors`), and becomes a delay in
`runtime.outcomes`, nowhere else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from crosshead.base.errors import ForbiddenError
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Object, SecretValue
from crosshead.compose.protocol import Request, Response
from crosshead.managed.external import Created, Declared, Left, Observation
from crosshead.managed.facts import Facts

Seconds = float


class Cache(Protocol):
    """What the watches have shown. Never asks the API server; what it returns must not be changed."""

    def get(self, ref: Ref) -> Object | None:
        """Return the object at *ref*, None when there is none or its kind is not watched."""

    def list(self, kind: Kind, namespace: str = "") -> Sequence[Object]:
        """Return the objects of *kind*, of one namespace when it is given, sorted by namespace and name."""

    def controlled_by(self, uid: str) -> Sequence[Object]:
        """Return the objects of every watched kind whose controller has this UID."""

    def is_synced(self, kind: Kind) -> bool:
        """Whether *kind* is watched and its first list is complete: only then is an absence a fact."""


class Api(Protocol):
    """
    Writes, and the few reads that the cache cannot answer. Every write puts its answer into the cache.

    Raises `AbsentError`, `AlreadyExistsError`, and the `ReconcileError`s: `ConflictError` (409),
    `InvalidObjectError` (400, 422), `ForbiddenError` (401, 403), `ThrottledError` (429), `TransientError` (the rest).
    """

    def fetch(self, ref: Ref) -> Object | None:
        """Return the object at *ref* as the API server has it now, None when it has none."""

    def create(self, obj: Object) -> Object:
        """Create *obj* (POST)."""

    def replace(self, obj: Object) -> Object:
        """Replace *obj* (PUT), under its resourceVersion."""

    def apply(self, obj: Object, owner: str, *, status: bool = False) -> Object:
        """Server-side apply *obj*, forced, as field owner *owner*; to its status subresource with *status*."""

    def patch(self, ref: Ref, changes: Object, *, status: bool = False) -> Object:
        """Merge-patch the object at *ref*; `metadata.resourceVersion` in *changes* makes it conditional."""

    def delete(self, obj: Object, *, foreground: bool = False) -> None:
        """Delete *obj*, with its UID as precondition; already gone is success."""

    def is_namespaced(self, kind: Kind) -> bool:
        """Whether objects of *kind* live in namespaces. Raises `AbsentError` when the API server knows no such kind."""


class Recorder(Protocol):
    """Kubernetes Events. Never fails, never blocks; the same news about the same object is told once."""

    def normal(self, obj: Object, reason: str, message: str) -> None:
        """Record that something has happened."""

    def warning(self, obj: Object, reason: str, message: str) -> None:
        """Record that something has gone wrong."""


class Watches(Protocol):
    """Which kinds are watched."""

    def start(self, kind: Kind) -> None:
        """Watch *kind* from now on; returns at once, and does nothing when it is watched already."""

    def stop(self, kind: Kind) -> None:
        """Watch *kind* no longer, and forget its objects."""

    def refusal(self, kind: Kind) -> ForbiddenError | None:
        """Return why we are not allowed to watch *kind*, None when we are, as far as is known."""


class External(Protocol):
    """One account's view of one kind of external resource."""

    def observe(self, declared: Declared) -> Observation:
        """Look at the external resource."""

    def left(self, declared: Declared) -> Sequence[Left]:
        """Return what bears the origin of *declared* and was made for another object. Changes nothing."""

    def create(self, declared: Declared) -> Created:
        """Create it; the answer may come before it is ready."""

    def update(self, declared: Declared, seen: Observation) -> None:
        """Correct the drift that *seen* shows."""

    def delete(self, declared: Declared) -> None:
        """Delete it, or begin to; already gone is success."""


class Provider(Protocol):
    """The outside world that managed resources live in."""

    def facts(self, kind: Kind) -> Facts | None:
        """Return what is known about *kind*, None when this provider does not serve it."""

    def connect(self, kind: Kind, parameters: Object, config: Object, secret: Mapping[str, SecretValue]) -> External:
        """
        Return the external resources of *kind* as the account of *config* sees them.

        *config* is the ProviderConfig, *secret* the data of the Secret that it names (empty when it names none).
        Raises `StalledError` when the configuration cannot work.
        """


class Functions(Protocol):
    """Composition functions, wherever they run."""

    def run(self, function: str, request: Request) -> Response:
        """Call the Function of this name. Raises a `ReconcileError` when there is no answer."""


class Clock(Protocol):
    """The time, so that tests can set it."""

    def now(self) -> datetime:
        """Return the present, in UTC."""


class Dice(Protocol):
    """Randomness, so that tests can load it."""

    def suffix(self, length: int) -> str:
        """Return *length* characters of Kubernetes' name alphabet (`bcdfghjklmnpqrstvwxz2456789`)."""

    def password(self, length: int) -> SecretValue:
        """Return a password that every engine accepts."""

    def jitter(self, around: Seconds, fraction: float) -> Seconds:
        """Return a duration within *fraction* of *around*."""


class Requests(Protocol):
    """The work queue, as seen by a reconciler that has news for another object."""

    def add(self, ref: Ref, *, delay: Seconds = 0.0) -> None:
        """Have *ref* reconciled, after *delay*."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often things are looked at, in seconds. Flags, environment and annotations set it."""

    poll_interval: timedelta = timedelta(minutes=10)
    poll_jitter: float = 0.05
    # How soon a just-created or changing external resource is looked at again at first; then it backs off.
    creation_grace: timedelta = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class World:
    """Everything outside the reconcilers, as ports."""

    cache: Cache
    api: Api
    events: Recorder
    watches: Watches
    requests: Requests
    provider: Provider
    functions: Functions
    clock: Clock
    dice: Dice
    pace: Pace = Pace()
    # The UID of the cluster (of its namespace kube-system), "" when it is not known.
    cluster: str = ""
