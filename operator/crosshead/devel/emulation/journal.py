"""Which calls came in, and what became of them."""

import threading
from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any

# A demo makes hundreds of calls, a bench some ten thousand; older entries only cost memory.
KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One call: when it came (seconds since 1970), who asked for what, and what it got (status 0: a cut connection)."""

    at: float
    service: str
    operation: str
    region: str
    key: str
    path: str
    status: int
    fault: str
    seconds: float


class Journal:
    """Counts of calls by `service:Operation`, and the latest of them in full."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._entries: deque[Entry] = deque(maxlen=KEPT)

    def note(self, entry: Entry) -> None:
        """Count and keep *entry*."""
        with self._lock:
            self._counts[f"{entry.service}:{entry.operation}"] += 1
            self._entries.append(entry)

    def counts(self) -> dict[str, int]:
        """Return how often each operation was called."""
        with self._lock:
            return dict(self._counts)

    def entries(self) -> list[dict[str, Any]]:
        """Return the latest calls, oldest first."""
        with self._lock:
            kept = tuple(self._entries)
        return [asdict(entry) for entry in kept]

    def forget(self) -> None:
        """Start counting from zero."""
        with self._lock:
            self._counts.clear()
            self._entries.clear()
