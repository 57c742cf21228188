"""How many alerts the journal takes, and what it is to the feed that it does."""

import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory

import trio

from alertd.delivery.channel import Channel
from alertd.journal.journal import Journal
from alertd.journal.records import Address, Batch, KeptDelivery, Mark, Note, Status
from alertd.observers.observer import Observer
from alertd.outbound import Outbound
from benchmarks.delivery.children import configure, settle, watched
from benchmarks.delivery.figures import head, p50_p99, row
from benchmarks.delivery.kept import alert_of, notes
from benchmarks.delivery.market import SYMBOLS, Market
from benchmarks.delivery.receivers import Receiver, closed_port
from benchmarks.delivery.watched import Seen, TimedFile

_TO = [Address("desk/0123456789ab", "desk: JSON")]
# Each jump brings so many rules true, one ticker in so many.
_RULES, _EVERY = 10, 14


async def measure(alerts: int, seconds: float) -> None:
    """Print all of it."""
    head("Into the journal", "a second", "commits", "p50 ms", "p99 ms", "most ms")
    for at_once in (1, 10, len(SYMBOLS)):
        await _journal_alone(max(alerts // (1 if at_once > 1 else 10), 2 * at_once), at_once)
    await _outbound(alerts)
    await _beside_the_feed(seconds)


class _Commits:
    """How long each took."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def note(self, _batch: Batch, began_s: float) -> None:
        self.seconds.append(time.perf_counter() - began_s)


async def _journal_alone(alerts: int, at_once: int) -> None:
    """Keep so many at once, one such lot after the other; each is marked as delivered when it is given out."""
    commits = _Commits()

    def deliver(deliveries: Sequence[KeptDelivery]) -> None:
        for each in deliveries:
            journal.mark(Mark(delivery=each.number, status=Status.DELIVERED, attempts=1))

    with TemporaryDirectory() as folder, _file(folder, commits) as file:
        journal = Journal(file, deliver=deliver, report=print)
        made = list(notes(alerts, _TO, time.time_ns() // 1_000_000))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(journal.run)
            began_s = time.perf_counter()
            for start in range(0, alerts, at_once):
                _keep(journal, made[start : start + at_once])
                await journal.settled()
            spent_s = time.perf_counter() - began_s
            journal.close()
    _print(f"the journal alone, {at_once} at once", alerts / spent_s, commits)


def _keep(journal: Journal, made: Sequence[Note]) -> None:
    for note in made:
        journal.keep(note.alert, _TO)


async def _outbound(alerts: int) -> None:
    """Give alerts of the whole market, one after the other, to all that follows the engine."""
    commits, now_ms = _Commits(), time.time_ns() // 1_000_000
    given = [alert_of(symbol, now_ms) for symbol in SYMBOLS]
    with TemporaryDirectory() as folder, _file(folder, commits) as file, closed_port() as url:
        outbound = Outbound(
            [Channel("desk", (url,))], file, system=(), observer=Observer(), tell_all=lambda: None
        )
        async with trio.open_nursery() as nursery:
            nursery.start_soon(outbound.run)
            began_s = time.perf_counter()
            for _ in range(alerts // len(given)):
                for alert in given:
                    outbound.take(alert)
                await outbound.journal.settled()
            spent_s = time.perf_counter() - began_s
            outbound.close(drain_s=0.0)
    rounds = alerts // len(given) * len(given)
    _print(f"with words and destinations, {len(given)} at once", rounds / spent_s, commits)


def _file(folder: str, commits: _Commits) -> "closing[TimedFile]":
    file = TimedFile(Path(folder, "alertd.db"), commits.note)
    file.open()
    return closing(file)


def _print(name: str, a_second: float, commits: _Commits) -> None:
    row(name, f"{a_second:,.0f}", f"{len(commits.seconds):,}", p50_p99(commits.seconds))


async def _beside_the_feed(seconds: float) -> None:
    """Play one market to a daemon whose rules fire all the time, and to one whose do not."""
    market, receiver = Market(is_loud=lambda number: number % _EVERY == 0), Receiver()
    seen: dict[str, Seen] = {}
    with TemporaryDirectory() as folder:
        async with trio.open_nursery() as nursery, AsyncExitStack() as stack:
            url = await nursery.start(receiver.serve)
            port = await nursery.start(market.exchange.serve)
            children = {}
            for name, loud in (("nothing fires", 0), ("alerts", _RULES)):
                config = configure(Path(folder, name), port, channel=url, loud=loud)
                children[name] = await stack.enter_async_context(watched(config))
            await settle(market, children.values(), seconds=4)
            await market.play(seconds)
            seen = {name: await child.take_stock() for name, child in children.items()}
            nursery.cancel_scope.cancel()
    a_second = len(seen["alerts"].spans) / seconds
    print_feed(f"The feed, {a_second:,.0f} alerts a second", seen)


def print_feed(title: str, seen: dict[str, Seen]) -> None:
    """Print how long tickers that fire nothing took, and by how much tasks were woken late."""
    head(f"{title}: take(), µs", "p50", "p99", "most", "CPU µs", "MiB")
    for name, it in seen.items():
        cpu_us = it.cpu_s / it.tickers * 1e6
        row(name, p50_p99(it.quiet_s, unit=1e-6), f"{cpu_us:.0f}", f"{it.mebibytes:.0f}")
    head("... and how late the loop is, ms", "p50", "p99", "most")
    for name, it in seen.items():
        row(name, p50_p99(it.late_s))
