"""The journal's file on bad days: what each of them is answered with."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import attrs
import pytest

from alertd.engine.life import Life
from alertd.engine.memory import Memory
from alertd.engine.silence import Silence
from alertd.journal.another import AnotherFileError, Found
from alertd.journal.database import reading
from alertd.journal.events import BegunAnew, Opened
from alertd.journal.faults import JournalError, UnwrittenError
from alertd.journal.file import JournalFile
from alertd.journal.records import Batch, Numbers
from tests.journal.disks import as_anybody, failing_disk
from tests.journal.notes import note

MEMORY = Memory("a-rule", "BTCUSDT", "close above 100", Life(last_alert_ms=5), frozenset(), {})
SILENCE = Silence(number=1, until_ms=10**15, made_ms=1)
STORY = Batch(notes=(note(1, 1, 2), note(2, 3)), memories=(MEMORY,), silences=(SILENCE,))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "alertd.db"


class Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def file(path: Path, clock: Clock) -> Iterator[JournalFile]:
    file = JournalFile(path, now_s=clock)
    yield file
    file.close()


@pytest.fixture
def written(path: Path) -> Path:
    """A journal in which three deliveries wait, by a daemon that was killed: it left its log behind."""
    file = JournalFile(path)
    file.open()
    file.keep(STORY, now_ms=7)
    file.close()
    return path


def waiting(file: JournalFile) -> list[int]:
    return [delivery.number for delivery in file.store.waiting()]


def on_disk(path: Path) -> list[int]:
    with reading(path) as store:
        return [delivery.number for delivery in store.waiting()]


def another(file: JournalFile) -> AnotherFileError:
    """What is said when it has become another file."""
    with pytest.raises(AnotherFileError) as caught:
        file.keep(STORY, now_ms=7)
    return caught.value


def spoilt(file: JournalFile, path: Path) -> None:
    """A page is spoilt under an open journal, which finds that out by writing."""
    if file._files is None:
        file.open()
    store = file.store
    (page,) = store._connection.execute(
        "SELECT rootpage FROM sqlite_schema WHERE name = 'alert_by_age'"
    ).fetchone()
    store._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store._connection.execute("PRAGMA cache_size = 0")
    garble(path, (page - 1) * 4096, 4096)
    with pytest.raises(UnwrittenError, match="it is damaged"):
        file.keep(Batch(notes=(note(7, 7),)), now_ms=7)


def spoil_table(path: Path, table: str) -> None:
    connection = sqlite3.connect(path)
    query = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
    (page,) = connection.execute(query, (table,)).fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    garble(path, (page - 1) * size, size)


def garble(path: Path, at: int, size: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(os.urandom(size))


# At the start


def test_its_folder_is_made(file: JournalFile, path: Path):
    assert file.open() == ()
    assert path.is_file()


def test_what_is_no_database_is_laid_aside_whole(file: JournalFile, path: Path):
    path.parent.mkdir()
    path.write_bytes(b"dear diary, " * 1000)
    (told,) = file.open()
    assert isinstance(told, BegunAnew)
    assert told.aside is not None
    assert told.aside.read_bytes() == b"dear diary, " * 1000
    assert told.aside.name.startswith("alertd.db.damaged-2")
    assert told.reason.startswith("it is damaged")
    file.keep(STORY, now_ms=7)
    assert waiting(file) == [1, 2, 3]


def test_of_what_was_lost_no_number_is_given_again(file: JournalFile, path: Path):
    path.parent.mkdir()
    path.write_bytes(b"dear diary, " * 1000)
    file.open()
    assert file.store.last_numbers().alert > 1_700_000_000  # whatever it was, it was less


@pytest.mark.parametrize("table", ["standing", "silence", "delivery_waiting"])
def test_what_waits_is_saved_out_of_a_damaged_file(file: JournalFile, written: Path, table: str):
    spoil_table(written, table)
    (told,) = file.open()
    assert isinstance(told, BegunAnew)
    assert waiting(file) == [1, 2, 3]
    assert file.store.last_numbers() == Numbers(2, 3, 1)
    assert [it.number for it in file.store.silences()] == ([] if table == "silence" else [1])


@pytest.mark.parametrize("table", ["standing", "newest"])
def test_what_waits_is_saved_out_of_a_damaged_file_of_an_older_version(
    file: JournalFile, path: Path, table: str
):
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as old:
        old.executescript((Path(__file__).parent / "data" / "version-1.sql").read_text())
    spoil_table(path, table)
    file.open()
    assert waiting(file) == [3]
    file.keep(Batch(notes=(note(8, 9),)), now_ms=7)
    assert on_disk(path) == [3, 9]


def test_an_alert_that_cannot_be_read_takes_no_other_with_it(file: JournalFile, written: Path):
    connection = sqlite3.connect(written, isolation_level=None)
    connection.execute("UPDATE alert SET metrics = '{' WHERE number = 1")
    connection.close()
    (told,) = file.open()
    assert isinstance(told, BegunAnew)
    assert waiting(file) == [3]


def test_a_value_that_is_missing_keeps_nothing_from_starting(file: JournalFile, written: Path):
    connection = sqlite3.connect(written, isolation_level=None)
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute(
        "UPDATE sqlite_schema SET sql = replace(sql, 'life         TEXT NOT NULL', 'life TEXT')"
    )
    connection.close()
    connection = sqlite3.connect(written, isolation_level=None)
    connection.execute("UPDATE standing SET life = NULL")
    connection.close()
    (told,) = file.open()
    assert isinstance(told, BegunAnew)
    assert waiting(file) == [1, 2, 3]


def test_a_wrong_letter_in_its_text_does_not_lose_an_alert(file: JournalFile, written: Path):
    connection = sqlite3.connect(written, isolation_level=None)
    connection.execute("UPDATE alert SET body = CAST(x'436cff' AS TEXT) WHERE number = 1")
    connection.close()
    file.open()
    assert [it.alert.body for it in file.store.waiting()] == ["Cl�", "Cl�", "Close 101"]


def test_a_log_that_is_garbage_is_none(file: JournalFile, written: Path):
    written.with_name("alertd.db-wal").write_bytes(os.urandom(100_000))
    assert file.open() == ()
    assert waiting(file) == [1, 2, 3]


def test_a_newer_journal_is_left_alone(file: JournalFile, written: Path):
    connection = sqlite3.connect(written)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = written.read_bytes()
    with pytest.raises(JournalError, match=r"written by a newer alertd \(its version is 99"):
        file.open()
    assert written.read_bytes() == before


def test_another_programs_database_is_left_alone(file: JournalFile, path: Path):
    path.parent.mkdir()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE bookmarks (url)")
    other.close()
    with pytest.raises(JournalError, match="another program's database"):
        file.open()


def test_a_folder_that_cannot_be_made_is_a_persons_mistake(tmp_path: Path):
    (tmp_path / "state").write_text("a file")
    with pytest.raises(JournalError, match="cannot be used: "):
        JournalFile(tmp_path / "state" / "alertd.db").open()


def test_a_folder_in_its_place_is_a_persons_mistake(path: Path):
    path.mkdir(parents=True)
    with pytest.raises(JournalError, match="cannot be used: "):
        JournalFile(path).open()


@pytest.mark.parametrize("what", ["folder", "file"])
def test_what_this_user_may_not_write_to_is_a_persons_mistake(written: Path, what: str):
    written.chmod(0o400)
    written.parent.chmod(0o500 if what == "folder" else 0o777)
    for parent in written.parents[1:-2]:
        parent.chmod(0o777)
    with as_anybody(), pytest.raises(JournalError, match="cannot be used: permission denied"):
        JournalFile(written).open()


# A disk that fails


def test_a_disk_that_fails_at_the_start_keeps_nobody_from_starting(file: JournalFile, path: Path):
    with failing_disk():
        assert file.open() == ()
        with pytest.raises(UnwrittenError, match="disk"):
            file.keep(STORY, now_ms=7)
    assert isinstance(another(file).event, Opened)
    file.keep(STORY, now_ms=7)
    assert on_disk(path) == [1, 2, 3]


def test_what_can_be_read_on_such_a_disk_is_not_forgotten(file: JournalFile, written: Path):
    with failing_disk():
        file.open()
        assert waiting(file) == [1, 2, 3]
        assert list(file.store.memories()) == [MEMORY]
        with pytest.raises(UnwrittenError):
            file.keep(Batch(notes=(note(3, 4),)), now_ms=7)
    assert another(file).found == Found()  # it is known already
    file.keep(Batch(notes=(note(3, 4),)), now_ms=7)
    assert on_disk(written) == [1, 2, 3, 4]


def test_what_could_not_be_read_before_is_found_later(file: JournalFile, written: Path):
    away = written.parent.rename(written.parent.with_name("away"))
    written.parent.touch()
    with failing_disk(), pytest.raises(JournalError):
        file.open()
    written.parent.unlink()
    away.rename(written.parent)
    with failing_disk():
        written.rename(away)
        file.open()
        away.rename(written)
    assert file.store.last_numbers().alert > 1_700_000_000
    found = another(file).found
    assert [it.number for it in found.waiting] == [1, 2, 3]
    assert found.silences == (SILENCE,)


def test_a_disk_that_fails_for_a_while_is_waited_for(file: JournalFile, path: Path):
    file.open()
    with failing_disk():
        for _ in range(2):
            with pytest.raises(UnwrittenError, match="the disk fails"):
                file.keep(STORY, now_ms=7)
    file.keep(STORY, now_ms=7)
    assert on_disk(path) == [1, 2, 3]


def test_a_full_disk_is_waited_for(file: JournalFile, path: Path):
    file.open()
    (pages,) = file.store._connection.execute("PRAGMA page_count").fetchone()
    file.store._connection.execute(f"PRAGMA max_page_count = {pages}")
    flood = Batch(notes=tuple(note(number, number) for number in range(1, 500)))
    for _ in range(2):
        with pytest.raises(UnwrittenError, match="the disk is full"):
            file.keep(flood, now_ms=7)
    assert on_disk(path) == []
    file.store._connection.execute("PRAGMA max_page_count = 100000")
    file.keep(flood, now_ms=7)
    assert len(on_disk(path)) == 499


def test_what_was_saved_of_a_damaged_file_outlasts_a_disk_that_fails_then(written: Path):
    spoil_table(written, "standing")
    file = JournalFile(written)
    with failing_disk(beyond=40_000):  # it can be read, and no new one can be made
        assert file.open() == ()
        assert waiting(file) == [1, 2, 3]
    event = another(file).event
    assert isinstance(event, BegunAnew)
    assert event.saved == 3
    assert on_disk(file.path) == [1, 2, 3]
    file.close()


# While it is open


def test_a_file_that_is_deleted_is_begun_anew(file: JournalFile, written: Path):
    file.open()
    for each in written.parent.iterdir():
        each.unlink()
    event = another(file).event
    assert event == BegunAnew("it was moved, replaced or deleted", None, 0)
    file.keep(STORY, now_ms=7)
    assert on_disk(written) == [1, 2, 3]


def test_a_file_that_is_replaced_is_laid_aside(file: JournalFile, written: Path):
    file.open()
    written.rename(written.with_name("old.db"))
    written.write_text("another")
    event = another(file).event
    assert isinstance(event, BegunAnew)
    assert event.aside is not None
    assert event.aside.read_text() == "another"
    file.keep(STORY, now_ms=7)
    assert on_disk(written) == [1, 2, 3]


def test_it_is_noticed_although_nothing_is_written(file: JournalFile, written: Path):
    file.open()
    written.unlink()
    with pytest.raises(AnotherFileError):
        file.keep(Batch(), now_ms=7)


def test_a_log_that_is_deleted_is_saved(file: JournalFile, path: Path):
    file.open()
    file.keep(STORY, now_ms=7)
    path.with_name("alertd.db-wal").unlink()
    file.keep(Batch(notes=(note(3, 4),)), now_ms=7)
    assert on_disk(path) == [1, 2, 3, 4]


def test_a_file_that_is_damaged_meanwhile_is_begun_anew(file: JournalFile, written: Path):
    spoilt(file, written)
    event = another(file).event
    assert isinstance(event, BegunAnew)
    assert event.aside is not None
    assert event.aside.is_file()
    file.keep(STORY, now_ms=7)
    assert on_disk(written) == [1, 2, 3]


def test_a_disk_that_damages_everything_is_not_filled(
    file: JournalFile, written: Path, clock: Clock
):
    spoilt(file, written)
    another(file)
    spoilt(file, written)
    with pytest.raises(UnwrittenError, match="in a minute"):
        file.keep(STORY, now_ms=7)
    assert len(list(written.parent.glob("*.damaged-*[0-9]"))) == 1
    clock.now_s += 60
    another(file)


def test_another_daemon_in_its_place_is_not_written_to(file: JournalFile, written: Path):
    file.open()
    for each in written.parent.iterdir():
        each.unlink()
    second = JournalFile(written)
    second.open()
    for _ in range(2):
        with pytest.raises(UnwrittenError, match="in use by process"):
            file.keep(STORY, now_ms=7)
    second.close()
    another(file)


def test_a_lock_that_is_deleted_is_taken_again(file: JournalFile, path: Path):
    file.open()
    path.with_name("alertd.db.lock").unlink()
    file.keep(STORY, now_ms=7)
    with pytest.raises(JournalError, match="in use by process"):
        JournalFile(path).open()


def test_mistakes_of_ours_are_not_taken_for_the_disks(file: JournalFile):
    file.open()
    nothing: Any = None
    nameless = attrs.evolve(MEMORY, asked=nothing)
    with pytest.raises(sqlite3.IntegrityError):
        file.keep(Batch(memories=(nameless,)), now_ms=7)
