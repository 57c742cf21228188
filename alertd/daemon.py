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
from alertd.market.feed.pacer import Pacer
from alertd.market.feed.stream import StreamEvent, SymbolStream
from alertd.market.listing import Listing
from alertd.market.ticker import Ticker
from alertd.observer import Observer, Tally
from alertd.systemd import Notifier

_log = logging.getLogger(__name__)

# How many streams connect at once at the start; the exchange does not say what it allows, its spot
# market allows 300 in five minutes.
_CONNECT_BURST = 50
# How long deliveries under way may take after the feeds have ended. The unit's TimeoutStopSec, and
# whoever waits for the process, must grant more.
_DRAIN_S = 20.0
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
        listing: Listing | None = None,
        observers: Iterable[Observer] = (),
        notifier: Notifier,
    ) -> None:
        self.tally = Tally()
        self._config = config
        self._observers = (self.tally, *observers)
        self._notifier = notifier
        self._rules = rules_by_symbol(config.rules, listing)
        self._rule_count = sum(rule.enabled for rule in config.rules)
        self._engine = Engine(self._rules)
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
        _log.info("watching %d symbols by %d rules", len(self._rules), self._rule_count)
        async with trio.open_nursery() as deliveries:
            deliveries.start_soon(self._dispatcher.run)
            async with trio.open_nursery() as feeds:
                for stream in self._streams():
                    feeds.start_soon(stream.run)
                self._notifier.ready(self.status)
                feeds.start_soon(self._keep_status)
                await self._stopped.wait()
                self._notifier.stopping()
                feeds.cancel_scope.cancel()
            self._dispatcher.close(drain_s=_DRAIN_S)
        _log.info("stopped: %s", self.status)

    @property
    def status(self) -> str:
        """How it goes, in a line."""
        tally = self.tally
        parts = [
            f"{len(tally.streaming)} of {len(self._rules)} symbols streaming",
            f"{self._rule_count} rules",
            f"{tally.alerts} alerts",
        ]
        if tally.undelivered:
            parts.append(f"{tally.undelivered} NOT DELIVERED")
        return ", ".join(parts)

    def _streams(self) -> Iterable[SymbolStream]:
        venue = self._config.venue
        # Made once: reading the system's certificates takes longer than a connection.
        tls = create_default_context() if venue.stream_url.startswith("wss:") else None
        interval_s = self._config.feed.connect_rate.interval_s
        pacer = Pacer(interval_s=interval_s, burst=_CONNECT_BURST)
        for symbol in self._rules:
            yield SymbolStream(
                symbol=symbol,
                url=venue.ticker_url(symbol),
                on_ticker=self._on_ticker,
                report=self._on_stream,
                pacer=pacer,
                ssl_context=tls,
            )

    async def _keep_status(self) -> None:
        while True:
            await trio.sleep(_STATUS_EVERY_S)
            self._notifier.status(self.status)

    def _on_ticker(self, ticker: Ticker) -> None:
        for observer in self._observers:
            observer.on_ticker(ticker)
        for alert in self._engine.update(ticker):
            self._dispatcher.submit(alert)
            for observer in self._observers:
                observer.on_alert(alert)

    def _on_stream(self, event: StreamEvent) -> None:
        for observer in self._observers:
            observer.on_stream(event)

    def _on_delivery(self, report: Report) -> None:
        for observer in self._observers:
            observer.on_delivery(report)


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
