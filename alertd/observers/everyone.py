"""All observers as one."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager

import trio

from alertd.delivery.report import Fault, Report
from alertd.disk import DiskEvent
from alertd.heartbeat import Beat
from alertd.journal.events import JournalEvent
from alertd.market.feed.events import FeedEvent
from alertd.market.past.recorded.events import RecordingEvent
from alertd.market.ticker import Ticker
from alertd.observers.gaps import GapEvent
from alertd.observers.observer import Noted, Observer
from alertd.web.operations import Reload


class Everyone(Observer):
    """Tells each of them, in their order."""

    def __init__(self, observers: Iterable[Observer]) -> None:
        self._observers = tuple(observers)
        # Tickers are many, and few want to hear of each.
        self._who_count = [it for it in self._observers if _hears_tickers(it)]

    def on_ticker(self, ticker: Ticker) -> None:
        """Tell those who listen."""
        for observer in self._who_count:
            observer.on_ticker(ticker)

    @asynccontextmanager
    async def at_work(self) -> AsyncGenerator[None]:
        """Let each do its work for as long as there is something to be told."""
        async with trio.open_nursery() as nursery:
            for observer in self._observers:
                nursery.start_soon(observer.work)
            yield
            nursery.cancel_scope.cancel()

    def on_watched(self, symbols: tuple[str, ...]) -> None:
        """Tell each."""
        for observer in self._observers:
            observer.on_watched(symbols)

    def on_feed(self, event: FeedEvent) -> None:
        """Tell each."""
        for observer in self._observers:
            observer.on_feed(event)

    def on_gap(self, event: GapEvent) -> None:
        """Tell each."""
        for observer in self._observers:
            observer.on_gap(event)

    def on_symbols(self, begun: tuple[str, ...], ended: tuple[str, ...]) -> None:
        """Tell each."""
        for observer in self._observers:
            observer.on_symbols(begun, ended)

    def on_unwatched(self, symbols: tuple[str, ...]) -> None:
        """Tell each."""
        for observer in self._observers:
            observer.on_unwatched(symbols)

    def on_alert(self, noted: Noted) -> None:
        """Tell each."""
        for observer in self._observers:
            observer.on_alert(noted)

    def on_delivery(self, report: Report) -> None:
        """Tell each."""
        for observer in self._observers:
            observer.on_delivery(report)

    def on_fault(self, fault: Fault) -> None:
        """Tell each."""
        for observer in self._observers:
            observer.on_fault(fault)

    def on_journal(self, event: JournalEvent) -> None:
        """Tell each."""
        for observer in self._observers:
            observer.on_journal(event)

    def on_recording(self, event: RecordingEvent) -> None:
        """Tell each."""
        for observer in self._observers:
            observer.on_recording(event)

    def on_disk(self, event: DiskEvent) -> None:
        """Tell each."""
        for observer in self._observers:
            observer.on_disk(event)

    def on_beat(self, beat: Beat) -> None:
        """Tell each."""
        for observer in self._observers:
            observer.on_beat(beat)

    def on_reload(self, outcome: Reload) -> None:
        """Tell each."""
        for observer in self._observers:
            observer.on_reload(outcome)


def _hears_tickers(observer: Observer) -> bool:
    return type(observer).on_ticker is not Observer.on_ticker
