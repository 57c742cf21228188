"""The daemon: streams into the engine, its alerts into deliveries, and the order of their ends."""

import logging
import socket
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

import trio

import alertd
from alertd.archive import Archive
from alertd.asking import OpenKlines
from alertd.config.mistakes import MistakesError
from alertd.config.model import Config, Reloading
from alertd.config.reload import changes_in_words, refused
from alertd.config.wording import counted
from alertd.delivery.secrets import SecretsFilter
from alertd.disk import watch_disk
from alertd.engine.explanation import Explanation, Glance
from alertd.engine.prices import Prices
from alertd.engine.rule import Rule
from alertd.heartbeat import beat
from alertd.journal.events import JournalEvent
from alertd.journal.file import JournalFile
from alertd.logs.fields import about
from alertd.logs.opening import open_log
from alertd.market.listing import Changes, Listing
from alertd.market.listings import ListingWatch
from alertd.market.past.recorded.events import RecordingEvent
from alertd.market.ticker import Ticker
from alertd.observers.everyone import Everyone
from alertd.observers.latest import Latest
from alertd.observers.observer import Observer
from alertd.observers.system_alerts import SystemAlert, SystemAlerts
from alertd.observers.tally import Tally
from alertd.outbound import Outbound
from alertd.overview import Overview
from alertd.progress import Progress
from alertd.recorder import Recorder
from alertd.reload import Prepared, Source, Turns, spread
from alertd.status import account_line, status_line
from alertd.systemd import Notifier
from alertd.watch import Watch
from alertd.web.app import make_app
from alertd.web.operations import Reload
from alertd.web.server import serve
from alertd.web.silence_views import silence_answer
from alertd.web.status_answers import Status

_log = logging.getLogger(__name__)

# How long deliveries under way may take after the feed has ended. The unit's TimeoutStopSec, and
# whoever waits for the process, must grant more.
DRAIN_S = 20.0
_STATUS_EVERY_S = 10.0


class Daemon:
    """Watches the market by a configuration, until `stop` is called. `journal` is open.

    `load` reads that configuration anew, for a reload; without it there is nothing else to be had.
    `observers` are told what the daemon sees and does. Without a listing, names are taken at their
    word, and globs stand for nothing; without `klines`, windows are not warmed from them. Only
    mistakes of ours end `run` with an error.
    """

    def __init__(  # noqa: PLR0913 - by name, but for the first
        self,
        config: Config,
        *,
        journal: JournalFile,
        load: Callable[[], Config] | None = None,
        listings: ListingWatch | None = None,
        klines: OpenKlines | None = None,
        observers: Iterable[Observer] = (),
        notifier: Notifier,
        drain_s: float = DRAIN_S,
    ) -> None:
        self._drain_s = drain_s
        self.tally = Tally()
        self._latest = Latest()
        self._config = config
        self._source = Source(load or (lambda: config), config)
        self._notifier = notifier
        self._listings = listings
        self._system_alerts = SystemAlerts(
            self._say, blind_after_s=config.feed.alert_after_ms / 1000
        )
        self._recorder = Recorder(config.record, self._tell_of_recording)
        own = (self.tally, self._latest, self._recorder)
        self._observer = Everyone((*own, *observers, self._system_alerts))
        self._store = journal.store
        prices = Prices()
        self._outbound = Outbound(
            config.channels,
            journal,
            system=config.system,
            observer=self._observer,
            tell_all=self._tell_all,
            prices=prices,
        )
        self._outbound.journal.retain(config.keep_ms)
        self._watch = Watch(
            config,
            listings,
            outbound=self._outbound,
            observer=self._observer,
            klines=klines,
            prices=prices,
        )
        self._progress = Progress(self.tally, self._outbound.dispatcher)
        self._archive = Archive(self._outbound, journal.path, channels=self._channels)
        self._hiding = SecretsFilter(config.secrets | self._outbound.secrets)
        self._turns = Turns(self._reload)
        # Set once the feeds have begun, and once they are to end.
        self.ready, self._stopped = trio.Event(), trio.Event()

    def open_log(self) -> None:
        """Write the log as it is configured, with every secret hidden."""
        log = self._config.log
        open_log(log.level.value, form=log.format, filters=[self._hiding])

    def tell(self, events: Iterable[JournalEvent]) -> None:
        """Tell what is to be told of how the journal was opened.

        What is in it is right: rules that have not been restored yet know nothing to put in its place.
        """
        for event in events:
            self._observer.on_journal(event)

    def stop(self) -> None:
        """End the feeds now, and the whole once what they set off is delivered."""
        self._stopped.set()

    async def run(self, control: socket.socket | None = None) -> None:
        """Run until stopped: the nurseries' nesting is the order of the ends, feeds first.

        Whoever gets through to `control`, a socket that listens, may ask and tell it things.
        """
        symbols = counted(len(self._watch.rules), "symbol")
        about_it = about("run.watching", count=len(self._watch.rules))
        _log.info("watching %s by %s", symbols, self._rules_counted, extra=about_it)
        await self._watch.restore(self._store)
        self._observer.on_watched(tuple(self._watch.rules))
        try:
            async with self._observer.at_work():
                await self._run_until_stopped(control)
        finally:
            # However it ends: what is left is worth knowing.
            _log.info("stopped: %s", self.account, extra=about("run.stopped"))

    async def _run_until_stopped(self, control: socket.socket | None) -> None:
        async with trio.open_nursery() as deliveries:
            deliveries.start_soon(self._outbound.run)
            deliveries.start_soon(self._recorder.run)
            async with trio.open_nursery() as feeds:
                feeds.start_soon(self._end_when_stopped, feeds.cancel_scope)
                await feeds.start(self._watch.run)
                if self._listings is not None:
                    feeds.start_soon(self._listings.run, self._follow)
                if control is not None:
                    await feeds.start(serve, make_app(self, self._archive), control)
                self._notifier.ready(self.status)
                self.ready.set()
                feeds.start_soon(self._keep_status)
                feeds.start_soon(self._system_alerts.run)
                feeds.start_soon(watch_disk, self._archive.path.parent, self._observer.on_disk)
                feeds.start_soon(self._beat)
                feeds.start_soon(self._keep_up_with_files)
            self._watch.end()
            self._recorder.close()
            self._outbound.close(drain_s=self._drain_s)

    async def _end_when_stopped(self, feeds: trio.CancelScope) -> None:
        await self._stopped.wait()
        self._notifier.stopping()
        feeds.cancel()

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
        return self._watch.engine.watching(rule)

    @property
    def streaming(self) -> Collection[str]:
        """The symbols whose tickers are coming in right now."""
        return self.tally.streaming

    def explain(self, rule: str, symbol: str) -> Explanation | None:
        """Return how a rule stands for a symbol, None where it does not watch it."""
        return self._watch.explain(rule, symbol)

    @property
    def symbols(self) -> Collection[str]:
        """The symbols that are watched."""
        return self._watch.rules

    def glances(self, symbol: str, first: int = 0) -> Sequence[Glance]:
        """Return in short how a symbol's rules stand, some from that number on; at the end none."""
        return self._watch.glances(symbol, first)

    def overview(self) -> Status:
        """Return how it goes, as of now."""
        now_ms = time.time_ns() // 1_000_000
        seen = Overview(self.tally, self._latest, now_ms)
        blind_after_ms = self._config.feed.alert_after_ms
        silences = [it for it in self._archive.silences if it.is_in_force(now_ms)]
        return Status(
            version=alertd.__version__,
            config=str(self.config_file.resolve()),
            status=self.status,
            began_ms=self._latest.began_ms,
            now_ms=now_ms,
            trouble=seen.trouble(self._standstill(), blind_after_ms=blind_after_ms),
            feed=seen.feed(self.symbols),
            rules=sum(rule.enabled for rule in self.rules),
            firing=sum(1 for _ in self._watch.engine.firing()),
            alerts=self.tally.alerts,
            undelivered=self.tally.undelivered,
            destinations=seen.destinations(self._outbound.dispatcher.held()),
            silences=tuple(silence_answer(it, now_ms=now_ms) for it in silences),
            reload=seen.reload,
        )

    def rearm(self, rule: str, symbol: str | None = None) -> int:
        """Arm a `once` rule again, for all symbols without one; return for how many it was not."""
        return self._watch.rearm(rule, symbol)

    @property
    def status(self) -> str:
        """How it goes, in a line; what keeps symbols or rules from being seen comes first."""
        return status_line(self.tally, symbols=len(self._watch.rules), rules=self._rules_counted)

    @property
    def account(self) -> str:
        """What came of it all, in a line."""
        return account_line(self.tally, dropped_events=self._watch.engine.dropped_events)

    @property
    def _rules_counted(self) -> str:
        return counted(sum(rule.enabled for rule in self._config.rules), "rule")

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
            self._observer.on_reload(outcome)
            self._notifier.ready(self.status)
        return outcome

    async def _outcome_of_reload(self) -> Reload:
        try:
            another = await self._source.read(
                listing=self._watch.listing, watched=tuple(self._watch.rules)
            )
        except MistakesError as error:
            return refused(error.mistakes)
        if self._stopped.is_set():
            return Reload(False, "alertd is stopping: nothing was reloaded")
        return self._adopt(another)

    def _adopt(self, another: Prepared) -> Reload:
        """Go by another configuration, from one ticker to the next: nothing here waits."""
        before, config, watch = self._config, another.config, self._watch
        self._outbound.replace(config.channels, system=config.system)
        # Before anything can be said of what is new.
        self._hiding.add(config.secrets | self._outbound.secrets)
        self._config = config
        self._outbound.journal.retain(config.keep_ms)
        self._recorder.follow(config.record)
        if config.log != before.log:
            self.open_log()
        self._system_alerts.expect(blind_after_s=config.feed.alert_after_ms / 1000)
        watch.adopt(config)
        if another.listing is watch.listing:
            begun, ended = watch.follow(another.rules, another.programs)
        else:
            begun, ended = watch.follow(spread(config, watch.listing, watch.rules))
        self._observer.on_unwatched(ended)
        self._observer.on_watched(begun)
        watching = f"{self._rules_counted} on {counted(len(watch.rules), 'symbol')}"
        changes = changes_in_words(before, config, begun=begun, ended=ended)
        return Reload(True, f"reloaded: {changes}; {watching}", notes=another.notes)

    def _follow(self, listing: Listing, _changes: Changes) -> None:
        """Watch what began to trade, and let go of what is delisted."""
        begun, ended = self._watch.follow(spread(self._config, listing, self._watch.rules))
        if begun or ended:
            self._observer.on_symbols(begun, ended)

    async def _keep_up_with_files(self) -> None:
        while True:
            await self._source.wait_for_change()
            if self._config.reload is Reloading.AUTO:
                await self.reload()

    async def _keep_status(self) -> None:
        while True:
            await trio.sleep(_STATUS_EVERY_S)
            # Standing still shows when one looks again.
            self._standstill()
            self._notifier.status(self.status)

    def take(self, ticker: Ticker) -> None:
        """Evaluate a ticker, and send what it sets off on its way; never waits."""
        self._watch.take(ticker)

    def _channels(self) -> Collection[str]:
        return [channel.name for channel in self._config.channels]

    async def _beat(self) -> None:
        """Let somebody outside know that all goes on, for as long as it does."""
        await beat(
            lambda: self._config.heartbeat,
            progress=self._standstill,
            report=self._observer.on_beat,
        )

    def _standstill(self) -> str | None:
        """Return what stands still, in words; None where all goes on."""
        return self._progress.standstill(blind_after_s=self._config.feed.alert_after_ms / 1000)

    def _tell_of_recording(self, event: RecordingEvent) -> None:
        self._observer.on_recording(event)

    def _tell_all(self) -> None:
        self._watch.recollection.tell_all()

    def _say(self, word: SystemAlert) -> None:
        self._outbound.say(word)
