"""The recorder: every ticker that the engine sees, in the same order, into a folder.

Theory of operation. A ticker is put on a list, which is all that is done between two of them. Every few
seconds a thread of its own encodes, compresses and writes what is on the list; what the disk has taken
is taken off it. A disk that takes nothing, because it is full, gone or hangs, stops nothing: the list
grows up to its bound, what comes then is counted and lost, and writing is tried again, ever more rarely.
On a disk that is nearly full nothing is recorded: what room is left is the journal's.
"""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NoReturn

import trio

from alertd.backoff import Backoff
from alertd.config.model import Record
from alertd.disk import Room, room_at
from alertd.market.past.recorded.events import (
    Recorded,
    RecordingEnds,
    RecordingEvent,
    RecordingGoesOn,
    Unrecorded,
)
from alertd.market.past.recorded.writer import RecordingWriter
from alertd.market.ticker import Ticker
from alertd.observers.observer import Observer

EVERY_S = 5.0
# Some 15 MiB: three minutes of the whole market, hours of a dozen symbols.
MOST_WAITING = 50_000
_PATIENCE_S = 10.0
# A disk that hangs must not keep the process from ending.
_LAST_S = 5.0
_BACKOFF = Backoff(first_s=EVERY_S, cap_s=60.0)


class _NoRoomError(OSError):
    """The disk's: what is left on it is not for recordings."""


class Recorder(Observer):
    """Records what it is shown, as `record` says; nothing where that is None.

    `look` tells the room where a folder is, and may block. `clock_s` is the machine's time.
    """

    def __init__(
        self,
        record: Record | None,
        report: Callable[[RecordingEvent], None],
        *,
        look: Callable[[Path], Room] = room_at,
        clock_s: Callable[[], float] = time.time,
    ) -> None:
        self._record = record
        self._report = report
        self._look = look
        self._clock_s = clock_s
        self._writer: RecordingWriter | None = None
        # What the writer goes by.
        self._written: Record | None = None
        self._waiting: list[Ticker] = []
        self._lost = 0
        self._failures = 0
        self._is_low = False
        self._size_before = 0
        # Of its own: those of a dozen services that hang are not to be waited for.
        self._thread = trio.CapacityLimiter(1)
        self._changed = trio.Event()
        self._closed = False
        # Tickers that are on the disk.
        self.recorded = 0

    @property
    def size(self) -> int:
        """The bytes on the disk."""
        return self._size_before + (self._writer.size if self._writer else 0)

    def on_ticker(self, ticker: Ticker) -> None:
        """Take a ticker; never waits."""
        if self._record is None:
            return
        if len(self._waiting) < MOST_WAITING:
            self._waiting.append(ticker)
        else:
            self._lost += 1

    def follow(self, record: Record | None) -> None:
        """Record as this says from now on."""
        self._record = record
        self._changed.set()

    def close(self) -> None:
        """Let `run` end once everything is written."""
        self._closed = True
        self._changed.set()

    async def run(self) -> None:
        """Write every few seconds, until `close` was called and nothing is left."""
        while not self._closed:
            await self._keep_up()
            pause_s = _BACKOFF.delay_s(self._failures, 1.0) if self._failures else EVERY_S
            with trio.move_on_after(pause_s):
                await self._changed.wait()
            self._changed = trio.Event()
        with trio.move_on_after(_LAST_S):
            await self._keep_up()
            await self._end()
        self._give_up()

    async def _keep_up(self) -> None:
        """Write what waits, and go by another wish if there is one."""
        await self._write()
        record = self._record
        if record == self._written:
            return
        await self._end()
        self._written = record
        if record is None or record.folder is None:
            self._give_up()
        else:
            keep_s = record.keep_ms // 1000 if record.keep_ms is not None else None
            self._writer = RecordingWriter(record.folder, keep_s)
            # What the folder before did not take.
            await self._write()

    async def _write(self) -> None:
        writer, batch = self._writer, self._waiting.copy()
        if writer is None or not batch:
            return
        outcome = await self._in_thread(partial(self._written_by, writer, batch), writer.folder)
        if isinstance(outcome, OSError):
            self._is_low = isinstance(outcome, _NoRoomError)
            reason = outcome.strerror.lower() if outcome.strerror else str(outcome)
            self._fail(writer.folder, reason)
            return
        del self._waiting[: len(batch)]
        self.recorded += len(batch)
        self._is_low = False
        if outcome is not None:
            self._report(outcome)
        if self._failures or self._lost:
            self._report(RecordingGoesOn(writer.folder, self._lost))
            self._failures = self._lost = 0

    def _written_by(self, writer: RecordingWriter, batch: list[Ticker]) -> Recorded | None:
        room = self._look(writer.folder)
        if room.is_low(was_low=self._is_low):
            raise _NoRoomError(f"the disk is nearly full: {room} left")
        return writer.write(batch, int(self._clock_s()))

    async def _end(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            outcome = await self._in_thread(writer.end, writer.folder)
            self._size_before += writer.size
            if isinstance(outcome, Recorded):
                self._report(outcome)

    def _give_up(self) -> None:
        """Let go of what could not be written, and say so."""
        lost = self._lost + len(self._waiting)
        if lost or self._failures:
            self._report(RecordingEnds(lost))
        self._waiting.clear()
        self._lost = self._failures = 0

    async def _in_thread(
        self, work: Callable[[], Recorded | None], folder: Path
    ) -> Recorded | OSError | None:
        """Have the recorder's own thread do it, and return what came of it."""
        outcome = None
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._lose_patience, folder)
            # Who cancels has waited for long enough: it may hang.
            outcome = await trio.to_thread.run_sync(
                _outcome, work, abandon_on_cancel=True, limiter=self._thread
            )
            nursery.cancel_scope.cancel()
        return outcome

    async def _lose_patience(self, folder: Path) -> NoReturn:
        while True:
            await trio.sleep(_PATIENCE_S)
            self._fail(folder, "the disk does not answer")

    def _fail(self, folder: Path, reason: str) -> None:
        self._failures += 1
        self._report(Unrecorded(folder, reason, self._failures))


def _outcome(work: Callable[[], Recorded | None]) -> Recorded | OSError | None:
    try:
        return work()
    except OSError as error:
        return error
