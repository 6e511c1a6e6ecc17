"""What the demo prints: chapters, what happens while one waits, and verified sentences. Knows nothing of the story."""

import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

_Found = TypeVar("_Found")

_LOOK_EVERY = 0.5


class DemoError(RuntimeError):
    """The demo cannot go on; the text says why."""


@dataclass(slots=True)
class Chapter:
    """One part of the story with what was verified in it."""

    title: str
    started: float
    seconds: float = 0.0
    checks: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def held(self) -> int:
        """How many sentences were true."""
        return sum(true for _, true in self.checks)


class Teller:
    """Tells the story, and remembers what was verified."""

    def __init__(self) -> None:
        self.chapters: list[Chapter] = []
        self._line = ""

    def chapter(self, title: str) -> None:
        """Begin the next part."""
        self._close()
        self.chapters.append(Chapter(title, time.monotonic()))
        print(f"\n━━ {len(self.chapters)}. {title}", flush=True)

    def say(self, text: str = "") -> None:
        """Print lines."""
        self._wipe()
        for line in text.splitlines() or [""]:
            print(f"   {line}", flush=True)

    def command(self, text: str) -> None:
        """Print a command before it runs."""
        self._wipe()
        print(f"   $ {text}", flush=True)

    def check(self, sentence: str, true: bool) -> None:  # noqa: FBT001 (the sentence names it)
        """Verify one sentence; a false one does not end the demo, but its success."""
        self._wipe()
        self.chapters[-1].checks.append((sentence, true))
        print(f"   {'✓' if true else '✗ NOT TRUE:'} {sentence}", flush=True)

    def wait(self, what: str, look: Callable[[], tuple[str, _Found | None]], seconds: float) -> _Found:
        """
        Look until something is found, showing how far it is; then return it.

        :param look: returns how far it is in words, and what was waited for (None: not yet).
        """
        started = time.monotonic()
        while True:
            progress, found = look()
            passed = time.monotonic() - started
            if found is not None:
                self.say(f"{what}: after {passed:.1f} s")
                return found
            if passed > seconds:
                raise DemoError(f"{what}: not after {seconds:.0f} s ({progress})")
            self._show(f"… {what}: {passed:.0f} s, {progress}")
            time.sleep(_LOOK_EVERY)

    def summary(self) -> bool:
        """Print the table of what was verified; return whether all of it was true."""
        self._close()
        width = max(len(chapter.title) for chapter in self.chapters)
        print(f"\n{'':3}{'CHAPTER':<{width}}  VERIFIED  SECONDS")
        for number, chapter in enumerate(self.chapters, 1):
            counts = f"{chapter.held}/{len(chapter.checks)}"
            print(f"{number:>2} {chapter.title:<{width}}  {counts:>8}  {chapter.seconds:7.1f}")
        held, all_checks = self.verified
        print(f"{'':3}{'in all':<{width}}  {f'{held}/{all_checks}':>8}  {sum(c.seconds for c in self.chapters):7.1f}")
        return held == all_checks

    @property
    def verified(self) -> tuple[int, int]:
        """How many sentences were true, of how many."""
        return sum(c.held for c in self.chapters), sum(len(c.checks) for c in self.chapters)

    def _close(self) -> None:
        if self.chapters and not self.chapters[-1].seconds:
            self.chapters[-1].seconds = time.monotonic() - self.chapters[-1].started

    def _show(self, line: str) -> None:
        """Show progress: in place on a terminal; elsewhere a line whenever what it says has changed."""
        if sys.stdout.isatty():
            room = shutil.get_terminal_size().columns - 4
            print(f"\r\033[K   {line[:room]}", end="", flush=True)
        elif _without_seconds(line) != _without_seconds(self._line):
            print(f"   {line}", flush=True)
        self._line = line

    def _wipe(self) -> None:
        if self._line and sys.stdout.isatty():
            print("\r\033[K", end="")
        self._line = ""


def _without_seconds(line: str) -> str:
    return line.partition(", ")[2]
