"""
Run the operator under Python's own profiler, in CPU time: `BENCH_PROFILE=FILE make bench`.

Every thread has a profiler, whose clock stands still while the thread waits. FILE says by function how often it was
called, the seconds of its own, and those with all that it called, while the bench changed a Composition. The profiler
itself makes everything slower, small functions most: shares tell something, seconds do not.

The operator writes down its costs so far every second; the bench takes the difference of two of these accounts.
"""

import cProfile
import json
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import CodeType

from crosshead.cli.main import main

# By function: calls, seconds of its own, seconds with what it called.
Costs = Mapping[str, tuple[int, float, float]]

_INTERVAL = 1.0
_profiles: list[cProfile.Profile] = []


def begin(file: Path) -> None:
    """Have what was spent until now left out of *file*."""
    _so_far(file).rename(file.with_suffix(".before"))


def end(file: Path) -> None:
    """Write into *file* what was spent since `begin`."""
    now, before = (json.loads(at.read_text()) for at in (_so_far(file), file.with_suffix(".before")))
    file.write_text(json.dumps(difference(now, before), indent=1))


def _so_far(file: Path) -> Path:
    time.sleep(2 * _INTERVAL)
    return file.with_suffix(".so-far")


def costs() -> Costs:
    """Return what all threads have spent."""
    spent: dict[str, tuple[int, float, float]] = {}
    for profile in tuple(_profiles):
        for entry in profile.getstats():
            name = _name(entry.code)
            calls, own, total = spent.get(name, (0, 0.0, 0.0))
            spent[name] = (calls + entry.callcount, own + entry.inlinetime, total + entry.totaltime)
    return spent


def difference(now: Costs, before: Costs) -> Costs:
    """Return what was spent since, what cost most first."""
    since = {}
    for name, (calls, own, total) in now.items():
        old = before.get(name, (0, 0.0, 0.0))
        since[name] = (calls - old[0], round(own - old[1], 3), round(total - old[2], 3))
    return dict(sorted(since.items(), key=lambda item: -item[1][2]))


def _name(code: CodeType | str) -> str:
    if isinstance(code, str):
        return code
    return f"{'.'.join(Path(code.co_filename).with_suffix('').parts[-2:])}.{code.co_qualname}"


def _profiled(thread: threading.Thread) -> None:
    profile = cProfile.Profile(time.thread_time)
    _profiles.append(profile)
    profile.runcall(_run, thread)


def _write(file: Path) -> None:
    while True:
        time.sleep(_INTERVAL)
        # Whoever reads it meanwhile shall read it whole.
        unfinished = file.with_suffix(".unfinished")
        unfinished.write_text(json.dumps(costs()))
        unfinished.rename(file.with_suffix(".so-far"))


_run = threading.Thread.run

if __name__ == "__main__":
    threading.Thread(target=_write, args=(Path(sys.argv[1]),), daemon=True).start()
    threading.Thread.run = _profiled  # type: ignore[assignment,method-assign] # every thread that is started from now on
    sys.exit(main(sys.argv[2:]))
