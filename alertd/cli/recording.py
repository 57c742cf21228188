"""A recording at work: the feed's tickers into files until a signal ends it, and how far it is."""

import signal
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import NoReturn

import click
import trio

from alertd.config.model import Feed as FeedKeys
from alertd.config.model import Record
from alertd.config.streams import feed_settings
from alertd.config.wording import counted
from alertd.market.feed.feed import Feed
from alertd.market.past.recorded.events import RecordingEvent
from alertd.market.venue import Venue
from alertd.observers.everyone import Everyone
from alertd.observers.log import LogObserver
from alertd.observers.tally import Tally
from alertd.recorder import Recorder


class Recording:
    """Some symbols' tickers on their way into a folder."""

    def __init__(self, symbols: Sequence[str], folder: Path) -> None:
        self.symbols = symbols
        self.folder = folder
        self.recorder = Recorder(Record(folder), self._tell)
        self._tally = Tally()
        self.everyone = Everyone((self._tally, self.recorder, LogObserver()))

    @property
    def status(self) -> str:
        """How it goes, in a line."""
        streaming = f"{len(self._tally.streaming)} of {counted(len(self.symbols), 'symbol')}"
        return f"{streaming}, {self._tally.tickers:,} tickers, {self._written}"

    @property
    def account(self) -> str:
        """What came of it, in a line."""
        recorded = self.recorder.recorded
        if not recorded:
            return f"Nothing was recorded: {self._tally.likely or 'no ticker came'}."
        return f"Recorded {recorded:,} tickers in {self.folder}: {self._written}."

    @property
    def _written(self) -> str:
        size, recorded = self.recorder.size, self.recorder.recorded
        each = f", {size / recorded:.1f} a ticker" if recorded else ""
        return f"{size:,} bytes{each}"

    def _tell(self, event: RecordingEvent) -> None:
        self.everyone.on_recording(event)


async def record(recording: Recording, keys: FeedKeys, venue: Venue) -> None:
    """Record until SIGINT or SIGTERM: the feed ends first, then what came is written."""
    everyone = recording.everyone
    feed = Feed(
        venue,
        feed_settings(keys, venue),
        on_ticker=everyone.on_ticker,
        report=everyone.on_feed,
    )
    everyone.on_watched(tuple(recording.symbols))
    with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async with everyone.at_work(), trio.open_nursery() as writing:
            writing.start_soon(recording.recorder.run)
            async with trio.open_nursery() as feeds:
                feeds.start_soon(_end_on, signals, feeds.cancel_scope)
                feeds.start_soon(feed.run, recording.symbols)
                if sys.stdout.isatty():
                    feeds.start_soon(_show, recording)
            recording.recorder.close()


async def _end_on(signals: AsyncIterator[int], feeds: trio.CancelScope) -> None:
    await anext(signals)
    feeds.cancel()


async def _show(recording: Recording) -> NoReturn:
    try:
        while True:
            click.echo(f"\r\033[K{recording.status}", nl=False)
            await trio.sleep(1)
    finally:
        click.echo()
