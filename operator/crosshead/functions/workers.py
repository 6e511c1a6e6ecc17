"""
Run code of others in processes of their own, bounded in time and memory, without files and network.

A worker is a script that reads questions from its standard input and writes answers to its standard output, each
preceded by its length in eight bytes. It is started when it is first needed, asked again and again, and replaced when
it takes too long, dies, or has answered many. It ends by itself when its input does.
"""

import atexit
import signal
import subprocess
import sys
import threading
from collections import deque
from pathlib import Path
from typing import Final

Seconds = float

_LENGTH: Final = 8
_IDLE_AT_MOST: Final = 4
# Whatever leaks in there leaks this often.
_ANSWERS_AT_MOST: Final = 500
_START: Final[Seconds] = 20.0


class WorkerError(Exception):
    """A worker that was stopped, or died: what it did wrong, in words for the author of its input."""


class Workers:
    """Processes of *script*, as many as are asked at the same time. Safe to use from several threads."""

    def __init__(self, script: Path) -> None:
        self._script = script
        self._idle: deque[_Worker] = deque()
        atexit.register(self.close)

    def ask(self, question: bytes, seconds: Seconds) -> bytes:
        """Return a worker's answer; raises `WorkerError` when it takes longer than *seconds*, or dies."""
        worker = self._fresh_or_idle()
        answered = False
        try:
            answer = worker.ask(question, seconds)
            answered = True
        finally:
            self._put_back(worker, fit=answered and worker.answers < _ANSWERS_AT_MOST)
        return answer

    def close(self) -> None:
        """End the workers that have nothing to do."""
        while self._idle:
            self._idle.pop().end()

    def _fresh_or_idle(self) -> "_Worker":
        try:
            return self._idle.pop()
        except IndexError:
            return _Worker(self._script)

    def _put_back(self, worker: "_Worker", *, fit: bool) -> None:
        if fit and len(self._idle) < _IDLE_AT_MOST:
            self._idle.append(worker)
        else:
            worker.end()


class _Worker:
    """One process. Not to be asked by two at once, nor after it has failed."""

    def __init__(self, script: Path) -> None:
        self.answers = 0
        # Isolated and without environment: what it may know is in the question.
        command = [sys.executable, "-I", str(script)]
        self._process = subprocess.Popen(  # noqa: S603 (our own script)
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd="/"
        )
        self._killed = False
        try:
            # The first thing that it says is that it is ready: starting is not on the author's account.
            self._within(_START, b"")
        except WorkerError:
            self.end()
            raise

    def ask(self, question: bytes, seconds: Seconds) -> bytes:
        self.answers += 1
        return self._within(seconds, len(question).to_bytes(_LENGTH) + question)

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _within(self, seconds: Seconds, message: bytes) -> bytes:
        watch = threading.Timer(seconds, self._kill)
        watch.start()
        try:
            return self._exchange(message)
        except (EOFError, BrokenPipeError) as error:
            raise WorkerError(self._why(seconds)) from error
        finally:
            watch.cancel()

    def _exchange(self, message: bytes) -> bytes:
        if not (self._process.stdin and self._process.stdout):
            raise EOFError
        self._process.stdin.write(message)
        self._process.stdin.flush()
        length = self._process.stdout.read(_LENGTH)
        answer = self._process.stdout.read(int.from_bytes(length))
        if len(length) < _LENGTH or len(answer) < int.from_bytes(length):
            raise EOFError
        return answer

    def _kill(self) -> None:
        self._killed = True
        self._process.kill()

    def _why(self, seconds: Seconds) -> str:
        status = self._process.wait()
        if self._killed:
            return f"it takes longer than {seconds:g} s"
        if status == -signal.SIGSEGV:
            return "it is nested too deeply"
        return (
            "it needs more memory than it may have" if status == -signal.SIGABRT else f"its process ended with {status}"
        )
