"""When a composite is to be looked at again though nothing has changed. Most are not: everything is watched."""

import math
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from crosshead.base import objects
from crosshead.base.values import Object
from crosshead.compose.pipelines import Outcome
from crosshead.managed import polling
from crosshead.reconcilers import connections
from crosshead.reconcilers.ports import Seconds, World

# An answer that is to be kept for less is asked for again after this: no function may keep us busy.
SHORTEST_LIFE: Final[Seconds] = 1.0
_SPREAD: Final = 0.1


def delay(composite: Object, observed: Iterable[Object], outcome: Outcome | None, world: World) -> Seconds | None:
    """
    Return when to look at *composite* again, None when only a change matters.

    That is when the answers of its functions have outlived their time, as Crossplane ≥ 1.20 does; at the interval that
    people ask for; and at ours where something is composed that nobody watches: a Secret.
    """
    is_blind = any(objects.kind_of(obj) == connections.SECRET for obj in observed)
    default = world.pace.poll_interval if is_blind else timedelta.max
    interval = polling.interval(objects.annotations(composite), default)
    delays = [] if interval == timedelta.max else [world.dice.jitter(interval.total_seconds(), world.pace.poll_jitter)]
    if outcome is not None and outcome.ttl is not None and math.isfinite(outcome.ttl):
        delays.append(world.dice.jitter(max(outcome.ttl, SHORTEST_LIFE), _SPREAD))
    return min(delays, default=None)
