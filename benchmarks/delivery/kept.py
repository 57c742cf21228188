"""Journals as a daemon leaves them: with alerts that wait, rules' memories, a day of recent tickers."""

import random
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import attrs

from alertd.config.load import load_config
from alertd.config.watchlist import rules_by_symbol
from alertd.delivery.destination import destinations_of
from alertd.delivery.message import compose
from alertd.engine.alert import Alert
from alertd.engine.engine import Engine
from alertd.engine.operator import Operator
from alertd.engine.recent import Recent
from alertd.engine.rule import Rule
from alertd.journal.file import JournalFile
from alertd.journal.notes import kept, with_deliveries
from alertd.journal.records import Address, Batch, Note
from alertd.market.ticker import Ticker
from benchmarks.delivery.market import SYMBOLS
from benchmarks.rules import comparison_of

_DAY_MS, _SLOT_MS = 86_400_000, 360_000


@attrs.frozen
class Kept:
    """What is in a journal: so many alerts that wait, and whether it has memories, and a day."""

    waiting: int = 0
    with_memories: bool = False
    with_a_day: bool = False


def keep(config: Path, what: Kept) -> None:
    """Write the journal of a configuration, as if its daemon had just ended."""
    loaded = load_config(config, environment={})
    now_ms = time.time_ns() // 1_000_000
    with closing(JournalFile(loaded.journal)) as file:
        file.open()
        write = partial(_write, file, now_ms)
        destinations = [it for each in loaded.channels for it in destinations_of(each)]
        addresses = [Address(it.key, it.label) for it in destinations]
        write(Batch(notes=tuple(notes(what.waiting, addresses, now_ms))))
        engine = Engine(rules_by_symbol(loaded.rules, None))
        day = walks(now_ms) if what.with_a_day or what.with_memories else iter(())
        recent = Recent()
        recent.watch(engine.windows())
        for tickers in day:
            for ticker in tickers:
                engine.update(ticker)
                recent.take(ticker)
            if what.with_a_day:
                write(Batch(recent=tuple(recent.finished()), newest=tuple(engine.newest())))
        if what.with_memories:
            write(Batch(memories=tuple(engine.memories())))


def notes(count: int, to: list[Address], now_ms: int) -> Iterator[Note]:
    """Yield so many alerts of the whole market, each with a delivery to these addresses."""
    for number in range(1, count + 1):
        alert = alert_of(SYMBOLS[number % len(SYMBOLS)], now_ms)
        message = compose(alert, number)
        told = kept(alert, number=number, title=message.title, body=message.body, noted_ms=now_ms)
        yield with_deliveries(told, to, first_number=(number - 1) * len(to) + 1)


def alert_of(symbol: str, now_ms: int) -> Alert:
    """Return an alert: the close is above a level."""
    rule = Rule(
        name="six-figures",
        symbols=(symbol,),
        when=comparison_of("close", Operator.ABOVE, 100_000.0),
        notify=("desk",),
    )
    ticker = Ticker(symbol, now_ms, 100_123.4, 98_000.0, 100_500.0, 97_000.0, 12_345.678, 1.2e9)
    (alert,) = Engine({symbol: [rule]}).update(ticker)
    return alert


def walks(now_ms: int) -> Iterator[list[Ticker]]:
    """Yield a day up to now in slots of six minutes, of each three tickers of every symbol."""
    chance = random.Random(1)
    for begin_ms in range(now_ms - _DAY_MS, now_ms, _SLOT_MS):
        yield [
            _ticker(symbol, begin_ms + part * _SLOT_MS // 3, 100 + chance.uniform(-3, 3))
            for part in range(3)
            for symbol in SYMBOLS
        ]


def _ticker(symbol: str, time_ms: int, close: float) -> Ticker:
    return Ticker(symbol, time_ms, round(close, 2), 99.0, 120.0, 80.0, 12_345.678, 1e9)


def _write(file: JournalFile, now_ms: int, batch: Batch) -> None:
    file.keep(batch, now_ms)
