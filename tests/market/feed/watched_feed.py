"""A feed under a test's eyes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

import attrs
import trio

from alertd.market.feed.events import FeedEvent
from alertd.market.feed.feed import Feed, FeedSettings
from alertd.market.ticker import Ticker
from alertd.market.venue import USDM
from alertd.observers.tally import Tally
from tests.market.feed.broadcaster import Broadcaster

Kind = TypeVar("Kind", bound=FeedEvent)


@attrs.define
class WatchedFeed:
    """A feed, its exchange, and what came of both."""

    exchange: Broadcaster
    feed: Feed = attrs.field(init=False)
    tally: Tally = attrs.field(factory=Tally)
    seen: list[tuple[str, int]] = attrs.field(factory=list)
    events: list[FeedEvent] = attrs.field(factory=list)
    _changed: trio.Event = attrs.field(factory=trio.Event)

    def on_ticker(self, ticker: Ticker) -> None:
        self.seen.append((ticker.symbol, ticker.time_ms))
        self.tally.on_ticker(ticker)
        self._wake()

    def report(self, event: FeedEvent) -> None:
        self.events.append(event)
        self.tally.on_feed(event)
        self._wake()

    def of(self, kind: type[Kind]) -> list[Kind]:
        return [event for event in self.events if isinstance(event, kind)]

    async def until(self, kind: type[FeedEvent], count: int = 1) -> None:
        """Wait until so many events of a kind were reported."""
        while len(self.of(kind)) < count:
            await self._changed.wait()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = trio.Event()


@asynccontextmanager
async def watched_feed(
    exchange: Broadcaster, *symbols: str, lifetime_s: float = 24 * 3600.0, **settings: object
) -> AsyncIterator[WatchedFeed]:
    """Feed the symbols from the exchange for as long as the block lasts."""
    watched = WatchedFeed(exchange)
    async with trio.open_nursery() as nursery:
        url = await nursery.start(exchange.serve)
        watched.feed = Feed(
            attrs.evolve(USDM, stream_url=url, connection_lifetime_s=lifetime_s),
            FeedSettings(**settings),  # type: ignore[arg-type]
            on_ticker=watched.on_ticker,
            report=watched.report,
        )
        nursery.start_soon(watched.feed.run, symbols)
        yield watched
        nursery.cancel_scope.cancel()
