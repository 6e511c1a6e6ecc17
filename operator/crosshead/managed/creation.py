"""
The protocol around a create whose identity the outside world chooses: intent before effect, result after it.

Three annotations say when a create was begun (pending), and when it is known to have succeeded or failed. Pending and
newer than both others: the result is lost, and another create could make a second resource that nobody knows of.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from crosshead.base.names import CREATE_FAILED, CREATE_PENDING, CREATE_SUCCEEDED

LOST: Final = (
    "cannot determine creation result - remove the crossplane.io/external-create-pending annotation "
    "if it is safe to proceed"
)
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


def stamp(now: datetime) -> str:
    """
    Return *now* in RFC 3339, with microseconds.

    Crossplane writes whole seconds, and reads fractions. We retry within a second: a failed and a pending create must
    not carry the same time.
    """
    return now.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def is_incomplete(annotations: Mapping[str, str]) -> bool:
    """Whether a create was begun and nobody knows what became of it."""
    ended = max(_time(annotations, CREATE_SUCCEEDED), _time(annotations, CREATE_FAILED))
    return _time(annotations, CREATE_PENDING) > ended


def is_recent(annotations: Mapping[str, str], now: datetime, grace: timedelta) -> bool:
    """Whether the create succeeded less than *grace* ago, so that not to see it proves nothing yet."""
    return now - _time(annotations, CREATE_SUCCEEDED) < grace


def _time(annotations: Mapping[str, str], name: str) -> datetime:
    """Return the time that annotation *name* holds; what cannot be read counts as never, as Crossplane has it."""
    try:
        found = datetime.fromisoformat(annotations[name])
    except (KeyError, ValueError):
        return _NEVER
    return found if found.tzinfo else _NEVER
