"""What is watched: the market's tickers into the engine, by rules that may change between two of them."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import trio

from alertd.aftermath import Aftermath
from alertd.asking import OpenKlines
from alertd.config.listed import silence_in_words
from alertd.config.model import Config
from alertd.config.pictured import picture_spans
from alertd.config.streams import feed_settings
from alertd.config.watchlist import rules_by_symbol
from alertd.engine.engine import Engine
from alertd.engine.explanation import Explanation, Glance
from alertd.engine.prices import Prices
from alertd.engine.program import Program
from alertd.engine.rule import Rule
from alertd.journal.store import Store
from alertd.market.feed.events import FeedEvent, Streaming
from alertd.market.feed.feed import Feed
from alertd.market.kline_source import KlineSource
from alertd.market.listing import Listing
from alertd.market.listings import ListingWatch
from alertd.market.ticker import Ticker
from alertd.observers.observer import Observer
from alertd.outbound import Outbound
from alertd.recollection import Recollection
from alertd.warming import Left, cold, warm, warm_pictures, warm_rest


class Watch:
    """Takes tickers, and gives the alerts that they set off to `outbound`.

    Without a listing, names are taken at their word, and globs stand for nothing. Without `klines`
    windows know what was kept of the past, and no more. What pictures show of it goes into `prices`.
    """

    def __init__(  # noqa: PLR0913 - by name, but for the first
        self,
        config: Config,
        listings: ListingWatch | None,
        *,
        outbound: Outbound,
        observer: Observer,
        klines: OpenKlines | None = None,
        prices: Prices,
    ) -> None:
        self._config = config
        self._prices = prices
        self._listings = listings
        self._klines = klines
        self._outbound = outbound
        self._observer = observer
        self.rules: Mapping[str, list[Rule]] = rules_by_symbol(config.rules, self.listing)
        self.engine = Engine(self.rules)
        self.recollection = Recollection(self.engine, outbound.journal, _market_of(config), prices)
        self.recollection.picture(picture_spans(config, self.rules))
        self._aftermath = Aftermath(
            self.engine, prices, report=observer.on_gap, silenced=outbound.is_silenced
        )
        # Seen again, and their first ticker is to come.
        self._returning: set[str] = set()
        self._names = _names_of(config)
        self._feed = Feed(
            config.venue,
            feed_settings(config.feed, config.venue),
            on_ticker=self.take,
            report=self._on_feed,
            status_of=lambda symbol: silence_in_words(symbol, self.listing),
            newest_ms=self.engine.newest_ms,
        )

    @property
    def listing(self) -> Listing | None:
        """The symbols that the exchange lists, as far as they are known."""
        return self._listings.newest if self._listings else None

    def take(self, ticker: Ticker) -> None:
        """Evaluate a ticker, and send what it sets off on its way; never waits."""
        self._observer.on_ticker(ticker)
        if ticker.symbol in self._returning:
            self._returning.discard(ticker.symbol)
            if self._klines is not None:
                self._aftermath.notice(ticker)
        for alert in self.engine.update(ticker):
            self._outbound.take(alert)
        self.recollection.take(ticker)

    def _on_feed(self, event: FeedEvent) -> None:
        if isinstance(event, Streaming):
            self._returning.add(event.symbol)
        self._observer.on_feed(event)

    async def restore(self, store: Store) -> None:
        """Go on where the process before this one stood."""
        await self.recollection.restore(store, self._names)

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Receive tickers until cancelled."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.recollection.run)
            left = await self._warm()
            await nursery.start(self._feed.run, list(self.rules))
            task_status.started()
            # Beside the feed: no alert waits for any of it.
            if self._klines_to_ask is not None:
                await warm_pictures(self._prices, self._klines_to_ask, now_ms=_now_ms())
            if self._klines is not None:
                nursery.start_soon(self._aftermath.run, self._klines_unless_banned)
                klines = self._klines_unless_banned
                await warm_rest(self.engine, left, klines, prices=self._prices)

    async def _warm(self) -> Left:
        """Fill windows from klines, as far as they come in time."""
        left = cold(self.engine, self.recollection.restored, now_ms=_now_ms())
        if self._klines_to_ask is None:
            return left
        return await warm(self.engine, left, self._klines_to_ask, prices=self._prices)

    @asynccontextmanager
    async def _klines_unless_banned(self) -> AsyncIterator[KlineSource]:
        error = self._listings.error if self._listings is not None else None
        if error is not None and error.retry_after_s is not None:
            raise error
        assert self._klines is not None, "without them no gap is noticed"  # noqa: S101
        async with self._klines() as source:
            yield source

    @property
    def _klines_to_ask(self) -> OpenKlines | None:
        """What knows klines, unless the exchange could not be asked a moment ago."""
        asked_in_vain = self._listings is not None and self._listings.error is not None
        return None if asked_in_vain else self._klines

    def end(self) -> None:
        """Keep what outlives the process, after `run` has ended."""
        self.recollection.end()

    def adopt(self, config: Config) -> None:
        """Go by another configuration's names of rules and manners of the feed; `follow` comes next."""
        names = _names_of(config)
        self._config = config
        self.recollection.forget(self._names - names)
        self._names = names
        self._feed.behave(
            connect_interval_s=config.feed.connect_rate.interval_s,
            stale_after_s=config.feed.stale_after_ms / 1000,
        )

    def follow(
        self, rules: Mapping[str, list[Rule]], programs: Mapping[str, Program] | None = None
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Watch these symbols by these rules; return which symbols are new, and which are gone."""
        before, self.rules = self.rules, rules
        if programs is None:
            self.engine.watch(rules)
        else:
            self.engine.adopt(programs)
        self.recollection.follow()
        self.recollection.picture(picture_spans(self._config, rules))
        self._feed.watch(rules)
        begun = tuple(symbol for symbol in rules if symbol not in before)
        return begun, tuple(symbol for symbol in before if symbol not in rules)

    def explain(self, rule: str, symbol: str) -> Explanation | None:
        """Return how a rule stands for a symbol, None where it does not watch it."""
        return self.engine.explain(rule, symbol)

    def glances(self, symbol: str, first: int = 0) -> list[Glance]:
        """Return in short how a symbol's rules stand, some from that number on; at the end none."""
        return self.engine.glances(symbol, first)

    def rearm(self, rule: str, symbol: str | None) -> int:
        """Arm a `once` rule again, for all symbols without one; return for how many it was not."""
        rearmed = self.engine.rearm(rule, symbol)
        self.recollection.follow()
        return rearmed


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _names_of(config: Config) -> set[str]:
    return {rule.name for rule in config.rules if rule.enabled}


def _market_of(config: Config) -> str:
    """Return what tells one market from another: not the port of a local one, which changes."""
    return f"{config.market.value} at {urlsplit(config.venue.stream_url).hostname}"
