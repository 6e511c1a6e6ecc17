"""Tell the story from the beginning to the end; exit status 0 only when every sentence of it was verified."""

import contextlib
import os
import signal
import sys
from types import FrameType

from crosshead.devel.emulator import EmulatorError
from crosshead.devel.processes import ProcessError
from crosshead.devel.programs import ProgramsError
from demo import ground, hands, leaving, teams
from demo.stage import Stage, stage, verify_end
from demo.telling import DemoError, Teller

# Ctrl-C, a polite kill, and a terminal that was closed.
_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    """Run the demo; return its exit status."""
    teller = Teller()
    for number in _ENDS:
        signal.signal(number, _interrupt)
    try:
        return _tell(teller, keep=bool(os.environ.get("KEEP")))
    except (DemoError, ProcessError, ProgramsError, EmulatorError) as error:
        teller.say(f"✗ {error}")
        teller.summary()
        print("demo: it could not go on")
        return 1
    except KeyboardInterrupt:
        print("demo: interrupted; everything was stopped")
        return 130


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    # A second Ctrl-C must not interrupt the cleaning up that the first one has begun.
    for number in _ENDS:
        signal.signal(number, signal.SIG_IGN)
    print("\n   stopping everything", flush=True)
    raise KeyboardInterrupt


def _tell(teller: Teller, *, keep: bool) -> int:
    with stage(teller) as running:
        scene = running.scene
        ground.prepare(scene, running.emulator.url)
        teams.ask(scene)
        hands.meddle(scene)
        hands.grow(scene)
        if keep:
            return _keep(teller, running)
        leaving.leave(scene)
        _verify_quiet(running)
        teller.chapter("Everything is stopped")
        pids, folder, operator = running.pids, running.plane.folder, running.operator
    verify_end(teller, pids, operator.status, folder)
    return _conclude(teller)


def _verify_quiet(running: Stage) -> None:
    log = running.operator.log.read_text(errors="replace")
    tracebacks = log.count("Traceback (most recent call last)")
    running.scene.teller.check("the operator's log has no traceback in it", tracebacks == 0)


def _keep(teller: Teller, running: Stage) -> int:
    """Leave it running until somebody says Ctrl-C."""
    teller.say(f"\nIt runs on. In another terminal:\n\n   export KUBECONFIG={running.plane.kubeconfig}")
    teller.say("   kubectl get claim,composite,managed -A")
    teller.say(f"   aws --endpoint-url {running.emulator.url} rds describe-db-instances   # any keys will do\n")
    teller.say("Ctrl-C stops everything and removes it.")
    status = _conclude(teller)
    with contextlib.suppress(KeyboardInterrupt):
        signal.pause()
    return status


def _conclude(teller: Teller) -> int:
    true = teller.summary()
    held, verified = teller.verified
    last = f"demo: {held} checks verified" if true else f"demo: {verified - held} of {verified} checks NOT verified"
    print(last, flush=True)
    return 0 if true else 1


if __name__ == "__main__":
    sys.exit(main())
