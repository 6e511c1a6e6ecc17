"""
Run guests: WebAssembly modules that answer a question given as bytes, bounded in time and memory.

A guest has no files, no network, no environment and no arguments: only a clock and dice. It exports `gt_alloc`,
`gt_free` and `gt_render`; that last takes the address and size of a question and returns size (upper half) and
address of the answer.
"""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from wasmtime import Config, Engine, ExitTrap, Func, Linker, Memory, Module, Store, Trap, TrapCode, WasiConfig
from wasmtime import WasmtimeError as RuntimeFault

from crosshead.functions import wasm_cache

Seconds = float

_MEBIBYTE: Final = 2**20
MEMORY_LIMIT: Final = 256 * _MEBIBYTE
# Memory never shrinks: a guest that has grown beyond this is replaced by a fresh one.
_KEPT_UP_TO: Final = 64 * _MEBIBYTE
# Deep enough for the guest to notice its own recursion before the stack ends.
_STACK: Final = 2 * _MEBIBYTE
_TICK: Final[Seconds] = 0.05
# How many idle guests are kept; each has some ten megabytes.
_IDLE_AT_MOST: Final = 8


class GuestError(Exception):
    """A guest that was stopped, or died: what it did wrong, in words for the author of its input."""


class Host:
    """
    Runs the guest *wasm*, one instance per caller at a time. Safe to use from several threads.

    :param cache: where its native code is kept, see `wasm_cache`.
    """

    def __init__(self, wasm: Path, cache: Path | None = None) -> None:
        self._engine = Engine(_config())
        self._module = wasm_cache.load(self._engine, wasm, cache or wasm_cache.default_folder())
        self._clock = _Clock(self._engine)
        self._idle: deque[_Guest] = deque()

    def ask(self, question: bytes, seconds: Seconds) -> bytes:
        """Return the guest's answer; raises `GuestError` when it takes longer than *seconds*, or dies."""
        guest = self._fresh_or_idle()
        fit = False
        try:
            with self._clock.running():
                guest.store.set_epoch_deadline(1 + round(seconds / _TICK))
                answer = guest.answer(question)
            fit = guest.size <= _KEPT_UP_TO and len(self._idle) < _IDLE_AT_MOST
        except (RuntimeFault, Trap) as error:
            raise GuestError(_why(error, seconds)) from error
        finally:
            self._put_back(guest, fit=fit)
        return answer

    def _put_back(self, guest: "_Guest", *, fit: bool) -> None:
        if fit:
            self._idle.append(guest)
        else:  # at once: the garbage collector cannot see how much memory it is
            guest.store.close()

    def _fresh_or_idle(self) -> "_Guest":
        try:
            return self._idle.pop()
        except IndexError:
            return _start(self._engine, self._module)


def _config() -> Config:
    config = Config()
    config.epoch_interruption = True
    config.max_wasm_stack = _STACK
    return config


def _why(error: Exception, seconds: Seconds) -> str:
    match error:
        case Trap(trap_code=TrapCode.INTERRUPT):
            return f"it takes longer than {seconds:g} s"
        case Trap(trap_code=TrapCode.STACK_OVERFLOW):
            return "it is nested too deeply"
        # How Go ends when it gets no more memory.
        case Trap(trap_code=TrapCode.UNREACHABLE) | ExitTrap():
            return f"it needs more than {MEMORY_LIMIT // _MEBIBYTE} MiB of memory"
        case _:
            return f"the guest failed: {error}".partition("\n")[0]


@dataclass(frozen=True, slots=True)
class _Guest:
    """One instance of a module. Not to be used by two at once, nor after it has failed."""

    store: Store
    memory: Memory
    alloc: Func
    free: Func
    render: Func

    @property
    def size(self) -> int:
        return self.memory.data_len(self.store)

    def answer(self, question: bytes) -> bytes:
        asked = self.alloc(self.store, len(question))
        self.memory.write(self.store, question, asked)
        size, address = divmod(self.render(self.store, asked, len(question)) % 2**64, 2**32)
        answer = bytes(self.memory.read(self.store, address, address + size))
        self.free(self.store, asked)
        self.free(self.store, address)
        return answer


def _start(engine: Engine, module: Module) -> _Guest:
    store = Store(engine)
    store.set_wasi(WasiConfig())
    store.set_limits(memory_size=MEMORY_LIMIT)
    # Until the question is asked: starting takes milliseconds.
    store.set_epoch_deadline(round(30 / _TICK))
    linker = Linker(engine)
    linker.define_wasi()
    exports: Any = linker.instantiate(store, module).exports(store)
    exports["_initialize"](store)
    return _Guest(store, exports["memory"], *(exports[f"gt_{name}"] for name in ("alloc", "free", "render")))


class _Clock:
    """Moves an engine's epoch on, every tick, while somebody runs: the guests' deadlines are told in ticks."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._runners = 0
        self._changed = threading.Condition()
        threading.Thread(target=self._tick, name="wasm-clock", daemon=True).start()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let the clock run."""
        with self._changed:
            self._runners += 1
            self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._runners -= 1

    def _tick(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._runners)
            time.sleep(_TICK)
            self._engine.increment_epoch()
