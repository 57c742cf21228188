"""The daemon: streams into the engine, its alerts into deliveries, and the order of their ends."""

import logging
import socket
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

import trio

from alertd import logs
from alertd.archive import Archive
from alertd.config.listed import silence_in_words
from alertd.config.mistakes import MistakesError
from alertd.config.model import Config, LogFormat, Reloading
from alertd.config.reload import changes_in_words, refused
from alertd.config.streams import feed_settings
from alertd.config.watchlist import rules_by_symbol
from alertd.config.wording import counted
from alertd.delivery.secrets import SecretsFilter
from alertd.disk import DiskEvent, watch_disk
from alertd.engine.engine import Engine
from alertd.engine.explanation import Explanation
from alertd.engine.program import Program
from alertd.engine.rule import Rule
from alertd.heartbeat import Beat, beat
from alertd.journal.events import JournalEvent
from alertd.journal.file import JournalFile
from alertd.market.feed.events import FeedEvent
from alertd.market.feed.feed import Feed
from alertd.market.listing import Changes, Listing
from alertd.market.listings import ListingWatch
from alertd.market.ticker import Ticker
from alertd.observers.observer import Observer
from alertd.observers.system_alerts import SystemAlert, SystemAlerts
from alertd.observers.tally import Tally
from alertd.outbound import Outbound
from alertd.progress import Progress
from alertd.recollection import Recollection
from alertd.reload import Prepared, Source, Turns, spread
from alertd.status import account_line, status_line
from alertd.systemd import Notifier
from alertd.web.app import make_app
from alertd.web.operations import Reload
from alertd.web.server import serve

_log = logging.getLogger(__name__)

# How long deliveries under way may take after the feed has ended. The unit's TimeoutStopSec, and
# whoever waits for the process, must grant more.
DRAIN_S = 20.0
_STATUS_EVERY_S = 10.0


class Daemon:
    """Watches the market by a configuration, until `stop` is called. `journal` is open.

    `load` reads that configuration anew, for a reload; without it there is nothing else to be had.
    `observers` are told what the daemon sees and does. Without a listing, names are taken at their
    word, and globs stand for nothing. Only mistakes of ours end `run` with an error.
    """

    def __init__(  # noqa: PLR0913 - by name, but for the first
        self,
        config: Config,
        *,
        journal: JournalFile,
        load: Callable[[], Config] | None = None,
        listings: ListingWatch | None = None,
        observers: Iterable[Observer] = (),
        notifier: Notifier,
        drain_s: float = DRAIN_S,
    ) -> None:
        self._drain_s = drain_s
        self.tally = Tally()
        self._config = config
        self._source = Source(load or (lambda: config), config)
        self._system_alerts = SystemAlerts(
            self._say, blind_after_s=config.feed.alert_after_ms / 1000
        )
        self._observers = (self.tally, *observers, self._system_alerts)
        self._notifier = notifier
        self._listings = listings
        self._rules: Mapping[str, list[Rule]] = rules_by_symbol(config.rules, self._listing)
        self._engine = Engine(self._rules)
        self._feed = Feed(
            config.venue,
            feed_settings(config),
            on_ticker=self.take,
            report=self._on_feed,
            status_of=lambda symbol: silence_in_words(symbol, self._listing),
        )
        self._store = journal.store
        self._outbound = Outbound(
            config.channels,
            journal,
            system=config.system,
            observers=self._observers,
            tell_all=self._tell_all,
        )
        self._outbound.journal.retain(config.keep_ms)
        self._recollection = Recollection(self._engine, self._outbound.journal)
        self._archive = Archive(self._outbound, journal.path, channels=self._channels)
        self._hiding = SecretsFilter(config.secrets | self._outbound.secrets)
        self._turns = Turns(self._reload)
        # Set once the feeds have begun.
        self.ready = trio.Event()
        self._stopped = trio.Event()

    def open_log(self) -> None:
        """Write the log as it is configured, with every secret hidden."""
        log = self._config.log
        logs.set_up(
            log.level.value,
            always_timed=log.format is LogFormat.TEXT,
            filters=[self._hiding],
        )

    def tell(self, events: Iterable[JournalEvent]) -> None:
        """Tell what is to be told of how the journal was opened."""
        for event in events:
            self._outbound.on_journal(event)

    def stop(self) -> None:
        """End the feeds now, and the whole once what they set off is delivered."""
        self._stopped.set()

    async def run(self, control: socket.socket | None = None) -> None:
        """Run until stopped: the nurseries' nesting is the order of the ends, feeds first.

        Whoever gets through to `control`, a socket that listens, may ask and tell it things.
        """
        _log.info("watching %s by %s", counted(len(self._rules), "symbol"), self._rules_counted)
        await self._recollection.restore(self._store, _names_of(self._config.rules))
        async with trio.open_nursery() as deliveries:
            deliveries.start_soon(self._outbound.run)
            async with trio.open_nursery() as feeds:
                await feeds.start(self._feed.run, list(self._rules))
                if self._listings is not None:
                    feeds.start_soon(self._listings.run, self._follow)
                if control is not None:
                    await feeds.start(serve, make_app(self, self._archive), control)
                self._notifier.ready(self.status)
                self.ready.set()
                feeds.start_soon(self._keep_status)
                feeds.start_soon(self._system_alerts.run)
                feeds.start_soon(self._recollection.run)
                feeds.start_soon(watch_disk, self._archive.path.parent, self._on_disk)
                feeds.start_soon(self._beat)
                feeds.start_soon(self._keep_up_with_files)
                await self._stopped.wait()
                self._notifier.stopping()
                feeds.cancel_scope.cancel()
            self._recollection.end()
            self._outbound.close(drain_s=self._drain_s)
        _log.info("stopped: %s", self.account)

    @property
    def config_file(self) -> Path:
        """The configuration file that it runs by."""
        return self._config.files[0]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule that is configured, the disabled ones too."""
        return self._config.rules

    def watching(self, rule: str) -> tuple[str, ...]:
        """Return the symbols that a rule watches."""
        return self._engine.watching(rule)

    @property
    def streaming(self) -> Collection[str]:
        """The symbols whose tickers are coming in right now."""
        return self.tally.streaming

    def explain(self, rule: str, symbol: str) -> Explanation | None:
        """Return how a rule stands for a symbol, None where it does not watch it."""
        return self._engine.explain(rule, symbol)

    def rearm(self, rule: str, symbol: str | None = None) -> int:
        """Arm a `once` rule again, for all symbols without one; return for how many it was not."""
        rearmed = self._engine.rearm(rule, symbol)
        self._recollection.follow()
        return rearmed

    @property
    def status(self) -> str:
        """How it goes, in a line; what keeps symbols or rules from being seen comes first."""
        return status_line(self.tally, symbols=len(self._rules), rules=self._rules_counted)

    @property
    def account(self) -> str:
        """What came of it all, in a line."""
        return account_line(self.tally, dropped_events=self._engine.dropped_events)

    @property
    def _rules_counted(self) -> str:
        return counted(sum(rule.enabled for rule in self._config.rules), "rule")

    @property
    def _listing(self) -> Listing | None:
        return self._listings.newest if self._listings else None

    async def reload(self) -> Reload:
        """Read the configuration anew, and go by it from then on if there is no mistake in it.

        It waits for its turn, and until the daemon is ready. Those who ask during a reload share
        the next.
        """
        return await self._turns.take()

    async def _reload(self) -> Reload:
        await self.ready.wait()
        self._notifier.reloading()
        outcome = await self._outcome_of_reload()
        if not self._stopped.is_set():
            for observer in self._observers:
                observer.on_reload(outcome)
            self._notifier.ready(self.status)
        return outcome

    async def _outcome_of_reload(self) -> Reload:
        try:
            another = await self._source.read(listing=self._listing, watched=tuple(self._rules))
        except MistakesError as error:
            return refused(error.mistakes)
        if self._stopped.is_set():
            return Reload(False, "alertd is stopping: nothing was reloaded")
        return self._adopt(another)

    def _adopt(self, another: Prepared) -> Reload:
        """Go by another configuration, from one ticker to the next: nothing here waits."""
        before, config = self._config, another.config
        self._recollection.forget(_names_of(before.rules) - _names_of(config.rules))
        self._outbound.replace(config.channels, system=config.system)
        # Before anything can be said of what is new.
        self._hiding.add(config.secrets | self._outbound.secrets)
        self._config = config
        self._outbound.journal.retain(config.keep_ms)
        if config.log != before.log:
            self.open_log()
        feed = config.feed
        self._feed.behave(
            connect_interval_s=feed.connect_rate.interval_s,
            stale_after_s=feed.stale_after_ms / 1000,
        )
        self._system_alerts.expect(blind_after_s=feed.alert_after_ms / 1000)
        if another.listing is self._listing:
            begun, ended = self._watch(another.rules, another.programs)
        else:
            begun, ended = self._watch(spread(config, self._listing, self._rules))
        self.tally.forget(ended)
        watching = f"{self._rules_counted} on {counted(len(self._rules), 'symbol')}"
        changes = changes_in_words(before, config, begun=begun, ended=ended)
        return Reload(True, f"reloaded: {changes}; {watching}", notes=another.notes)

    def _follow(self, listing: Listing, _changes: Changes) -> None:
        """Watch what began to trade, and let go of what is delisted."""
        begun, ended = self._watch(spread(self._config, listing, self._rules))
        if begun or ended:
            for observer in self._observers:
                observer.on_symbols(begun, ended)

    def _watch(
        self, rules: Mapping[str, list[Rule]], programs: Mapping[str, Program] | None = None
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Watch these symbols by these rules; return which symbols are new, and which are gone."""
        before, self._rules = self._rules, rules
        if programs is None:
            self._engine.watch(rules)
        else:
            self._engine.adopt(programs)
        self._recollection.follow()
        self._feed.watch(rules)
        begun = tuple(symbol for symbol in rules if symbol not in before)
        return begun, tuple(symbol for symbol in before if symbol not in rules)

    async def _keep_up_with_files(self) -> None:
        while True:
            await self._source.wait_for_change()
            if self._config.reload is Reloading.AUTO:
                await self.reload()

    async def _keep_status(self) -> None:
        while True:
            await trio.sleep(_STATUS_EVERY_S)
            self._notifier.status(self.status)

    def take(self, ticker: Ticker) -> None:
        """Evaluate a ticker, and send what it sets off on its way; never waits."""
        for observer in self._observers:
            observer.on_ticker(ticker)
        for alert in self._engine.update(ticker):
            self._outbound.take(alert)
        self._recollection.take(ticker)

    def _on_feed(self, event: FeedEvent) -> None:
        for observer in self._observers:
            observer.on_feed(event)

    def _channels(self) -> Collection[str]:
        return [channel.name for channel in self._config.channels]

    async def _beat(self) -> None:
        """Let somebody outside know that all goes on, for as long as it does."""
        progress = Progress(self.tally, self._outbound)
        await beat(
            lambda: self._config.heartbeat,
            progress=lambda: progress.standstill(
                blind_after_s=self._config.feed.alert_after_ms / 1000
            ),
            report=self._on_beat,
        )

    def _on_beat(self, made: Beat) -> None:
        for observer in self._observers:
            observer.on_beat(made)

    def _on_disk(self, event: DiskEvent) -> None:
        for observer in self._observers:
            observer.on_disk(event)

    def _tell_all(self) -> None:
        self._recollection.tell_all()

    def _say(self, word: SystemAlert) -> None:
        self._outbound.say(word)


def _names_of(rules: Iterable[Rule]) -> set[str]:
    return {rule.name for rule in rules if rule.enabled}
