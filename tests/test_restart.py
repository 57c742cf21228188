"""A daemon after the end of the one before it: what it remembers of a journal, and of a damaged one."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
import trio

from alertd.config.load import load_config
from alertd.daemon import Daemon
from alertd.engine.engine import Engine
from alertd.engine.life import Life
from alertd.journal.database import reading
from alertd.journal.events import BegunAnew, JournalEvent
from alertd.journal.file import JournalFile
from alertd.journal.journal import Journal
from alertd.journal.records import Batch
from alertd.recollection import Recollection
from alertd.systemd import Notifier
from tests.engine.tickers import SYMBOL, check_of, rule, ticker

ONCE = rule(check_of("close", "above", 100), once=True)
CONFIG = """
feed: {url: "ws://127.0.0.1:9/market"}
channels: {desk: "json://127.0.0.1:9"}
defaults: {notify: desk}
rules: [{rules: {up: {symbols: [BTCUSDT, ETHUSDT], when: {close: {above: 100}}, once: true}}}]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alertd.db"


def daemon_of(path: Path, journal: JournalFile) -> Daemon:
    config = path.with_name("config.yaml")
    config.write_text(CONFIG)
    return Daemon(
        load_config(config, environment={}), journal=journal, notifier=Notifier(None), drain_s=0.1
    )


async def lives(path: Path, *closes: float, from_s: int) -> tuple[int, tuple[JournalEvent, ...]]:
    """Let a daemon see BTCUSDT at these prices; return its alerts, and what it found."""
    with closing(JournalFile(path)) as journal:
        found = journal.open()
        daemon = daemon_of(path, journal)
        daemon.tell(found)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(daemon.run)
            await daemon.ready.wait()
            for second, close in enumerate(closes, from_s):
                daemon.take(ticker(second, close=close))
            daemon.stop()
        return daemon.tally.alerts, found


def remembered(path: Path) -> Mapping[str, Life]:
    with reading(path) as store:
        return {memory.symbol: memory.life for memory in store.memories()}


def spoil(path: Path, table: str) -> None:
    """Overwrite the first page of a table, as a failing disk does."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        query = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
        (page,) = connection.execute(query, (table,)).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)


async def test_what_has_fired_once_is_not_told_again(path: Path):
    assert (await lives(path, 101, from_s=0))[0] == 1
    assert (await lives(path, 102, 99, 101, from_s=10))[0] == 0


async def test_a_single_ticker_from_before_the_restart_does_not_begin_everything_anew(path: Path):
    await lives(path, 101, from_s=100)
    with closing(JournalFile(path)) as journal:
        journal.open()
        daemon = daemon_of(path, journal)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(daemon.run)
            await daemon.ready.wait()
            (stream, _) = daemon._watch._feed._streams.values()
            for second in (50, 102):
                stream.take(ticker(second, close=101), trio.current_time())
            daemon.stop()
    assert (daemon.tally.late, daemon.tally.tickers, daemon.tally.alerts) == (1, 1, 0)


async def test_what_was_saved_of_a_damaged_journal_is_still_so_at_the_start_after(path: Path):
    await lives(path, 101, from_s=0)
    spoil(path, "silence")
    (_, (found,)) = await lives(path, from_s=10)
    assert isinstance(found, BegunAnew)
    assert remembered(path)["BTCUSDT"].disarmed
    assert (await lives(path, 102, 99, 101, from_s=20))[0] == 0


@pytest.mark.parametrize("table", ["alert", "delivery", "newest", "recent", "silence", "standing"])
async def test_whatever_is_damaged_it_starts(path: Path, table: str):
    await lives(path, *range(101, 201), from_s=0)
    spoil(path, table)
    (_, (found,)) = await lives(path, 101, from_s=300)
    assert isinstance(found, BegunAnew)
    assert await lives(path, 101, from_s=400) == (0, ())


@pytest.mark.parametrize(
    "change",
    [
        "newest SET ticker = 'x'",
        "standing SET life = '{'",
        'standing SET life = \'{"phase": "asleep"}\'',
        "standing SET latched = '7'",
        "standing SET rungs = CAST(x'ff' AS TEXT)",
        "alert SET threshold = 'x'",
        "alert SET severity = 'loud'",
        "silence SET severity = 'loud'",
    ],
)
async def test_a_value_that_nobody_wrote_is_damage_and_it_starts(path: Path, change: str):
    await lives(path, 101, from_s=0)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("INSERT INTO silence VALUES (1, 'a', '*', NULL, 1, '', 0, NULL)")
        assert connection.execute(f"UPDATE {change}").rowcount
    (_, (found,)) = await lives(path, 101, from_s=10)
    assert isinstance(found, BegunAnew)
    assert found.reason.startswith("it is damaged")


async def test_a_piece_of_the_recent_past_that_is_damaged_is_left_out(
    path: Path, caplog: pytest.LogCaptureFixture
):
    await lives(path, 101, from_s=0)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("INSERT INTO recent VALUES (1, 9999999999999, x'00')")
    assert await lives(path, 101, from_s=10) == (0, ())
    assert "the recent past is damaged" in caplog.text


@pytest.fixture
def past(path: Path) -> Engine:
    """An engine whose rule has fired at 101, as the journal has it."""
    engine = Engine({SYMBOL: [ONCE]})
    assert len(engine.update(ticker(0, close=101))) == 1
    with closing(JournalFile(path)) as journal:
        journal.open()
        journal.keep(Batch(memories=tuple(engine.memories()), newest=tuple(engine.newest())), 0)
    return engine


async def test_what_is_known_of_a_symbol_that_does_not_trade_waits_until_it_does(
    path: Path, past: Engine
):
    with closing(JournalFile(path)) as file:
        file.open()
        journal = Journal(file, deliver=lambda _: None, report=lambda _: None)
        engine = Engine({})
        recollection = Recollection(engine, journal, "usdm")
        await recollection.restore(file.store, [ONCE.name])
        engine.watch({SYMBOL: [ONCE]})
        recollection.follow()
        assert engine.newest() == past.newest()
        assert engine.update(ticker(10, close=102)) == []
        journal.close()
        await journal.run()
    assert remembered(path)[SYMBOL].disarmed


async def test_what_is_known_of_a_rule_that_is_gone_does_not_wait(path: Path, past: Engine):
    with closing(JournalFile(path)) as file:
        file.open()
        engine = Engine({})
        recollection = Recollection(
            engine, Journal(file, deliver=lambda _: None, report=lambda _: None), "usdm"
        )
        await recollection.restore(file.store, [ONCE.name])
        recollection.forget([ONCE.name])
        engine.watch({SYMBOL: [ONCE]})
        recollection.follow()
        assert len(engine.update(ticker(10, close=102))) == 1
