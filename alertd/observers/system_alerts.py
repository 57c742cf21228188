"""What alertd says of itself: a feed that is lost and back, a reload that was refused.

Each is said once when it begins and once when it is over.
"""

from collections.abc import Callable

import attrs
import trio

from alertd.config.wording import counted, few
from alertd.delivery.numbers import duration
from alertd.delivery.report import Fault
from alertd.disk import DiskEvent
from alertd.engine.rule import Severity
from alertd.journal.events import BegunAnew, Failing, JournalEvent, Opened, Recovered
from alertd.market.feed.events import Disconnected, FeedEvent, Quiet, Streaming
from alertd.market.past.recorded.events import (
    RecordingEnds,
    RecordingEvent,
    RecordingGoesOn,
    Unrecorded,
)
from alertd.observers.blindness import Back, Blindness, Lost
from alertd.observers.faults import Faults
from alertd.observers.gaps import GapEvent
from alertd.observers.meanwhile import Account, Meanwhile
from alertd.observers.observer import Observer
from alertd.observers.words import begun_anew_in_words, found_in_words, touched_in_words
from alertd.web.operations import Reload


@attrs.frozen(kw_only=True)
class SystemAlert:
    """A word of alertd's own. `about` is the key of the destination that it must not go through."""

    title: str
    body: str
    severity: Severity = Severity.WARNING
    about: str = ""


class SystemAlerts(Observer):
    """Says to `say` what those who trust alertd have to know of it."""

    def __init__(self, say: Callable[[SystemAlert], None], *, blind_after_s: float) -> None:
        self._say = say
        self._blindness = Blindness(blind_after_s)
        self._meanwhile = Meanwhile()
        self._faults = Faults()
        # Those whose connection is lost; others, as a halted one, are silent on one that is well.
        self._cut: set[str] = set()
        self._changed = trio.Event()
        self._is_refused = False
        self._is_unwritten_told = False
        self._is_unrecorded_told = False

    def expect(self, *, blind_after_s: float) -> None:
        """Speak of a lost feed after so long from now on."""
        self._blindness.after_s = blind_after_s
        self._changed.set()

    async def run(self) -> None:
        """Speak when it is time to, until cancelled."""
        while True:
            self._changed = trio.Event()
            now_s = trio.current_time()
            found = self._blindness.look(now_s)
            if isinstance(found, Back):
                self._meanwhile.hold(found, now_s)
            account = self._meanwhile.look(now_s, back_is_expected=self._blindness.is_told)
            if account is not None:
                self._say(_account_alert(account))
            if isinstance(found, Lost):
                self._say(self._lost_alert(found))
            for fault in self._faults.look(now_s):
                self._say(_fault_alert(fault))
            with trio.move_on_at(self._due_s()):
                await self._changed.wait()

    def _due_s(self) -> float:
        is_told = self._blindness.is_told
        return min(
            self._blindness.due_s(),
            self._meanwhile.due_s(back_is_expected=is_told),
            self._faults.due_s(),
        )

    def on_feed(self, event: FeedEvent) -> None:
        """Keep which symbols are seen."""
        now_s = trio.current_time()
        match event:
            case Streaming():
                self._cut.discard(event.symbol)
                self._blindness.see(event.symbol, now_s)
            case Disconnected():
                self._cut.update(event.symbols)
                self._blindness.lose(event.symbols, str(event.fault), now_s)
            case Quiet():
                self._blindness.lose(event.symbols, event.likely, now_s)
            case _:
                return
        self._changed.set()

    def on_gap(self, event: GapEvent) -> None:
        """Keep what was found of the time in which nobody watched."""
        self._meanwhile.take(event, trio.current_time())
        self._changed.set()

    def on_symbols(self, begun: tuple[str, ...], ended: tuple[str, ...]) -> None:  # noqa: ARG002 - they are seen when they are
        """Say nothing of what is not watched."""
        self.on_unwatched(ended)

    def on_unwatched(self, symbols: tuple[str, ...]) -> None:
        """Say nothing of them."""
        self._cut.difference_update(symbols)
        self._blindness.forget(symbols)
        self._changed.set()

    def on_fault(self, fault: Fault) -> None:
        """Say that a destination takes nothing, and that it does again."""
        for each in self._faults.take(fault, trio.current_time()):
            self._say(_fault_alert(each))
        self._changed.set()

    def on_disk(self, event: DiskEvent) -> None:
        """Say that the disk is nearly full, and that it is not."""
        title = "the disk is nearly full" if event.is_low else "the disk has room again"
        self._say(SystemAlert(title=title, body=f"{event}."))

    def on_journal(self, event: JournalEvent) -> None:
        """Say that alerts are not kept, once that lasts; that they are again; what was lost."""
        match event:
            case Failing(reason, lasts=True) if not self._is_unwritten_told:
                self._is_unwritten_told = True
                body = f"{reason}. Alerts are sent all the same; a crash may lose or repeat some of them."
                self._say(SystemAlert(title="the journal cannot be written", body=body))
            case Recovered() | Opened():
                if self._is_unwritten_told:
                    body = "What happened meanwhile is in it, as far as it was not too much."
                    self._say(SystemAlert(title="the journal is written again", body=body))
                self._is_unwritten_told = False
            case BegunAnew():
                body = f"{begun_anew_in_words(event)}."
                self._say(SystemAlert(title="a new journal was begun", body=body))

    def on_recording(self, event: RecordingEvent) -> None:
        """Say that nothing is recorded, once it has failed twice, and that it is again."""
        match event:
            case Unrecorded(failures=2):
                self._is_unrecorded_told = True
                body = (
                    f"{event}. Alerts are sent as ever; what comes now may be missing in a replay."
                )
                self._say(SystemAlert(title="nothing is recorded", body=body))
            case RecordingGoesOn() | RecordingEnds():
                if self._is_unrecorded_told:
                    self._say(SystemAlert(title=event.title, body=f"{event}."))
                self._is_unrecorded_told = False

    def on_reload(self, outcome: Reload) -> None:
        """Say that the rules as written are not those that are watched, and when they are."""
        if not outcome.ok:
            lines = (outcome.summary, *outcome.mistakes[:10])
            self._say(SystemAlert(title="the reload was refused", body="\n".join(lines)))
        elif self._is_refused:
            body = outcome.summary
            self._say(SystemAlert(title="reloaded", body=body))
        self._is_refused = not outcome.ok

    def _lost_alert(self, lost: Lost) -> SystemAlert:
        which, lasted = few(lost.symbols), duration(lost.for_s)
        return SystemAlert(
            title=f"no data for {counted(len(lost.symbols), 'symbol')}",
            body=f"{which}: nothing has come for {lasted}: {lost.reason}. "
            "Until it comes back, rules there see nothing.",
            severity=Severity.WARNING if self._cut.isdisjoint(lost.symbols) else Severity.CRITICAL,
        )


def _account_alert(account: Account) -> SystemAlert:
    """Say that the feed is back, what is known of the time before, and what is not."""
    back = account.back
    if back is None:
        count = len(touched_in_words(account.touched))
        title = f"{counted(count, 'level')} touched while nobody watched"
        begin = f"Nothing was seen for up to {duration(account.for_s)}."
    else:
        title = "data is back"
        begin = f"{few(back.symbols)}: seen again after {duration(back.for_s)}."
    severities = (Severity.WARNING, *(it.rule.severity for it in account.touched))
    return SystemAlert(
        title=title,
        body=f"{begin} {found_in_words(account)}",
        severity=max(severities, key=lambda it: it.rank),
    )


def _fault_alert(fault: Fault) -> SystemAlert:
    """Say it to everybody but that destination."""
    lasted = duration(fault.failing_for_s)
    if fault.is_gone:
        title, body = f"{fault.label} is not used any more", f"It had taken nothing for {lasted}."
    elif not fault.is_open:
        title, body = f"{fault.label} works again", f"It had taken nothing for {lasted}."
    elif fault.is_refused:
        title = f"{fault.label} refuses alerts"
        body = f"{fault.reason}. No retry mends this: look at `alertd test-notify {fault.channel}`."
    else:
        title = f"{fault.label} takes no alerts"
        body = f"For {lasted}: {fault.reason}. What waits is tried again and again."
    return SystemAlert(title=title, body=body, about=fault.key)
