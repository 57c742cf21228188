"""Ctrl-C for what takes long and has something to show when it is broken off."""

import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

import attrs


@attrs.define
class Interrupts:
    """The signal that has asked to end it, None before one has."""

    number: int | None = None

    @property
    def status(self) -> int:
        """The exit status of what a signal has ended, as shells have it; 0 before one has."""
        return 0 if self.number is None else 128 + self.number


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
