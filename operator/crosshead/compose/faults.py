"""What is wrong with a composition, and where: the words of Kubernetes' field errors."""

from collections.abc import Sequence
from dataclasses import dataclass

from crosshead.base import goquotes

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. *path* is where, from the root of the object."""

    path: str
    problem: str

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}"

    def under(self, path: str) -> "Fault":
        """Return the same fault, seen from further up."""
        return Fault(f"{path}.{self.path}", self.problem)


def required(path: str, detail: str) -> Fault:
    """Return the fault of leaving *path* out."""
    return Fault(path, f"Required value: {detail}")


def invalid(path: str, value: str, detail: str) -> Fault:
    """Return the fault of *value* at *path*."""
    return Fault(path, f"Invalid value: {goquotes.quote(value)}: {detail}")


def duplicate(path: str, value: str) -> Fault:
    """Return the fault of having *value* at *path* a second time."""
    return Fault(path, f"Duplicate value: {goquotes.quote(value)}")


def summary(faults: Sequence[Fault]) -> str:
    """Return the first few of *faults* in one line."""
    more = [f"and {len(faults) - _SHOWN} more"] if len(faults) > _SHOWN else []
    return "; ".join([*map(str, faults[:_SHOWN]), *more])
