"""From an alert to those who are told of it: kept, then sent, then marked.

Theory of operation. An alert is given its number and its words, and goes into the journal with how
its rule stands and a delivery for each destination. What the journal has on the disk comes back as
deliveries, and only then goes to the destinations' workers; what they report goes into the journal
as marks. Nothing here waits: between a ticker and its alert in the journal's hands there is no
`await`, so one transaction has all of it or nothing.

After a crash the journal gives out first what waited in it. A delivery that was made and not marked
is made once more, with the same number: that is the one way to a duplicate.
"""

import time
from collections.abc import Callable, Iterable, Sequence

import attrs
import trio

from alertd.delivery.channel import Channel
from alertd.delivery.delivery import Delivery
from alertd.delivery.destination import channel_of
from alertd.delivery.dispatcher import Dispatcher
from alertd.delivery.facts import moment
from alertd.delivery.message import Message, compose
from alertd.delivery.pictures import Pictures
from alertd.delivery.report import Fault, Outcome, Report
from alertd.engine.alert import Alert
from alertd.engine.prices import Prices
from alertd.engine.rule import Rule, Severity
from alertd.engine.silence import Silence
from alertd.history import GivenUp
from alertd.journal.events import BegunAnew, JournalEvent, Opened
from alertd.journal.file import JournalFile
from alertd.journal.journal import Journal
from alertd.journal.notes import kept
from alertd.journal.records import Address, KeptAlert, KeptDelivery, Mark, Status
from alertd.observers.observer import Noted, Observer
from alertd.observers.system_alerts import SystemAlert

# What stands in the place of a rule's name, and of an alert's state, where alertd speaks of itself.
SYSTEM_RULE = "alertd"
SYSTEM_STATE = "system"

# A ticker that is older when it comes is of a market that is played back, where nobody is late.
_PLAYED_BACK_MS = 3_600_000

# A disk that does not write is not waited for longer than this at the end.
_LAST_WRITES_S = 5.0
_LAST_MARKS_S = 1.0

_STATUS = {
    Outcome.DELIVERED: Status.DELIVERED,
    Outcome.RETRYING: Status.WAITING,
    Outcome.UNDELIVERED: Status.UNDELIVERED,
    Outcome.PASSED_ON: Status.PASSED_ON,
}


class Outbound:
    """Takes alerts on their way out. `file` is open; the `observer` is told what becomes of them.

    `system` names the channels through which alertd speaks of itself; `tell_all` is called where
    the journal has to be told all that it keeps of the engine. Alerts on symbols whose `prices` are
    kept may have pictures. Raises `ChannelMistake`.
    """

    def __init__(  # noqa: PLR0913 - by name, but for the first
        self,
        channels: Iterable[Channel],
        file: JournalFile,
        *,
        system: Sequence[str],
        observer: Observer,
        tell_all: Callable[[], None],
        prices: Prices | None = None,
    ) -> None:
        self._prices = Prices() if prices is None else prices
        self.dispatcher = Dispatcher(
            channels,
            report=self._on_delivery,
            on_fault=self._on_fault,
            pictures=Pictures(self._prices),
        )
        self.journal = Journal(file, deliver=self._send, report=self._on_journal)
        self._system = system
        self._observer = observer
        self._tell_all = tell_all
        self._closing = trio.Event()
        self._drain_s = 0.0
        self._is_over = False

    @property
    def secrets(self) -> frozenset[str]:
        """All texts of the channels' URLs that may never be printed."""
        return self.dispatcher.secrets

    def take(self, alert: Alert) -> None:
        """Keep an alert of the engine's, and have it sent; never waits."""
        number, now_ms, rule = self.journal.number(), _now_ms(), alert.rule
        message = compose(alert, number, is_drawn=alert.symbol in self._prices)
        silence = self._silence_of(rule, alert.symbol, now_ms)
        note = kept(
            alert,
            number=number,
            title=message.title,
            body=message.body,
            noted_ms=now_ms,
            sketch=message.sketch,
        )
        if silence is not None:
            self.journal.keep(attrs.evolve(note, silence=silence.number), ())
        else:
            self.journal.keep(note, self._addresses(rule.notify, rule.severity))
        self._observer.on_alert(Noted(alert, number, silence))

    def say(self, word: SystemAlert) -> None:
        """Keep a word of alertd's own, and have it sent to those who are named for it; never waits."""
        number, now_ms = self.journal.number(), _now_ms()
        note = KeptAlert(
            number=number,
            time_ms=now_ms,
            noted_ms=now_ms,
            rule=SYSTEM_RULE,
            symbol="",
            state=SYSTEM_STATE,
            severity=word.severity.value,
            value=None,
            threshold=None,
            metrics={},
            title=f"alertd: {word.title}",
            body=f"{word.body}\nAlert {number}, {moment(now_ms):%Y-%m-%d %H:%M:%S} UTC",
            silence=None,
        )
        self.journal.keep(note, self._listeners(word))

    def is_silenced(self, rule: Rule, symbol: str) -> bool:
        """Tell whether a rule's alerts on a symbol are kept from people by a silence."""
        return self._silence_of(rule, symbol, _now_ms()) is not None

    def replace(self, channels: Iterable[Channel], *, system: Sequence[str]) -> None:
        """Send to these channels from now on. Raises `ChannelMistake`, and then nothing has changed."""
        self.dispatcher.replace(channels)
        self._system = system

    def retry(self, given_up: GivenUp) -> list[KeptDelivery]:
        """Have deliveries made after all that were given up; return those that go somewhere.

        One whose destination is gone goes where its channel goes now, but nowhere twice.
        """
        possible = [it for it in given_up.deliveries if self._addresses_now(it)]
        self.journal.reopen([*possible, *given_up.others])
        return possible

    async def run(self) -> None:
        """Keep and send until `close` was called, and what was taken is written and sent, or left."""
        try:
            async with trio.open_nursery() as writing:
                writing.start_soon(self.journal.run)
                async with trio.open_nursery() as sending:
                    sending.start_soon(self.dispatcher.run)
                    await self._closing.wait()
                    await self.journal.settled()
                    self._is_over = True
                    self.dispatcher.close(drain_s=self._drain_s)
                self.journal.close()
                writing.cancel_scope.deadline = trio.current_time() + _LAST_WRITES_S
        finally:
            # Who did not want to wait for deliveries still wants none of them made twice.
            self._is_over = True
            with trio.CancelScope(deadline=trio.current_time() + _LAST_MARKS_S, shield=True):
                await self.journal.finish()
            self.journal.tell_unsaved()

    def close(self, *, drain_s: float) -> None:
        """Take no more, and let `run` end: what is being sent has so many seconds."""
        self._drain_s = drain_s
        self._closing.set()

    def _listeners(self, word: SystemAlert) -> list[Address]:
        """Return who is told: where it is about the only one, whoever stands in for that."""
        named = self._addresses(self._system, word.severity)
        others = [it for it in named if it.destination != word.about]
        if others or not named:
            return others
        fallback = self.dispatcher.fallback_of(channel_of(word.about))
        return self._addresses((fallback,), Severity.CRITICAL) if fallback else []

    def _silence_of(self, rule: Rule, symbol: str, now_ms: int) -> Silence | None:
        silences = self.journal.silences()
        return next(
            (
                silence
                for silence in silences
                if silence.is_in_force(now_ms)
                and silence.is_about(rule.name, symbol, rule.severity)
            ),
            None,
        )

    def _addresses(self, channels: Iterable[str], severity: Severity) -> list[Address]:
        found = self.dispatcher.addresses(channels, severity)
        return [Address(key, label) for key, label in found.items()]

    def _send(self, deliveries: Sequence[KeptDelivery]) -> None:
        """Hand on what the journal gives out; at the end it keeps that for the next start."""
        for each in () if self._is_over else deliveries:
            if not self.dispatcher.send(each.to.destination, _delivery_of(each)):
                self._redirect(each)

    def _redirect(self, kept: KeptDelivery) -> None:
        """Send what was for a destination that is no more to those that its channel has now."""
        delivery, addresses = _delivery_of(kept), self._addresses_now(kept)
        if addresses:
            outcome, reason = Outcome.PASSED_ON, "its channel goes elsewhere now"
        else:
            outcome = Outcome.UNDELIVERED
            reason = "its channel is not configured any more, or not for such alerts"
        report = Report(
            destination=kept.to.label,
            key=kept.to.destination,
            deliveries=(delivery,),
            message=delivery.message,
            outcome=outcome,
            attempt=delivery.attempts,
            latency_s=0.0,
            reason=reason,
            passed_to=channel_of(addresses[0].destination) if addresses else "",
        )
        mark = Mark(
            delivery=kept.number, status=_STATUS[outcome], attempts=kept.attempts, reason=reason
        )
        if addresses:
            self.journal.pass_on(mark, kept.alert.number, addresses)
        else:
            self.journal.mark(mark)
        self._observer.on_delivery(report)

    def _addresses_now(self, delivery: KeptDelivery) -> list[Address]:
        """Return where its channel goes now, or else what has its URL by another channel's name."""
        channel = channel_of(delivery.to.destination)
        found = self._addresses((channel,), Severity.CRITICAL)
        same = [it for it in found if it.destination == delivery.to.destination]
        renamed = self.dispatcher.renamed(delivery.to.destination) if not found else {}
        # What was for it once is so still; an address that is new has its channel's wishes.
        return (
            same
            or self._addresses((channel,), Severity(delivery.alert.severity))
            or [Address(key, label) for key, label in renamed.items()]
        )

    def _on_delivery(self, report: Report) -> None:
        status = _STATUS.get(report.outcome)
        if status is not None:
            for delivery in report.deliveries:
                self._mark(delivery, status, report)
        self._observer.on_delivery(report)

    def _mark(self, delivery: Delivery, status: Status, report: Report) -> None:
        latency_ms = max(0, _now_ms() - _begun_ms(delivery))
        mark = Mark(
            delivery=delivery.number,
            status=status,
            attempts=delivery.attempts,
            reason=report.reason,
            latency_ms=latency_ms if status is Status.DELIVERED else None,
        )
        if status is not Status.PASSED_ON:
            self.journal.mark(mark)
            return
        # Whatever the fallback wants else: this one has nowhere else to go.
        addresses = self._addresses((report.passed_to,), Severity.CRITICAL)
        if not addresses:
            gone = f"{report.reason}; and `{report.passed_to}`, its fallback, is gone"
            mark = attrs.evolve(mark, status=Status.UNDELIVERED, reason=gone)
            self.journal.mark(mark)
            return
        self.journal.pass_on(mark, delivery.message.number, addresses)

    def _on_fault(self, fault: Fault) -> None:
        self._observer.on_fault(fault)

    def _on_journal(self, event: JournalEvent) -> None:
        if isinstance(event, BegunAnew | Opened):
            self._tell_all()
        self._observer.on_journal(event)


def _delivery_of(delivery: KeptDelivery) -> Delivery:
    alert = delivery.alert
    message = Message(
        title=alert.title,
        body=alert.body,
        severity=Severity(alert.severity),
        rule=alert.rule,
        symbol=alert.symbol,
        time_ms=alert.time_ms,
        number=alert.number,
        sketch=alert.sketch,
    )
    return Delivery(
        number=delivery.number,
        message=message,
        noted_ms=alert.noted_ms,
        attempts=delivery.attempts,
    )


def _begun_ms(delivery: Delivery) -> int:
    """Return from when on people waited for it: its ticker's time, or when it was noted."""
    time_ms, noted_ms = delivery.message.time_ms, delivery.noted_ms
    return time_ms if noted_ms - time_ms < _PLAYED_BACK_MS else noted_ms


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
