"""Ctrl-C and SIGTERM for what takes long: it has something to show, or to clear away, when it is broken off."""

import signal
import sys
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

import attrs

from alertd.uninterrupted import uninterrupted

_Handler = Callable[[int, FrameType | None], object]
_Handled = _Handler | int | None


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

    def note(number: int, _: FrameType | None) -> None:
        noted.number = number
        _restore(before)

    before = _handled((signal.SIGINT, signal.SIGTERM), note)
    try:
        yield
    finally:
        _restore(before)


@contextmanager
def folder_meanwhile(prefix: str) -> Generator[Path]:
    """Give an empty folder for temporary files, which is gone afterwards, whichever signal ends it."""
    before = _handled((signal.SIGTERM, signal.SIGHUP), _leave)
    folder = TemporaryDirectory(prefix=prefix)
    try:
        yield Path(folder.name)
    finally:
        with uninterrupted():
            folder.cleanup()
        _restore(before)


def _handled(numbers: Iterable[int], handler: _Handler) -> dict[int, _Handled]:
    """Have signals handled so, and return how they were; those that nohup or a shell ignores still are."""
    heeded = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    return {number: signal.signal(number, handler) for number in heeded}


def _restore(before: Mapping[int, _Handled]) -> None:
    for number, handler in before.items():
        signal.signal(number, handler)


def _leave(number: int, _: FrameType | None) -> None:
    sys.exit(status_of(number))
