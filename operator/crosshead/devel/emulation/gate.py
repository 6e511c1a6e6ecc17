"""
Where every request passes: the control endpoint, the journal, the faults, then one at a time into moto.

One at a time, because moto's stores break when one thread walks them while another changes them. Only the work itself
holds the lock: a request that is told to wait does so outside, and keeps nobody else waiting.
"""

import io
import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from crosshead.devel.emulation import answers, calls
from crosshead.devel.emulation.answers import Answer
from crosshead.devel.emulation.calls import Call, Environ
from crosshead.devel.emulation.faults import Fault, Faults, Rule
from crosshead.devel.emulation.journal import Entry, Journal
from crosshead.devel.emulation.timeline import Timeline

_LOG = logging.getLogger(__name__)

CONTROL = "/_crosshead/"

Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class Controller(Protocol):
    """What answers requests to the control endpoint."""

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        """Do what the request says; *path* is what follows `/_crosshead/`."""
        ...


class Gate:
    """The way into the emulated AWS."""

    def __init__(self, application: Application, timeline: Timeline) -> None:
        self.faults = Faults()
        self.journal = Journal()
        self.timeline = timeline
        self.turn = threading.Lock()
        self._application = application

    def answer(self, environ: Environ, body: bytes) -> Answer:
        """Answer an AWS request."""
        started = time.monotonic()
        call = calls.read(environ, body)
        fault = self.faults.judge(call)
        answer = self._carry_out(environ, body) if fault is None else self._misbehave(fault, call, environ)
        self.journal.note(_entry(call, answer, fault, time.monotonic() - started))
        return answer

    def _misbehave(self, fault: Fault, call: Call, environ: Environ) -> Answer:
        fault.wait()
        if fault.rule.kind in {"delay", "lost-answer", "truncate"}:
            return _spoiled(fault.rule, self._carry_out(environ, call.body))
        return _invented(fault.rule, call)

    def _carry_out(self, environ: Environ, body: bytes) -> Answer:
        environ = {**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        with self.turn:
            self.timeline.settle()
            try:
                return _run(self._application, environ)
            except Exception:  # noqa: BLE001  # whatever moto raises, the server must live on
                # moto raises for what it does not implement; its own server makes this page of that.
                _LOG.exception("%s %s failed in moto", environ["REQUEST_METHOD"], environ["PATH_INFO"])
                return answers.html(500)


def _spoiled(rule: Rule, done: Answer) -> Answer:
    """Return what the caller gets of a call that was carried out."""
    match rule.kind:
        case "lost-answer":
            return Answer(done.status, cut="close")
        case "truncate":
            return done.cut_short()
        case _:
            return done


def _invented(rule: Rule, call: Call) -> Answer:
    """Return what the caller gets of a call that AWS never sees."""
    match rule.kind:
        case "hang":
            return Answer(0, cut="close")
        case "reset":
            return Answer(0, cut="reset")
        case "html":
            return answers.html(rule.status or 503)
        case "status":
            return Answer(rule.status or 503)
        case _:
            usual = "Throttling" if rule.kind == "throttle" else "InternalFailure"
            return answers.error(call, rule.code or usual, rule.message, rule.status or None)


def _run(application: Application, environ: Environ) -> Answer:
    """Run a WSGI application to its end."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], _: object = None) -> None:
        started.append((status, headers))

    chunks = application(environ, start)
    try:
        body = b"".join(chunks)
    finally:
        if close := getattr(chunks, "close", None):
            close()
    status, headers = started[-1]
    return Answer(int(status.split()[0]), tuple(headers), body)


def _entry(call: Call, answer: Answer, fault: Fault | None, seconds: float) -> Entry:
    return Entry(
        at=time.time() - seconds,
        service=call.service,
        operation=call.operation,
        region=call.region,
        key=call.key,
        path=call.path,
        status=answer.status,
        fault="" if fault is None else fault.rule.kind,
        seconds=round(seconds, 6),
    )
