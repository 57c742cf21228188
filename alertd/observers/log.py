"""The log: what matters in a line each, and what repeats folded into one now and then.

Alerts and what is lost are never folded. The feed's events are told as states (`sights`), what says
the same again and again is counted (`repeats`); nothing that is new waits for more than a second.
"""

from collections.abc import Hashable

import trio

from alertd.delivery.report import Fault, Outcome, Report
from alertd.disk import DiskEvent
from alertd.heartbeat import Beat
from alertd.journal.events import JournalEvent
from alertd.market.feed.events import (
    BadFrame,
    Disconnected,
    FeedEvent,
    LateTicker,
    Quiet,
    Renewed,
    Streaming,
    TurnedBack,
)
from alertd.market.listings import ListingEvent
from alertd.market.past.recorded.events import RecordingEvent
from alertd.observers import feed_lines
from alertd.observers.delivery_lines import alert_line, fault_line, report_line
from alertd.observers.gaps import GapEvent, GapsLookedInto
from alertd.observers.house_lines import (
    beat_line,
    disk_line,
    journal_line,
    listing_line,
    recording_line,
    reload_lines,
)
from alertd.observers.line import Line
from alertd.observers.observer import Noted, Observer
from alertd.observers.repeats import Repeats
from alertd.observers.sight import News
from alertd.observers.sights import Sights
from alertd.web.operations import Reload


class LogObserver(Observer):
    """Writes what it is told of to the log. What is folded is written while `work` runs."""

    def __init__(self) -> None:
        self._sights = Sights()
        self._repeats = Repeats()
        self._changed = trio.Event()

    async def work(self) -> None:
        """Write what is due, until cancelled, and then what is left."""
        try:
            while True:
                self._changed = trio.Event()
                self._write_due(trio.current_time())
                with trio.move_on_at(min(self._sights.due_s(), self._repeats.due_s())):
                    await self._changed.wait()
        finally:
            self._write_rest(trio.current_time())

    def on_feed(self, event: FeedEvent) -> None:
        """Log a symbol that is seen again, or no longer, and what was skipped."""
        now_s = trio.current_time()
        match event:
            case Streaming():
                self._sights.see(event.symbol, now_s)
            case Disconnected():
                self._sights.lose(event, now_s)
                feed_lines.attempt_line(event).write()
            case Quiet():
                self._sights.quieten(event, now_s)
            case TurnedBack():
                self._fold(TurnedBack, feed_lines.turned_back_line(event))
            case Renewed():
                self._fold(Renewed, feed_lines.renewed_line(event))
            case BadFrame():
                self._fold(BadFrame, feed_lines.bad_frame_line(event))
            case LateTicker():
                self._fold(LateTicker, feed_lines.late_line(event))
        if isinstance(event, Streaming | Disconnected | Quiet):
            self._changed.set()

    def on_gap(self, event: GapEvent) -> None:
        """Log what was touched and not alerted."""
        if isinstance(event, GapsLookedInto) and event.touched:
            feed_lines.touched_line(event).write()

    def on_watched(self, symbols: tuple[str, ...]) -> None:
        """Expect them to stream."""
        self._sights.expect(symbols, trio.current_time())

    def on_symbols(self, begun: tuple[str, ...], ended: tuple[str, ...]) -> None:
        """Log both."""
        if begun:
            feed_lines.begun_line(begun).write()
            self.on_watched(begun)
        if ended:
            feed_lines.ended_line(ended).write()
            self.on_unwatched(ended)

    def on_unwatched(self, symbols: tuple[str, ...]) -> None:
        """Say nothing more of them."""
        self._sights.forget(symbols)

    def on_alert(self, noted: Noted) -> None:
        """Log the alert with what made it."""
        alert_line(noted).write()

    def on_delivery(self, report: Report) -> None:
        """Log the outcome."""
        line = report_line(report)
        if report.outcome in (Outcome.RETRYING, Outcome.PASSED_ON):
            self._fold((report.outcome, report.key), line)
        else:
            line.write()

    def on_fault(self, fault: Fault) -> None:
        """Log that a destination fails, once, and that it works again, or is not used any more."""
        fault_line(fault).write()

    def on_journal(self, event: JournalEvent) -> None:
        """Log that it cannot be written, and that it can again."""
        journal_line(event).write()

    def on_recording(self, event: RecordingEvent) -> None:
        """Log each file, that there can be none, and that there can be again."""
        recording_line(event).write()

    def on_disk(self, event: DiskEvent) -> None:
        """Log it."""
        disk_line(event).write()

    def on_beat(self, beat: Beat) -> None:
        """Log it."""
        self._fold(beat.pulse, beat_line(beat))

    def on_reload(self, outcome: Reload) -> None:
        """Log it, with a line for each mistake and each note."""
        for line in reload_lines(outcome):
            line.write()

    def _fold(self, matter: Hashable, line: Line) -> None:
        """Write the first line about a matter; count those that follow."""
        first = self._repeats.take(matter, line, trio.current_time())
        if first is not None:
            first.write()
            self._changed.set()

    def _write_due(self, now_s: float, *, at_last: bool = False) -> None:
        for told in self._sights.look(now_s, at_last=at_last):
            if isinstance(told, News):
                feed_lines.news_line(told).write()
            else:
                feed_lines.still_lost_line(told).write()
        for line in self._repeats.look(now_s):
            line.write()

    def _write_rest(self, now_s: float) -> None:
        self._write_due(now_s, at_last=True)
        for line in self._repeats.end(now_s):
            line.write()


def log_listing(event: ListingEvent) -> None:
    """Log what keeps the list of symbols from being refreshed."""
    listing_line(event).write()
