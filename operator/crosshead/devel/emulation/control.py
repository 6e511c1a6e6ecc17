"""
The control endpoint: `/_crosshead/…`, JSON in and out.

* GET    ready         whether AWS can be called, and how
* GET    faults        the rules in force;  POST a rule (see `faults.Rule`);  DELETE all, or `faults/<id>`
* GET    delays        seconds in each passing state;  POST those to change, for what happens from now on
* GET    requests      `counts` by `service:Operation`, and the latest calls as `log`;  DELETE starts from zero
* POST   maintenance   apply what modifications without ApplyImmediately have left pending
* POST   reset         forget everything: resources, rules, counts; delays are those of the start
* POST   stop          end the process
"""

import dataclasses
import json
import os
from collections.abc import Callable
from typing import Any

from crosshead.devel.emulation import world
from crosshead.devel.emulation.answers import Answer, document
from crosshead.devel.emulation.faults import Rule
from crosshead.devel.emulation.gate import Gate


class Control:
    """Does what the control endpoint is asked for, to *gate* and what lies behind it; *stop* ends the server."""

    def __init__(self, gate: Gate, stop: Callable[[], None]) -> None:
        self._gate = gate
        self._initial = gate.timeline.delays
        self._doors: dict[tuple[str, str], Callable[[Any], object]] = {
            ("GET", "ready"): lambda _: {"ready": True, "pid": os.getpid()},
            ("GET", "faults"): lambda _: gate.faults.show(),
            ("POST", "faults"): lambda given: {"id": gate.faults.add(Rule.from_wire(given))},
            ("DELETE", "faults"): lambda _: {"lifted": gate.faults.lift()},
            ("GET", "delays"): lambda _: dataclasses.asdict(gate.timeline.delays),
            ("POST", "delays"): self._change_delays,
            ("GET", "requests"): lambda _: {"counts": gate.journal.counts(), "log": gate.journal.entries()},
            ("DELETE", "requests"): lambda _: gate.journal.forget(),
            ("POST", "maintenance"): self._maintain,
            ("POST", "reset"): self._reset,
            ("POST", "stop"): lambda _: stop(),
        }

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        """Do what the request says; *path* is what follows `/_crosshead/`."""
        if method == "DELETE" and path.startswith("faults/"):
            return document({"lifted": self._gate.faults.lift(path.removeprefix("faults/"))})
        if (door := self._doors.get((method, path))) is None:
            known = sorted(" ".join(key) for key in self._doors)
            return document({"error": f"no {method} {path} here, only {', '.join(known)}"}, 404)
        try:
            return document(door(json.loads(body or b"{}")))
        except (TypeError, ValueError) as error:
            return document({"error": str(error)}, 400)

    def _change_delays(self, given: Any) -> object:  # noqa: ANN401  # JSON from outside, of any shape
        changed = {name: float(seconds) for name, seconds in dict(given).items()}
        self._gate.timeline.delays = dataclasses.replace(self._gate.timeline.delays, **changed)
        return dataclasses.asdict(self._gate.timeline.delays)

    def _maintain(self, _: object) -> None:
        with self._gate.turn:
            self._gate.timeline.settle()
            world.maintain()

    def _reset(self, _: object) -> None:
        self._gate.faults.lift()
        with self._gate.turn:
            self._gate.timeline.forget()
            self._gate.timeline.delays = self._initial
            world.reset()
        self._gate.journal.forget()
