"""The tally behind the status line and the account at the end."""

from alertd.delivery.report import Fault, Outcome, Report
from alertd.journal.events import Failing, JournalEvent
from alertd.market.feed.events import (
    BadFrame,
    Disconnected,
    FeedEvent,
    LateTicker,
    Quiet,
    Streaming,
)
from alertd.market.past.recorded.events import Recorded, RecordingEvent, Unrecorded
from alertd.market.ticker import Ticker
from alertd.observers.observer import Noted, Observer
from alertd.web.operations import Reload


class Tally(Observer):
    """Counts, for the status line and for the end's account."""

    def __init__(self) -> None:
        self.streaming: set[str] = set()
        self.tickers = 0
        self.likely = ""
        self.refusal: Reload | None = None
        self.bad_frames = 0
        self.late = 0
        self.alerts = 0
        self.delivered = 0
        self.undelivered = 0
        self.left = 0
        self.faults: dict[str, Fault] = {}
        self.unwritten = ""
        self.unrecorded = ""

    def on_ticker(self, ticker: Ticker) -> None:  # noqa: ARG002 - one is one
        """Count it."""
        self.tickers += 1

    def on_feed(self, event: FeedEvent) -> None:
        """Keep which symbols are seen."""
        match event:
            case Streaming():
                self.streaming.add(event.symbol)
            case Disconnected():
                self.streaming.difference_update(event.symbols)
                self.likely = str(event.fault)
            case Quiet():
                self.streaming.difference_update(event.symbols)
                self.likely = event.likely
            case LateTicker():
                self.late += 1
            case BadFrame():
                self.bad_frames += 1

    def on_symbols(self, begun: tuple[str, ...], ended: tuple[str, ...]) -> None:  # noqa: ARG002 - they stream when they do
        """Forget those that ended."""
        self.on_unwatched(ended)

    def on_unwatched(self, symbols: tuple[str, ...]) -> None:
        """Take note that these are not seen any more."""
        self.streaming.difference_update(symbols)

    def on_alert(self, noted: Noted) -> None:  # noqa: ARG002 - one is one
        """Count it."""
        self.alerts += 1

    def on_delivery(self, report: Report) -> None:
        """Count the last word on each delivery."""
        count = len(report.deliveries)
        match report.outcome:
            case Outcome.DELIVERED:
                self.delivered += count
            case Outcome.UNDELIVERED:
                self.undelivered += count
            case Outcome.LEFT:
                self.left += count

    def on_fault(self, fault: Fault) -> None:
        """Keep which destinations do not take what they are sent."""
        if fault.is_open:
            self.faults[fault.key] = fault
        else:
            self.faults.pop(fault.key, None)

    def on_journal(self, event: JournalEvent) -> None:
        """Keep why it cannot be written, until it can."""
        self.unwritten = event.reason if isinstance(event, Failing) else ""

    def on_recording(self, event: RecordingEvent) -> None:
        """Keep why it cannot be written, until it can."""
        if isinstance(event, Unrecorded):
            self.unrecorded = event.reason
        elif not isinstance(event, Recorded):
            self.unrecorded = ""

    def on_reload(self, outcome: Reload) -> None:
        """Keep why the last one was refused, until one is not."""
        self.refusal = None if outcome.ok else outcome
