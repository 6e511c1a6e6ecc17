"""
Run a command that dies with the process that wanted it, even when that one is killed with SIGKILL.

`python tied.py PARENT exec COMMAND…` becomes the command. `python tied.py PARENT guard COMMAND…` stays in between
and ends the command's whole process group, for commands that start others (a build). Run by path, isolated and
without `site` (`-IS`), so that it costs a few milliseconds; it must import nothing of this package.

The kernel sends the signal when the *thread* ends that started the process: start it from one that stays
(`processes` does).
"""

import ctypes
import os
import signal
import subprocess
import sys
from types import FrameType

_PR_SET_PDEATHSIG = 1


def main(parent: int, mode: str, command: list[str]) -> int:
    """Tie this process to *parent*, then run *command*."""
    death = signal.SIGTERM if mode == "guard" else signal.SIGKILL
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, death, 0, 0, 0)
    # It may have died before the line above: then nobody will send the signal any more.
    if os.getppid() != parent:
        return 1
    if mode == "exec":
        os.execv(command[0], command)  # noqa: S606 the point of this program
    return _guard(command)


def _guard(command: list[str]) -> int:
    # The handler must be there before there is anything to end.
    signal.signal(signal.SIGTERM, _interrupted)
    process: subprocess.Popen[bytes] | None = None
    try:
        process = subprocess.Popen(command, start_new_session=True)
        return process.wait()
    except KeyboardInterrupt:
        return 128 + signal.SIGTERM
    finally:
        if process is not None:
            _end_group(process.pid)


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _end_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2], sys.argv[3:]))
