"""The journal in a daemon: what happens is written before anything of it is sent.

Theory of operation. Who has something to keep hands it over and goes on: the feed never waits for a
disk. One task takes all that has come together since the last time, and one thread writes it as one
transaction; the slower the disk, the more goes into each. Only when a transaction is on the disk are its
deliveries given to whoever makes them.
"""

import random
from collections.abc import Callable, Iterable, Sequence

import attrs

from alertd.engine.memory import Memory
from alertd.engine.recent import Packed
from alertd.engine.rule import Severity
from alertd.engine.silence import Silence
from alertd.journal.another import AnotherFileError
from alertd.journal.backlog import Backlog
from alertd.journal.events import BegunAnew, JournalEvent, Unsaved
from alertd.journal.file import JournalFile
from alertd.journal.notes import with_deliveries
from alertd.journal.records import Address, KeptAlert, KeptDelivery, Mark, Note, Status
from alertd.journal.silences import Silences
from alertd.journal.waiting import Waiting
from alertd.journal.writer import Writer, now_ms
from alertd.market.ticker import Ticker


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
        self._deliver = deliver
        self._report = report
        # No other process writes here, so numbers are given before they are written.
        self._numbers = file.store.last_numbers()
        self._silences = Silences(file.store.silences())
        self._waiting = Waiting()
        self._waiting.add(file.store.waiting())
        self._waiting.know(file.store.been())
        self._from_before = self._waiting.deliveries()
        self._backlog = Backlog()
        self._writer = Writer(
            file,
            self._backlog,
            give_out=deliver,
            begin_anew=self._begin_anew,
            report=report,
            draw=draw,
        )

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
        self._writer.wake()

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
        self._writer.wake()

    def be_of(self, market: str) -> None:
        """Take of which market the rules and tickers are: what is known of another is forgotten; never waits."""
        self._backlog.be_of(market)
        self._writer.wake()

    def see_all(self, latest: bytes) -> None:
        """Take all symbols' last tickers, packed; never waits."""
        self._backlog.see_all(latest)
        self._writer.wake()

    def forget(self, rules: Iterable[str]) -> None:
        """Take that there are no such rules any more; never waits."""
        self._backlog.forget(rules)
        self._writer.wake()

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
            made_ms=now_ms(),
        )
        self._silences.add(silence)
        self._backlog.silence([silence])
        self._writer.wake()
        return silence

    def end_silence(self, number: int) -> Silence | None:
        """End a silence now and return it; None where there is none of that number in force."""
        ended = self._silences.end(number, now_ms())
        if ended is not None:
            self._backlog.silence([ended])
            self._writer.wake()
        return ended

    async def settled(self) -> None:
        """Return once every alert that was handed over is given out: written, or in spite of it."""
        await self._writer.settled()

    def note_recent(self, recent: Iterable[Packed]) -> None:
        """Take tickers for windows to go on with after a restart; never waits."""
        self._backlog.sample(recent)
        self._writer.wake()

    def retain(self, keep_ms: int) -> None:
        """Forget alerts that are older than the newest by so much; what waits stays."""
        self._writer.retain(keep_ms)

    def close(self) -> None:
        """Let `run` end once everything is written."""
        self._writer.close()

    async def finish(self) -> None:
        """Write what is left, after `run` has ended, however it did; until cancelled if it cannot be."""
        await self._writer.finish()

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
        if before:
            self._deliver(before)
        await self._writer.run()

    def _take(self, note: Note) -> None:
        self._waiting.add(note.deliveries)
        self._backlog.note(note)
        self._writer.hasten()

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
        if found:
            self._deliver(found)
