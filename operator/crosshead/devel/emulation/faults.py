"""Rules that make calls fail, wait or disappear."""

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from fnmatch import fnmatchcase
from typing import Any, Literal, get_args

from crosshead.devel.emulation.calls import Call

Kind = Literal["error", "throttle", "status", "html", "truncate", "reset", "hang", "delay", "lost-answer"]

# Long enough to outlast every client, short enough not to leave threads behind for ever.
HANG_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Rule:
    """
    Which calls go wrong, and how.

    *service* and *operation* may have wildcards (`Describe*`); *match* is a part of the path or of the body, so that
    one resource can be meant. *seconds* is a wait before the rest happens. A rule fires *times* times (0: for ever),
    each time with *probability*. A throttle with a *rate* (calls per second, per region) lets calls through up to it,
    and *burst* at once; without one it refuses every call.
    """

    kind: Kind
    service: str = "*"
    operation: str = "*"
    match: str = ""
    code: str = ""
    message: str = ""
    status: int = 0
    seconds: float = 0.0
    times: int = 0
    probability: float = 1.0
    rate: float = 0.0
    burst: float = 0.0

    @classmethod
    def from_wire(cls, given: object) -> "Rule":
        """Read a rule as the control endpoint gets it; TypeError or ValueError says what is wrong with it."""
        if not isinstance(given, Mapping):
            raise TypeError(f"a rule is an object with a kind, not {given!r}")
        known = {f.name: f.type for f in fields(cls)}
        if strange := sorted(set(given) - set(known)):
            raise ValueError(f"a rule has no {', '.join(map(repr, strange))}; it has {', '.join(known)}")
        if (kind := given.get("kind")) not in get_args(Kind):
            raise ValueError(f"kind is {kind!r}, but would have to be one of {', '.join(get_args(Kind))}")
        for name, value in given.items():
            _check(name, value, known[name])
        return cls(**given)

    def concerns(self, call: Call) -> bool:
        """Whether *call* is of the sort that this rule is about."""
        return (
            fnmatchcase(call.service, self.service)
            and fnmatchcase(call.operation, self.operation)
            and (self.match in call.path or self.match.encode() in call.body)
        )


def _check(name: str, value: object, wanted: object) -> None:
    allowed: tuple[type, ...] = {int: (int,), float: (int, float)}.get(wanted, (str,))  # type: ignore[call-overload]  # annotations are types here
    if isinstance(value, bool) or not isinstance(value, allowed):
        raise TypeError(f"{name} of a rule is {value!r}, but would have to be of type {allowed[-1].__name__}")


@dataclass(slots=True)
class Bucket:
    """A token bucket, as AWS meters calls with: full at first, refilled evenly."""

    rate: float
    burst: float
    tokens: float
    since: float

    def take(self, now: float) -> bool:
        """Take one token; False when there is none."""
        self.tokens = min(self.burst, self.tokens + (now - self.since) * self.rate)
        self.since = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


@dataclass(slots=True, eq=False)
class Fault:
    """A rule in force: what it has done so far, and the event that frees whoever waits because of it."""

    id: str
    rule: Rule
    fired: int = 0
    lifted: threading.Event = field(default_factory=threading.Event)
    buckets: dict[tuple[str, str], Bucket] = field(default_factory=dict)

    def spent(self) -> bool:
        """Whether the rule has fired as often as it was meant to."""
        return bool(self.rule.times) and self.fired >= self.rule.times

    def within_rate(self, call: Call, now: float) -> bool:
        """Whether *call* is one of those that a rate lets through; AWS meters each account and region by itself."""
        if self.rule.kind != "throttle" or not self.rule.rate:
            return False
        burst = max(self.rule.burst, 1.0)
        bucket = self.buckets.setdefault((call.key, call.region), Bucket(self.rule.rate, burst, burst, now))
        return bucket.take(now)

    def wait(self) -> None:
        """Wait as long as the rule says, or until it is lifted."""
        seconds = self.rule.seconds or (HANG_SECONDS if self.rule.kind == "hang" else 0.0)
        if seconds:
            self.lifted.wait(seconds)


class Faults:
    """The rules in force, in the order in which they were given: the first that fires decides."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, seed: int = 0) -> None:
        self._clock = clock
        self._dice = random.Random(seed)  # noqa: S311  # reproducible by intent, nothing secret
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._given = 0

    def add(self, rule: Rule) -> str:
        """Put *rule* into force; return the id by which it can be lifted."""
        with self._lock:
            self._given += 1
            fault = Fault(f"fault-{self._given}", rule)
            self._faults.append(fault)
            return fault.id

    def lift(self, id: str = "") -> int:
        """Lift the rule *id*, or all of them, and free those who wait because of it; return how many there were."""
        with self._lock:
            lifted = [fault for fault in self._faults if id in {"", fault.id}]
            self._faults = [fault for fault in self._faults if fault not in lifted]
        for fault in lifted:
            fault.lifted.set()
        return len(lifted)

    def judge(self, call: Call) -> Fault | None:
        """Return the fault that *call* meets, and count it."""
        with self._lock:
            return next((fault for fault in self._faults if self._fires(fault, call)), None)

    def show(self) -> list[dict[str, Any]]:
        """Return the rules in force, each with its id and how often it has fired."""
        with self._lock:
            return [
                {"id": fault.id, "fired": fault.fired, **{f.name: getattr(fault.rule, f.name) for f in fields(Rule)}}
                for fault in self._faults
            ]

    def _fires(self, fault: Fault, call: Call) -> bool:
        rule = fault.rule
        if fault.spent() or not rule.concerns(call) or fault.within_rate(call, self._clock()):
            return False
        if rule.probability < 1 and self._dice.random() >= rule.probability:
            return False
        fault.fired += 1
        return True
