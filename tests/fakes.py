"""
One in-memory fake per port of the reconcilers, keeping the promises of the port.

`FakeCluster` (in `tests/fake_cluster.py`) is both `Cache` and `Api`; `FakeProvider` serves a cloud of things;
`fake_world` puts a world together.
"""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crosshead.base import conditions, objects
from crosshead.base.errors import AlreadyExistsError, ForbiddenError, StalledError, TransientError
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Object, SecretValue
from crosshead.compose.protocol import Request, Response
from crosshead.managed.external import ABSENT, Created, Declared, Drift, Left, Observation
from crosshead.managed.facts import Facts, Naming
from crosshead.reconcilers.ports import Pace, Provider, Seconds, World
from tests.fake_cluster import FakeClock, FakeCluster, Write

__all__ = ["FakeClock", "FakeCluster", "Write"]

THING = Kind("example.aws.upbound.io/v1beta1", "Thing")


class FakeDice:
    """Dice that always fall in the same order; no jitter."""

    def __init__(self) -> None:
        self._throws = itertools.count(1)

    def suffix(self, length: int) -> str:
        return str(next(self._throws)).rjust(length, "x")[-length:]

    def password(self, length: int) -> SecretValue:
        return SecretValue(str(next(self._throws)).rjust(length, "p"))

    def jitter(self, around: Seconds, fraction: float) -> Seconds:
        del fraction
        return around


@dataclass(frozen=True, slots=True)
class Event:
    """One Kubernetes Event."""

    type: str
    reason: str
    message: str
    about: Ref


class FakeRecorder:
    """Keeps events; the same news about the same object only once."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def normal(self, obj: Object, reason: str, message: str) -> None:
        self._add(Event("Normal", reason, message, objects.ref_of(obj)))

    def warning(self, obj: Object, reason: str, message: str) -> None:
        self._add(Event("Warning", reason, message, objects.ref_of(obj)))

    def _add(self, event: Event) -> None:
        if event not in self.events:
            self.events.append(event)

    @property
    def reasons(self) -> list[str]:
        return [event.reason for event in self.events]


class FakeWatches:
    """Remembers which kinds are watched; *refusals* are those that may not be."""

    def __init__(self) -> None:
        self.kinds: set[Kind] = set()
        self.refusals: dict[Kind, ForbiddenError] = {}

    def start(self, kind: Kind) -> None:
        self.kinds.add(kind)

    def stop(self, kind: Kind) -> None:
        self.kinds.discard(kind)

    def refusal(self, kind: Kind) -> ForbiddenError | None:
        return self.refusals.get(kind)


class FakeRequests:
    """Remembers what was asked to be reconciled, and after which delay."""

    def __init__(self) -> None:
        self.added: list[tuple[Ref, Seconds]] = []

    def add(self, ref: Ref, *, delay: Seconds = 0.0) -> None:
        self.added.append((ref, delay))


@dataclass
class FakeExternal:
    """
    One account of a cloud that knows one kind of thing.

    *things* maps external names to their fields. *immutable* names fields that cannot be changed, *defaults* what the
    cloud chooses for fields left out. *failures* maps a verb to the error that it meets; a verb in *lost* does its work
    once, but the answer never comes. The next *hidden* looks do not see what is there. *remains* bear the
    origin that is looked for. *calls* is for asserting on.
    """

    naming: Naming = Naming.BY_US
    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    immutable: frozenset[str] = frozenset()
    defaults: Object = field(default_factory=dict)
    connection: Mapping[str, SecretValue] = field(default_factory=dict)
    created_connection: Mapping[str, SecretValue] = field(default_factory=dict)
    failures: dict[str, Exception] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    hidden: int = 0
    busy: bool = False
    lingers: bool = False
    ready: bool = True
    calls: list[str] = field(default_factory=list)
    declared: list[Declared] = field(default_factory=list)
    remains: tuple[Left, ...] = ()

    def observe(self, declared: Declared) -> Observation:
        self._called("observe", declared)
        actual = self.things.get(declared.external_name)
        self.hidden -= 1
        if actual is None or self.hidden >= 0:
            return ABSENT
        wrong = [Drift(f, v, actual.get(f)) for f, v in declared.parameters.items() if f in actual and actual[f] != v]
        return Observation(
            exists=True,
            ready=conditions.available() if self.ready and not self.busy else conditions.creating(),
            busy=self.busy,
            external_name=declared.external_name,
            at_provider=dict(actual),
            drift=tuple(d for d in wrong if d.field not in self.immutable),
            immutable=tuple(d for d in wrong if d.field in self.immutable),
            late={f: v for f, v in self.defaults.items() if f not in declared.parameters},
            connection=self.connection,
        )

    def left(self, declared: Declared) -> tuple[Left, ...]:
        self._called("left", declared)
        return self.remains

    def create(self, declared: Declared) -> Created:
        self._called("create", declared)
        by_us = self.naming is Naming.BY_US
        name = declared.external_name if by_us else f"thing-{len(self.things) + 1}"
        if name in self.things:
            raise AlreadyExistsError(f"thing {name!r} exists already")
        self.things[name] = {**self.defaults, **declared.initial}
        self._answer("create")
        return Created(name, self.created_connection)

    def update(self, declared: Declared, seen: Observation) -> None:
        self._called("update", declared)
        self.things[declared.external_name] |= {drift.field: drift.declared for drift in seen.drift}
        self._answer("update")

    def delete(self, declared: Declared) -> None:
        self._called("delete", declared)
        if not self.lingers:
            self.things.pop(declared.external_name, None)
        self._answer("delete")

    def _called(self, verb: str, declared: Declared) -> None:
        self.calls.append(verb)
        self.declared.append(declared)
        if verb in self.failures:
            raise self.failures[verb]

    def _answer(self, verb: str) -> None:
        if verb in self.lost:
            self.lost.discard(verb)
            raise TransientError("Unavailable", "no answer from the cloud")

    @property
    def changes(self) -> list[str]:
        """The calls that are more than looking."""
        return [verb for verb in self.calls if verb not in {"observe", "left"}]


@dataclass
class FakeProvider:
    """Serves the kinds in *known*, all from the account *external*; *connections* keeps what it was connected with."""

    external: FakeExternal = field(default_factory=FakeExternal)
    known: dict[Kind, Facts] = field(
        default_factory=lambda: {THING: Facts(THING, "things", Naming.BY_US, provider="fake")}
    )
    refusal: StalledError | None = None
    connections: list[tuple[Object, Mapping[str, SecretValue]]] = field(default_factory=list)

    def facts(self, kind: Kind) -> Facts | None:
        return self.known.get(kind)

    def connect(
        self, kind: Kind, parameters: Object, config: Object, secret: Mapping[str, SecretValue]
    ) -> FakeExternal:
        del kind, parameters
        self.connections.append((config, secret))
        if self.refusal:
            raise self.refusal
        return self.external


@dataclass
class FakeFunctions:
    """Functions by name, each a callable; *requests* remembers what each was called with."""

    known: dict[str, Callable[[Request], Response]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def run(self, function: str, request: Request) -> Response:
        self.requests.append(request)
        if function not in self.known:
            raise StalledError("ComposeResources", f"there is no Function {function!r}")
        return self.known[function](request)


def fake_world(
    cluster: FakeCluster,
    provider: Provider | None = None,
    pace: Pace | None = None,
    functions: FakeFunctions | None = None,
) -> World:
    """Return a world around *cluster*; its other parts are fakes, too."""
    return World(
        cache=cluster,
        api=cluster,
        events=FakeRecorder(),
        watches=FakeWatches(),
        requests=FakeRequests(),
        provider=provider or FakeProvider(),
        functions=functions or FakeFunctions(),
        clock=cluster.clock,
        dice=FakeDice(),
        pace=pace or Pace(),
    )
