"""The sentences in which a composite says how it is, word for word Crossplane's: people search for them."""

from collections.abc import Iterable

from crosshead.base import conditions
from crosshead.base.conditions import Condition
from crosshead.compose.protocol import Ready


def listed(words: Iterable[str]) -> str:
    """Return *words* sorted, the first three of them: "a, b, c, and 2 more"."""
    first, rest = sorted(words)[:3], len(sorted(words)) - 3
    if rest > 0:
        return f"{', '.join(first)}, and {rest} more"
    if len(first) < 3:
        return ", ".join(first)
    return f"{first[0]}, {first[1]}, and {first[2]}"


def readiness(unready: Iterable[str], said: Ready = Ready.UNSPECIFIED) -> Condition:
    """
    Return the Ready condition of a composite of whose resources those named in *unready* are not ready.

    *said* is what a function says of the composite itself: that counts (Crossplane ≥ 1.18), and gives no reason.
    """
    names = list(unready)
    if said is Ready.TRUE or (said is Ready.UNSPECIFIED and not names):
        return conditions.available()
    return conditions.creating(f"Unready resources: {listed(names)}" if said is Ready.UNSPECIFIED else "")
