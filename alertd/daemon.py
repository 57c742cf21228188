"""The daemon: streams into the engine, its alerts into deliveries, and the order of their ends."""

import logging
import signal
from collections.abc import AsyncIterator, Iterable
from ssl import create_default_context

import trio

from alertd.config.model import Config
from alertd.config.watchlist import rules_by_symbol
from alertd.delivery.dispatcher import Dispatcher
from alertd.delivery.report import Report
from alertd.engine.engine import Engine
from alertd.market.feed.events import FeedEvent
from alertd.market.feed.feed import Feed, FeedSettings
from alertd.market.feed.proxy import proxy_for
from alertd.market.feed.websocket import Route
from alertd.market.listing import DELISTED, Changes, Listing
from alertd.market.listings import ListingWatch
from alertd.market.ticker import Ticker
from alertd.observer import Observer, Tally
from alertd.systemd import Notifier

_log = logging.getLogger(__name__)

# How long deliveries under way may take after the feed has ended. The unit's TimeoutStopSec, and
# whoever waits for the process, must grant more.
DRAIN_S = 20.0
_STATUS_EVERY_S = 10.0


class Daemon:
    """Watches the market by a configuration, until `stop` is called.

    `observers` are told what it sees and does. Without a `listing` names are taken at their word,
    and globs stand for nothing. Only mistakes of ours end `run` with an error.
    """

    def __init__(
        self,
        config: Config,
        *,
        listings: ListingWatch | None = None,
        observers: Iterable[Observer] = (),
        notifier: Notifier,
        drain_s: float = DRAIN_S,
    ) -> None:
        self._drain_s = drain_s
        self.tally = Tally()
        self._config = config
        self._observers = (self.tally, *observers)
        self._notifier = notifier
        self._listings = listings
        self._rules = rules_by_symbol(config.rules, listings.newest if listings else None)
        self._rule_count = sum(rule.enabled for rule in config.rules)
        self._engine = Engine(self._rules)
        self._feed = self._make_feed(config)
        self._dispatcher = Dispatcher(config.channels, report=self._on_delivery)
        self._stopped = trio.Event()

    @property
    def secrets(self) -> frozenset[str]:
        """Every text that must not be printed."""
        return self._config.secrets | self._dispatcher.secrets

    def stop(self) -> None:
        """End the feeds now, and the whole once what they set off is delivered."""
        self._stopped.set()

    async def run(self) -> None:
        """Run until stopped: the nurseries' nesting is the order of the ends, feeds first."""
        symbols, rules = _counted(len(self._rules), "symbol"), _counted(self._rule_count, "rule")
        _log.info("watching %s by %s", symbols, rules)
        async with trio.open_nursery() as deliveries:
            deliveries.start_soon(self._dispatcher.run)
            async with trio.open_nursery() as feeds:
                feeds.start_soon(self._feed.run, list(self._rules))
                if self._listings is not None:
                    feeds.start_soon(self._listings.run, self._follow)
                self._notifier.ready(self.status)
                feeds.start_soon(self._keep_status)
                await self._stopped.wait()
                self._notifier.stopping()
                feeds.cancel_scope.cancel()
            self._dispatcher.close(drain_s=self._drain_s)
        _log.info("stopped: %s", self.account)

    @property
    def status(self) -> str:
        """How it goes, in a line; what keeps symbols from being seen comes first."""
        tally, wanted = self.tally, len(self._rules)
        parts = [
            f"{len(tally.streaming)} of {wanted} symbols streaming",
            _counted(self._rule_count, "rule"),
            _counted(tally.alerts, "alert"),
        ]
        if tally.likely and len(tally.streaming) < wanted:
            parts.insert(1, f"the last that fell silent: {tally.likely}")
        if tally.undelivered:
            parts.append(f"{tally.undelivered} NOT DELIVERED")
        return ", ".join(parts)

    @property
    def account(self) -> str:
        """What came of it all, in a line."""
        tally = self.tally
        parts = [
            _counted(tally.tickers, "ticker"),
            _counted(tally.alerts, "alert"),
            f"{tally.delivered} delivered",
            f"{tally.undelivered} not delivered",
            f"{_counted(tally.bad_frames, 'bad frame')} skipped",
            f"{_counted(tally.late, 'late ticker')} dropped",
            f"{_counted(self._engine.dropped_events, 'event')} dropped by cooldowns",
        ]
        return ", ".join(parts)

    def _make_feed(self, config: Config) -> Feed:
        venue = config.venue
        # Made once: reading the system's certificates takes longer than a connection.
        tls = create_default_context() if venue.stream_url.startswith("wss:") else None
        proxy = config.feed.proxy or proxy_for(venue.stream_url)
        settings = FeedSettings(
            shape=config.feed.connections,
            connect_interval_s=config.feed.connect_rate.interval_s,
            stale_after_s=config.feed.stale_after_ms / 1000,
            route=Route(ssl_context=tls, proxy=proxy),
        )
        return Feed(
            venue,
            settings,
            on_ticker=self.take,
            report=self._on_feed,
            status_of=self._status_of,
        )

    def _status_of(self, symbol: str) -> str | None:
        """Say why a symbol may be silent, if the exchange's list of symbols knows."""
        listing = self._listings.newest if self._listings else None
        listed = listing.symbols.get(symbol) if listing else None
        if listed is None or listed.trades:
            return None
        return f"{symbol} does not trade: its status is {listed.status}"

    def _follow(self, listing: Listing, _changes: Changes) -> None:
        """Watch what began to trade, and let go of what is delisted.

        What only does not trade at the moment is kept: it may be back long before the next look.
        """
        before = self._rules
        halted = {
            symbol: rules
            for symbol, rules in before.items()
            if symbol in listing.symbols and listing.symbols[symbol].status != DELISTED
        }
        self._rules = halted | dict(rules_by_symbol(self._config.rules, listing))
        begun = tuple(symbol for symbol in self._rules if symbol not in before)
        ended = tuple(symbol for symbol in before if symbol not in self._rules)
        self._engine.watch(self._rules)
        self._feed.watch(self._rules)
        if begun or ended:
            for observer in self._observers:
                observer.on_symbols(begun, ended)

    async def _keep_status(self) -> None:
        while True:
            await trio.sleep(_STATUS_EVERY_S)
            self._notifier.status(self.status)

    def take(self, ticker: Ticker) -> None:
        """Evaluate a ticker, and send what it sets off on its way; never waits."""
        for observer in self._observers:
            observer.on_ticker(ticker)
        for alert in self._engine.update(ticker):
            self._dispatcher.submit(alert)
            for observer in self._observers:
                observer.on_alert(alert)

    def _on_feed(self, event: FeedEvent) -> None:
        for observer in self._observers:
            observer.on_feed(event)

    def _on_delivery(self, report: Report) -> None:
        for observer in self._observers:
            observer.on_delivery(report)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


async def run_until_signalled(daemon: Daemon) -> None:
    """Run the daemon until SIGINT or SIGTERM stops it; a second one ends the deliveries too."""
    with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_heed, signals, daemon, nursery.cancel_scope)
            await daemon.run()
            nursery.cancel_scope.cancel()


async def _heed(signals: AsyncIterator[int], daemon: Daemon, scope: trio.CancelScope) -> None:
    await anext(signals)
    daemon.stop()
    await anext(signals)
    scope.cancel()
