"""The task that writes: all that has come together since the last time, as one transaction, in a thread.

Theory of operation. Nobody who has something to keep waits for a disk: it goes into a backlog, and the slower
the disk is, the more goes into each transaction. What the backlog wants to be given out is, once it is written.

A disk that is full or hangs, or a file that somebody else holds, must not keep alerts from people. When
writing has failed, or gone on, for `PATIENCE_S`, what could not be written is given out all the same: it
reaches people, and a crash meanwhile may lose it or repeat it. The journal says so for as long as it
lasts, and goes on trying.
"""

import math
import random
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import trio

from alertd.backoff import Backoff
from alertd.journal.another import AnotherFileError
from alertd.journal.backlog import Backlog
from alertd.journal.events import Failing, JournalEvent, Recovered
from alertd.journal.faults import UnwrittenError
from alertd.journal.file import JournalFile
from alertd.journal.records import KeptDelivery

_T = TypeVar("_T")

PATIENCE_S = 2.0
# A file that was deleted is noticed by then, although nothing happens that has to be written.
LOOK_EVERY_S = 30.0
# Nothing that is to be written waits for more than one small step of what tidies up.
_TIDY_AGAIN_S, _TIDY_EVERY_S = 0.2, 600.0
_BACKOFF = Backoff(first_s=0.2, cap_s=5.0)


class Writer:
    """Empties a backlog into a file that is open, and gives out the deliveries in it.

    `begin_anew` is called where the file was lost, and there is another. `draw` gives the retries'
    jitter.
    """

    def __init__(  # noqa: PLR0913 - by name, but for the first two
        self,
        file: JournalFile,
        backlog: Backlog,
        *,
        give_out: Callable[[Sequence[KeptDelivery]], None],
        begin_anew: Callable[[AnotherFileError], None],
        report: Callable[[JournalEvent], None],
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._file = file
        self._backlog = backlog
        self._give_out = give_out
        self._begin_anew = begin_anew
        self._report = report
        self._draw = draw
        self._failing_since: float | None = None
        self._failures = 0
        # A thread of its own: those of a dozen services that hang are not to be waited for.
        self._thread = trio.CapacityLimiter(1)
        self._something = trio.Event()
        self._gave_out = trio.Event()
        self._closed = False
        self._keep_ms: int | None = None
        self._tidy_at_s = math.inf

    def wake(self) -> None:
        """Look at the backlog: there may be something in it."""
        if self._backlog:
            self._something.set()

    def hasten(self) -> None:
        """Look at the backlog, and do not wait for a disk that has been waited for too long already."""
        if self._is_impatient:
            self._hand_on(self._backlog.take_out())
        self.wake()

    def retain(self, keep_ms: int) -> None:
        """Forget alerts that are older than the newest by so much; what waits stays."""
        self._keep_ms = keep_ms
        self._tidy_at_s = -math.inf
        self._something.set()

    async def settled(self) -> None:
        """Return once every alert in the backlog is given out: written, or in spite of it."""
        while self._backlog.is_unheard:
            await self._gave_out.wait()

    def close(self) -> None:
        """Let `run` end once everything is written."""
        self._closed = True
        self._something.set()

    async def run(self) -> None:
        """Write until `close` was called and nothing is left."""
        while True:
            await self.write()
            while self._backlog or (self._failures and not self._closed):
                await self.write()
            if self._closed:
                return
            if trio.current_time() >= self._tidy_at_s:
                await self._tidy()
            with trio.move_on_at(min(self._tidy_at_s, trio.current_time() + LOOK_EVERY_S)):
                await self._something.wait()
            self._something = trio.Event()

    async def finish(self) -> None:
        """Write what is left, after `run` has ended, however it did; until cancelled if it cannot be."""
        while self._backlog:
            await self.write()

    async def write(self) -> None:
        """Write all that is there, or wait for a while after it has failed."""
        batch, since_s = self._backlog.batch(), trio.current_time()
        problem = await self._in_thread(partial(self._file.keep, batch, now_ms()))
        if isinstance(problem, AnotherFileError):
            self._begin_anew(problem)
        elif isinstance(problem, UnwrittenError):
            self._fail(str(problem), since_s)
            await trio.sleep(_BACKOFF.delay_s(self._failures, self._draw()))
        else:
            if self._failures:
                self._report(Recovered(self._failures))
            self._failures, self._failing_since = 0, None
            self._hand_on(self._backlog.drop(batch))

    @property
    def _is_impatient(self) -> bool:
        since_s = self._failing_since
        return since_s is not None and trio.current_time() >= since_s + PATIENCE_S

    def _hand_on(self, deliveries: Sequence[KeptDelivery]) -> None:
        if deliveries:
            self._give_out(deliveries)
        self._gave_out.set()
        self._gave_out = trio.Event()

    async def _tidy(self) -> None:
        """Forget a few of the oldest alerts, and be back soon if there are more."""
        if self._keep_ms is None:
            self._tidy_at_s = math.inf
            return
        # What keeps it from being done keeps alerts from being written, too, and is told there.
        more = await self._in_thread(partial(self._file.tidy, self._keep_ms, now_ms())) is True
        self._tidy_at_s = trio.current_time() + (_TIDY_AGAIN_S if more else _TIDY_EVERY_S)

    async def _in_thread(
        self, work: Callable[[], _T]
    ) -> _T | AnotherFileError | UnwrittenError | None:
        """Have the journal's own thread do it, and return what came of it."""
        result = None
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._lose_patience)
            # Who cancels has waited for long enough: it may hang.
            result = await trio.to_thread.run_sync(
                _outcome, work, abandon_on_cancel=True, limiter=self._thread
            )
            nursery.cancel_scope.cancel()
        return result

    async def _lose_patience(self) -> None:
        """Wait no longer for a thread that comes to no end."""
        since_s = trio.current_time()
        await trio.sleep_until(since_s + PATIENCE_S)
        self._fail("the disk does not answer", since_s)

    def _fail(self, reason: str, since_s: float) -> None:
        self._failures += 1
        if self._failing_since is None:
            self._failing_since = since_s
        self._report(Failing(reason, self._failures, self._is_impatient))
        if self._is_impatient:
            self._hand_on(self._backlog.take_out())


def _outcome(work: Callable[[], _T]) -> _T | AnotherFileError | UnwrittenError:
    try:
        return work()
    except (AnotherFileError, UnwrittenError) as outcome:
        return outcome


def now_ms() -> int:
    """Return the machine's milliseconds since 1970."""
    return time.time_ns() // 1_000_000
