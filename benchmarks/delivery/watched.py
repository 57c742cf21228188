"""The daemon in a process of its own, with meters in it.

    python -m benchmarks.delivery.watched config.yaml [--no-lateness] [--engine-only]

It prints a line when it watches, and a line of JSON (`Seen`) for each line that it reads: what it has
seen since the one before. With `--engine-only` there is nothing but the feed and the engine; without
lateness no task of the benchmark's own costs any CPU time.
"""

import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import attrs
import msgspec
import trio

from alertd.collector import spare_what_is_there
from alertd.config.load import load_config
from alertd.config.model import Config
from alertd.config.streams import feed_settings
from alertd.config.watchlist import rules_by_symbol
from alertd.daemon import Daemon
from alertd.delivery.report import Outcome, Report
from alertd.engine.engine import Engine
from alertd.journal.file import JournalFile
from alertd.journal.records import Batch
from alertd.market.feed.feed import Feed
from alertd.market.ticker import Ticker
from alertd.observers.log import LogObserver
from alertd.observers.observer import Noted, Observer
from alertd.systemd import Notifier
from alertd.watch import Watch
from benchmarks.readers import resident_mib

_LATENESS_EVERY_S = 0.005


@attrs.define
class Span:
    """An alert's way: when its ticker was taken, and from then on (`time.perf_counter`)."""

    symbol: str
    time_ms: int
    taken_s: float
    noted_s: float
    written_s: float = 0.0
    handed_s: float = 0.0
    answered_s: float = 0.0


@attrs.define
class Seen:
    """What was seen in a while: CPU of the process, and wall time for the rest.

    `quiet_s` and `loud_s` are how long tickers took that set nothing off, or something; `late_s` by how
    much a task that wanted to be woken was woken late; `commits_s` how long the journal wrote.
    """

    cpu_s: float = 0.0
    mebibytes: float = 0.0
    quiet_s: list[float] = attrs.field(factory=list)
    loud_s: list[float] = attrs.field(factory=list)
    late_s: list[float] = attrs.field(factory=list)
    commits_s: list[float] = attrs.field(factory=list)
    spans: dict[int, Span] = attrs.field(factory=dict)

    @property
    def tickers(self) -> int:
        """How many came."""
        return len(self.quiet_s) + len(self.loud_s)


class Meter(Observer):
    """Is told of everything, and notes when it was."""

    def __init__(self) -> None:
        self.seen = Seen()
        self._cpu_s = time.process_time()
        self._taken_s = 0.0

    def on_ticker(self, ticker: Ticker) -> None:  # noqa: ARG002 - when is all that matters
        """Note when it was taken."""
        self._taken_s = time.perf_counter()

    def on_alert(self, noted: Noted) -> None:
        """Begin its span."""
        alert, now_s = noted.alert, time.perf_counter()
        self.seen.spans[noted.number] = Span(alert.symbol, alert.time_ms, self._taken_s, now_s)

    def on_delivery(self, report: Report) -> None:
        """End the spans of what was delivered."""
        now_s = time.perf_counter()
        for delivery in report.deliveries if report.outcome is Outcome.DELIVERED else ():
            span = self.seen.spans.get(delivery.message.number)
            if span is not None:
                span.answered_s, span.handed_s = now_s, now_s - report.latency_s

    def on_commit(self, batch: Batch, began_s: float) -> None:
        """Note how long it took, and of which alerts; called in the journal's thread."""
        now_s = time.perf_counter()
        self.seen.commits_s.append(now_s - began_s)
        for note in batch.notes:
            if note.alert.number in self.seen.spans:
                self.seen.spans[note.alert.number].written_s = now_s

    def timed(self, take: Callable[[Ticker], object], ticker: Ticker) -> None:
        """Let a ticker be taken, and note how long that took."""
        began_s, alerts = time.perf_counter(), len(self.seen.spans)
        take(ticker)
        is_loud = len(self.seen.spans) > alerts
        (self.seen.loud_s if is_loud else self.seen.quiet_s).append(time.perf_counter() - began_s)

    async def watch_lateness(self) -> None:
        """Want to be woken every few milliseconds, and note when that was late."""
        due_s = trio.current_time()
        while True:
            due_s = max(due_s, trio.current_time()) + _LATENESS_EVERY_S
            await trio.sleep_until(due_s)
            self.seen.late_s.append(trio.current_time() - due_s)

    def take_stock(self) -> Seen:
        """Return what was seen since the last time."""
        seen, self.seen = self.seen, Seen()
        now_s = time.process_time()
        seen.cpu_s, self._cpu_s = now_s - self._cpu_s, now_s
        seen.mebibytes = resident_mib()
        return seen


class TimedFile(JournalFile):
    """A journal's file, of which every commit is noted."""

    def __init__(self, path: Path, on_commit: Callable[[Batch, float], None]) -> None:
        super().__init__(path)
        self._on_commit = on_commit

    def keep(self, batch: Batch, now_ms: int) -> None:
        """Keep it, and tell how long that took."""
        began_s = time.perf_counter()
        super().keep(batch, now_ms)
        self._on_commit(batch, began_s)


def time_tickers(meter: Meter) -> None:
    """Let every ticker be timed that a daemon takes from now on."""
    take = Watch.take

    def timed(watch: Watch, ticker: Ticker) -> None:
        meter.timed(partial(take, watch), ticker)

    Watch.take = timed  # type: ignore[method-assign, assignment]


async def _engine_only(config: Config, meter: Meter) -> None:
    rules = rules_by_symbol(config.rules, None)
    update = Engine(rules).update
    feed = Feed(
        config.venue,
        feed_settings(config.feed, config.venue),
        on_ticker=lambda ticker: meter.timed(update, ticker),
        report=lambda _event: None,
    )
    await feed.run(list(rules))


async def _run(work: Callable[[], Awaitable[None]], meter: Meter) -> None:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(work)
        if "--no-lateness" not in sys.argv:
            nursery.start_soon(meter.watch_lateness)
        print("watching", flush=True)
        while await trio.to_thread.run_sync(sys.stdin.readline, abandon_on_cancel=True):
            print(msgspec.json.encode(meter.take_stock()).decode(), flush=True)
        nursery.cancel_scope.cancel()


def main() -> None:
    """Run the daemon of that configuration, or only its feed and its engine."""
    config, meter = load_config(Path(sys.argv[1]), environment={}), Meter()
    if "--engine-only" in sys.argv:
        spare_what_is_there()
        trio.run(_run, lambda: _engine_only(config, meter), meter)
        return
    with closing(TimedFile(config.journal, meter.on_commit)) as journal:
        journal.open()
        time_tickers(meter)
        observers = [LogObserver(), meter]
        daemon = Daemon(config, journal=journal, observers=observers, notifier=Notifier(None))
        daemon.open_log()
        spare_what_is_there()
        trio.run(_run, daemon.run, meter)


if __name__ == "__main__":
    main()
