"""The journal in a daemon: what happens is written before anything of it is sent.

Theory of operation. Who has something to keep hands it over and goes on: the feed never waits for a
disk. One task takes all that has come together since the last time, and one thread writes it as one
transaction; the slower the disk, the more goes into each. Only when a transaction is on the disk are its
deliveries given to whoever makes them.

A disk that is full or hangs, or a file that somebody else holds, must not keep alerts from people. When
writing has failed, or gone on, for `PATIENCE_S`, what could not be written is given out all the same: it reaches
people, and a crash meanwhile may lose it or repeat it. The journal says so for as long as it lasts,
and goes on trying.
"""

import math
import random
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TypeVar

import attrs
import trio

from alertd.backoff import Backoff
from alertd.engine.memory import Memory
from alertd.engine.recent import Packed
from alertd.engine.rule import Severity
from alertd.engine.silence import Silence
from alertd.journal.another import AnotherFileError
from alertd.journal.backlog import Backlog
from alertd.journal.events import BegunAnew, Failing, JournalEvent, Recovered, Unsaved
from alertd.journal.faults import UnwrittenError
from alertd.journal.file import JournalFile
from alertd.journal.notes import with_deliveries
from alertd.journal.records import Address, KeptAlert, KeptDelivery, Mark, Note, Status
from alertd.journal.silences import Silences
from alertd.journal.waiting import Waiting
from alertd.market.ticker import Ticker

_T = TypeVar("_T")

PATIENCE_S = 2.0
# A file that was deleted is noticed by then, although nothing happens that has to be written.
LOOK_EVERY_S = 30.0
# Nothing that is to be written waits for more than one small step of what tidies up.
_TIDY_AGAIN_S, _TIDY_EVERY_S = 0.2, 600.0
_BACKOFF = Backoff(first_s=0.2, cap_s=5.0)


class Journal:
    """Keeps what it is given, and gives out the deliveries that follow from it, in order.

    `file` is open, and is its own from then on. `deliver` is called with what is on the disk, and first
    of all with what waited there; `report` with what keeps things from getting there. `draw` gives the
    retries' jitter.
    """

    def __init__(
        self,
        file: JournalFile,
        *,
        deliver: Callable[[Sequence[KeptDelivery]], None],
        report: Callable[[JournalEvent], None],
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._file = file
        self._deliver = deliver
        self._report = report
        self._draw = draw
        # No other process writes here, so numbers are given before they are written.
        self._numbers = file.store.last_numbers()
        self._silences = Silences(file.store.silences())
        self._waiting = Waiting()
        self._waiting.add(file.store.waiting())
        self._waiting.know(file.store.been())
        self._from_before = self._waiting.deliveries()
        self._backlog = Backlog()
        self._failing_since: float | None = None
        self._failures = 0
        # A thread of its own: those of a dozen services that hang are not to be waited for.
        self._thread = trio.CapacityLimiter(1)
        self._something = trio.Event()
        self._gave_out = trio.Event()
        self._closed = False
        self._keep_ms: int | None = None
        self._tidy_at_s = math.inf

    def number(self) -> int:
        """Return the number of the next alert; nothing else will have it."""
        self._numbers = attrs.evolve(self._numbers, alert=self._numbers.alert + 1)
        return self._numbers.alert

    def keep(self, alert: KeptAlert, to: Sequence[Address]) -> None:
        """Take an alert, and where it goes; never waits."""
        note = with_deliveries(alert, to, first_number=self._numbers.delivery + 1)
        last = self._numbers.delivery + len(to)
        self._numbers = attrs.evolve(self._numbers, delivery=last)
        self._take(note)

    def mark(self, mark: Mark) -> None:
        """Take what became of an attempt to deliver; never waits."""
        self._waiting.mark(mark)
        self._backlog.mark(mark)
        self._something.set()

    def pass_on(self, mark: Mark, alert_number: int, to: Sequence[Address]) -> None:
        """Take that a delivery was passed on, and where its alert goes instead; never waits.

        Destinations that the alert has a delivery for already are not sent it again, unless they passed
        it on themselves: they may be better by now. What has come to an end cannot be passed on.
        """
        found = self._waiting.beyond(alert_number, to)
        if found is None:
            return
        self.keep(found.alert, found.to)
        for delivery in found.again:
            self._again(delivery)
        self.mark(mark)

    def reopen(self, deliveries: Iterable[KeptDelivery]) -> None:
        """Have deliveries made after all that were given up; never waits.

        Others of the same alerts only tell where these have been. What waits already is left alone.
        """
        deliveries = list(deliveries)
        for delivery in deliveries:
            if delivery.status is Status.UNDELIVERED and delivery.number not in self._waiting:
                self._again(attrs.evolve(delivery, attempts=0))
        self._waiting.know(deliveries)

    def remember(self, memories: Iterable[Memory], newest: Iterable[Ticker] = ()) -> None:
        """Take how rules stand by now, after those symbols' newest tickers; never waits."""
        self._backlog.remember(memories)
        self._backlog.see(newest)
        if self._backlog:
            self._something.set()

    def forget(self, rules: Iterable[str]) -> None:
        """Take that there are no such rules any more; never waits."""
        self._backlog.forget(rules)
        if self._backlog:
            self._something.set()

    def silences(self) -> tuple[Silence, ...]:
        """Return every silence that is known, those that are over too."""
        return self._silences.all()

    def add_silence(
        self,
        *,
        rule: str = "*",
        symbol: str = "*",
        severity: Severity | None = None,
        until_ms: int,
        comment: str = "",
    ) -> Silence:
        """Make a silence, in force from now on, and return it; never waits."""
        number = self._numbers.silence + 1
        self._numbers = attrs.evolve(self._numbers, silence=number)
        silence = Silence(
            number=number,
            rule=rule,
            symbol=symbol,
            severity=severity,
            until_ms=until_ms,
            comment=comment,
            made_ms=_now_ms(),
        )
        self._silences.add(silence)
        self._backlog.silence([silence])
        self._something.set()
        return silence

    def end_silence(self, number: int) -> Silence | None:
        """End a silence now and return it; None where there is none of that number in force."""
        ended = self._silences.end(number, _now_ms())
        if ended is not None:
            self._backlog.silence([ended])
            self._something.set()
        return ended

    async def settled(self) -> None:
        """Return once every alert that was handed over is given out: written, or in spite of it."""
        while self._backlog.is_unheard:
            await self._gave_out.wait()

    def note_recent(self, recent: Iterable[Packed]) -> None:
        """Take tickers for windows to go on with after a restart; never waits."""
        self._backlog.sample(recent)
        if self._backlog:
            self._something.set()

    def retain(self, keep_ms: int) -> None:
        """Forget alerts that are older than the newest by so much; what waits stays."""
        self._keep_ms = keep_ms
        self._tidy_at_s = -math.inf
        self._something.set()

    def close(self) -> None:
        """Let `run` end once everything is written."""
        self._closed = True
        self._something.set()

    def tell_unsaved(self) -> None:
        """Report what waits and is not written, after `run` has ended."""
        notes = self._backlog.batch().notes
        lost = {
            it.alert.number
            for it in notes
            for each in it.deliveries
            if each.number in self._waiting
        }
        if lost:
            self._report(Unsaved(tuple(sorted(lost))))

    async def run(self) -> None:
        """Give out what waits, then write until `close` was called and nothing is left."""
        before, self._from_before = self._from_before, []
        self._hand_on(before)
        while True:
            await self._write()
            while self._backlog or (self._failures and not self._closed):
                await self._write()
            if self._closed:
                return
            if trio.current_time() >= self._tidy_at_s:
                await self._tidy()
            with trio.move_on_at(min(self._tidy_at_s, trio.current_time() + LOOK_EVERY_S)):
                await self._something.wait()
            self._something = trio.Event()

    @property
    def _is_impatient(self) -> bool:
        since_s = self._failing_since
        return since_s is not None and trio.current_time() >= since_s + PATIENCE_S

    def _take(self, note: Note) -> None:
        self._waiting.add(note.deliveries)
        self._backlog.note(note)
        if self._is_impatient:
            self._hand_on(self._backlog.take_out())
        self._something.set()

    def _again(self, delivery: KeptDelivery) -> None:
        """Have a delivery made after all that had come to an end."""
        again = attrs.evolve(delivery, status=Status.WAITING, done_ms=None)
        mark = Mark(
            delivery=again.number,
            status=again.status,
            attempts=again.attempts,
            reason=again.reason,
        )
        self._backlog.mark(mark)
        self._take(Note(again.alert, (again,)))

    def _hand_on(self, deliveries: Sequence[KeptDelivery]) -> None:
        if deliveries:
            self._deliver(deliveries)
        self._gave_out.set()
        self._gave_out = trio.Event()

    async def _write(self) -> None:
        """Write all that is there, or wait for a while after it has failed."""
        batch, since_s = self._backlog.batch(), trio.current_time()
        problem = await self._in_thread(partial(self._file.keep, batch, _now_ms()))
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

    async def _tidy(self) -> None:
        """Forget a few of the oldest alerts, and be back soon if there are more."""
        if self._keep_ms is None:
            self._tidy_at_s = math.inf
            return
        # What keeps it from being done keeps alerts from being written, too, and is told there.
        more = await self._in_thread(partial(self._file.tidy, self._keep_ms, _now_ms())) is True
        self._tidy_at_s = trio.current_time() + (_TIDY_AGAIN_S if more else _TIDY_EVERY_S)

    def _begin_anew(self, another: AnotherFileError) -> None:
        """Have everything written that matters, and take up what nobody knew of."""
        found = [it for it in another.found.waiting if it.number not in self._waiting]
        self._waiting.add(found)
        self._waiting.know(another.found.been)
        self._silences.learn(another.found.silences)
        self._backlog.begin_anew(self._waiting.notes(), self._numbers)
        self._backlog.silence(self._silences.all())
        event = another.event
        if isinstance(event, BegunAnew):
            event = attrs.evolve(event, saved=len(self._waiting))
        self._report(event)
        self._hand_on(found)

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


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
