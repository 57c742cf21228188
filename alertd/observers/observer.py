"""Who is told of what the daemon sees and does."""

import attrs

from alertd.delivery.report import Fault, Report
from alertd.disk import DiskEvent
from alertd.engine.alert import Alert
from alertd.engine.silence import Silence
from alertd.heartbeat import Beat
from alertd.journal.events import JournalEvent
from alertd.market.feed.events import FeedEvent
from alertd.market.past.recorded.events import RecordingEvent
from alertd.market.ticker import Ticker
from alertd.observers.gaps import GapEvent
from alertd.web.operations import Reload


@attrs.frozen
class Noted:
    """An alert with its number, and the silence that keeps it from being told, if there is one."""

    alert: Alert
    number: int
    silence: Silence | None


class Observer:
    """Is told of everything, and told nothing by default. Its methods must return at once."""

    async def work(self) -> None:
        """Do what is not done at once, until cancelled, which is after the last that it is told."""

    def on_watched(self, symbols: tuple[str, ...]) -> None:
        """Take which symbols are watched from now on, at the start or since a reload."""

    def on_ticker(self, ticker: Ticker) -> None:
        """Take a ticker that is about to be evaluated."""

    def on_feed(self, event: FeedEvent) -> None:
        """Take what happened to symbols' streams."""

    def on_gap(self, event: GapEvent) -> None:
        """Take that somebody looks into what happened while symbols were not seen, or what was found."""

    def on_symbols(self, begun: tuple[str, ...], ended: tuple[str, ...]) -> None:
        """Take which symbols are watched from now on, and which no more, as they trade or not."""

    def on_unwatched(self, symbols: tuple[str, ...]) -> None:
        """Take which symbols no rule asks for any more."""

    def on_alert(self, noted: Noted) -> None:
        """Take an alert whose deliveries are on their way, unless a silence keeps it to itself."""

    def on_delivery(self, report: Report) -> None:
        """Take what became of deliveries: made, to be tried again, given up."""

    def on_fault(self, fault: Fault) -> None:
        """Take that a destination does not take what it is sent, or does again."""

    def on_journal(self, event: JournalEvent) -> None:
        """Take what keeps the journal from being written, or that it is again."""

    def on_recording(self, event: RecordingEvent) -> None:
        """Take what became of a file of the recording, or what keeps it from being written."""

    def on_disk(self, event: DiskEvent) -> None:
        """Take that the journal's disk is nearly full, or no longer."""

    def on_beat(self, beat: Beat) -> None:
        """Take that the heartbeat is heard, or no longer."""

    def on_reload(self, outcome: Reload) -> None:
        """Take what came of a reload."""
