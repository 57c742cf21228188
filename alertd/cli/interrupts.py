"""Ctrl-C and SIGTERM for what takes long: it has something to show, or to clear away, when it is broken off."""

import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

import attrs

from alertd.uninterrupted import uninterrupted


def status_of(number: int) -> int:
    """Return the exit status of what a signal has ended, as shells have it."""
    return 128 + number


@attrs.define
class Interrupts:
    """The signal that has asked to end it, None before one has."""

    number: int | None = None

    @property
    def status(self) -> int:
        """The exit status of what it has ended; 0 before it has."""
        return 0 if self.number is None else status_of(self.number)


@contextmanager
def interrupts_noted(noted: Interrupts) -> Generator[None]:
    """Only note the first Ctrl-C, or SIGTERM; a second one ends it at once, as it always does."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def note(number: int, _: FrameType | None) -> None:
        noted.number = number
        restore()

    for number in before:
        signal.signal(number, note)
    try:
        yield
    finally:
        restore()


@contextmanager
def folder_meanwhile(prefix: str) -> Generator[Path]:
    """Give an empty folder for temporary files, which is gone afterwards, whichever signal ends it."""
    before = signal.signal(signal.SIGTERM, _leave)
    folder = TemporaryDirectory(prefix=prefix)
    try:
        yield Path(folder.name)
    finally:
        with uninterrupted():
            folder.cleanup()
        signal.signal(signal.SIGTERM, before)


def _leave(number: int, _: FrameType | None) -> None:
    sys.exit(status_of(number))
