"""A journal of any version is brought up to the newest one, whole or not at all."""

import sqlite3
from pathlib import Path

import attrs
import pytest

from alertd.engine.sketch import Sketch
from alertd.journal import database
from alertd.journal.database import APPLICATION, connect, migrations, reading
from alertd.journal.faults import JournalError
from alertd.journal.records import Address, Batch, Status
from alertd.journal.store import Store
from tests.journal.notes import note

SKETCH = Sketch(
    price=101,
    day_low=99.5,
    day_high=102,
    levels=(100,),
    bands=((90, 95),),
    window_ms=300_000,
    is_asked_for=True,
)
OLDER = Path(__file__).parent / "data"
VERSIONS = range(1, len(migrations()) + 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alertd.db"


@pytest.mark.parametrize("version", VERSIONS)
def test_what_a_version_has_written_is_there_in_the_newest(path: Path, version: int):
    """Its file is what that version wrote; a version that is released is never changed."""
    with sqlite3.connect(path) as old:
        old.executescript((OLDER / f"version-{version}.sql").read_text())
    old.close()
    store = Store(connect(path))
    (waits,) = store.waiting()
    assert (waits.number, waits.to, waits.status) == (
        3,
        Address("phone/1", "phone: Telegram"),
        Status.WAITING,
    )
    assert (waits.alert.number, waits.alert.title) == (2, "币安 🚀")
    assert [memory.life.last_alert_ms for memory in store.memories()] == [5]
    assert store.market() == "usdm at fstream.binance.com"
    assert [(ticker.symbol, ticker.close) for ticker in store.newest()] == [("BTCUSDT", 101.0)]
    assert [silence.comment for silence in store.silences()] == ["holidays"]
    assert store.last_numbers().alert == 7
    store.keep(Batch(notes=(note(8, 9),)), now_ms=7)
    assert [it.number for it in store.waiting()] == [3, 9]
    store.close()


def test_what_stands_beside_the_price_in_a_picture_is_kept(path: Path):
    with sqlite3.connect(path) as old:
        old.executescript((OLDER / "version-2.sql").read_text())
    old.close()
    store = Store(connect(path))
    (waits,) = store.waiting()
    assert waits.alert.sketch == SKETCH
    sketched = attrs.evolve(note(8, 9), alert=attrs.evolve(note(8, 9).alert, sketch=SKETCH))
    kept = attrs.evolve(note(8, 9).deliveries[0], alert=sketched.alert)
    store.keep(Batch(notes=(attrs.evolve(sketched, deliveries=(kept,)),)), now_ms=7)
    assert [it.alert.sketch for it in store.waiting()] == [SKETCH, SKETCH]
    store.close()


def test_a_sketch_that_makes_no_sense_keeps_no_alert_from_being_told(path: Path):
    with sqlite3.connect(path) as old:
        old.executescript((OLDER / "version-2.sql").read_text())
        old.execute("""UPDATE alert SET sketch = '{"price": null}'""")
    old.close()
    store = Store(connect(path))
    (waits,) = store.waiting()
    assert waits.alert.sketch is None
    store.close()


def test_a_migration_that_is_interrupted_leaves_the_older_version_whole(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    connect(path).close()
    scripts = [
        *migrations(),
        "CREATE TABLE more (a INTEGER) STRICT; INSERT INTO nowhere VALUES (1);",
    ]
    monkeypatch.setattr(database, "migrations", lambda: scripts)
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        connect(path)
    monkeypatch.setattr(
        database, "migrations", lambda: [*scripts[:-1], "CREATE TABLE more (b TEXT) STRICT;"]
    )
    connection = connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(scripts),)
    connection.execute("INSERT INTO more (b) VALUES ('whole')")
    connection.close()


def test_what_is_committed_is_on_the_disk(path: Path):
    connection = connect(path)
    settings = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "auto_vacuum", "foreign_keys", "application_id")
    }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "auto_vacuum": 2,  # INCREMENTAL
        "foreign_keys": 1,
        "application_id": APPLICATION,
    }
    connection.close()


def test_whoever_reads_is_told_that_there_is_none(path: Path):
    with pytest.raises(JournalError, match="there is no journal"), reading(path):
        pass


def test_whoever_reads_is_told_that_the_disk_was_too_full_for_anything(path: Path):
    path.touch()
    with pytest.raises(JournalError, match="is empty"), reading(path):
        pass


def test_whoever_reads_is_told_that_it_is_too_old(path: Path):
    connection = connect(path)
    connection.execute("PRAGMA user_version = 0")
    connection.close()
    with pytest.raises(JournalError, match="by an older alertd"), reading(path):
        pass


def test_whoever_reads_is_told_that_it_is_damaged(path: Path):
    path.write_bytes(b"dear diary, " * 1000)
    with pytest.raises(JournalError, match="cannot be read: it is damaged"), reading(path):
        pass


def test_it_is_read_beside_who_writes(path: Path):
    writer = Store(connect(path))
    writer.keep(Batch(notes=(note(1, 1),)), now_ms=7)
    with reading(path) as store:
        writer.keep(Batch(notes=(note(2, 2),)), now_ms=7)
        assert [it.number for it in store.waiting()] == [1, 2]
    writer.close()


def test_whoever_reads_writes_nothing(path: Path):
    Store(connect(path)).close()
    with pytest.raises(JournalError, match="read-only"), reading(path) as store:
        store.keep(Batch(notes=(note(1, 1),)), now_ms=7)
