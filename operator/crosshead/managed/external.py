"""What passes between the life cycle of a managed resource and the outside world it lives in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crosshead.base.conditions import Condition, creating
from crosshead.base.objects import Kind
from crosshead.base.values import Json, Object, SecretValue


@dataclass(frozen=True, slots=True)
class Drift:
    """A field whose declared value is not what the outside world shows. *field* is a path below `forProvider`."""

    field: str
    declared: Json
    found: Json


@dataclass(frozen=True, slots=True)
class Declared:
    """
    What one managed resource asks for, once its references are resolved and its secrets are read.

    *parameters* is `forProvider`; *initial* is `forProvider` over `initProvider` (what a create sends);
    *secrets* holds the secret inputs by argument (`password`); *external_name* is "" until it is known. *told* holds
    those that the outside world was told last, as far as somebody has written that down. *namespace* is "" for what
    belongs to none. What a look shows may be *patience* seconds old. *origin* (`managed.origins`) is "" when unknown.
    """

    kind: Kind
    name: str
    uid: str
    external_name: str
    parameters: Object
    initial: Object
    secrets: Mapping[str, SecretValue] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, SecretValue] = field(default_factory=dict)
    namespace: str = ""
    patience: float = 0.0
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """
    What one look at the outside world has shown.

    *ready* is the Ready condition to show. *busy* means a change is under way (creating, modifying, deleting):
    nothing may be sent now, look again soon; of what does not exist, that it may do so and not be shown yet.
    *drift* can be corrected in place; *immutable* cannot, and is refused.
    *late* is what AWS chose for parameters the user left out (`forProvider` paths at their nested place).
    *at_provider* is the new `status.atProvider`. *external_name* is as found, "" when nothing was learned.
    *conditions* are shown beside Ready. *again* is when to look again, in seconds, if sooner than the poll interval.
    *age* says how many seconds ago it was seen.
    """

    exists: bool
    ready: Condition = field(default_factory=creating)
    busy: bool = False
    external_name: str = ""
    at_provider: Object = field(default_factory=dict)
    drift: tuple[Drift, ...] = ()
    immutable: tuple[Drift, ...] = ()
    late: Object = field(default_factory=dict)
    connection: Mapping[str, SecretValue] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()
    again: float | None = None
    age: float = 0.0


@dataclass(frozen=True, slots=True)
class Created:
    """What a create has brought: the identity, and what must be kept because it is shown only once."""

    external_name: str
    connection: Mapping[str, SecretValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Left:
    """
    Something that bears the origin of an object, and was made for another: one that had the same origin before.

    *uid* is that of the object it was made for, "" when that is not known. *immutable* is what differs from what is
    declared now, and cannot be changed.
    """

    external_name: str
    uid: str
    immutable: tuple[Drift, ...] = ()


ABSENT = Observation(exists=False)
