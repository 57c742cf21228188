"""What a power cut leaves of files, by the log of their changes."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crash.power import cut_power

JOURNAL = "a.db"
SECTOR = 512


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    (tmp_path / "state").mkdir()
    return tmp_path / "state" / JOURNAL


def record(
    what: str,
    name: str = JOURNAL,
    *,
    at: int = 0,
    size: int = 0,
    old: bytes = b"",
    new: bytes = b"",
) -> bytes:
    """A record as cut.c writes it."""
    head = struct.pack("<cBHIIIqq", what.encode(), len(name), 0, len(old), len(new), 0, at, size)
    return head + name.encode() + old + new


def files_after(
    journal: Path, *records: bytes, kept: Callable[[], bool] = lambda: False
) -> dict[str, bytes]:
    """Cut the power; return what is in the folder."""
    undo = journal.parent.parent / "undo"
    undo.write_bytes(b"".join(records))
    cut_power(journal, undo, kept)
    assert not undo.exists()
    return {path.name: path.read_bytes() for path in journal.parent.iterdir()}


def test_a_write_that_nobody_synced_is_lost(journal: Path):
    journal.write_bytes(b"new")
    assert files_after(journal, record("w", size=3, old=b"old", new=b"new")) == {JOURNAL: b"old"}


def test_a_write_that_was_synced_is_not(journal: Path):
    journal.write_bytes(b"new")
    synced = [record("w", size=3, old=b"old", new=b"new"), record("s")]
    assert files_after(journal, *synced) == {JOURNAL: b"new"}


def test_the_sync_of_another_file_does_not_help(journal: Path):
    journal.write_bytes(b"new")
    synced = [record("w", size=3, old=b"old", new=b"new"), record("s", "a.db-wal")]
    assert files_after(journal, *synced) == {JOURNAL: b"old"}


def test_what_was_added_at_the_end_is_cut_off(journal: Path):
    journal.write_bytes(b"one,two")
    assert files_after(journal, record("w", at=3, size=3, new=b",two")) == {JOURNAL: b"one"}


def test_a_truncation_that_nobody_synced_is_undone(journal: Path):
    journal.write_bytes(b"one")
    assert files_after(journal, record("t", at=3, size=7, old=b",two")) == {JOURNAL: b"one,two"}


def test_changes_of_one_place_are_undone_down_to_the_first(journal: Path):
    journal.write_bytes(b"3")
    changes = [record("w", size=1, old=b"1", new=b"2"), record("w", size=1, old=b"2", new=b"3")]
    assert files_after(journal, *changes) == {JOURNAL: b"1"}


def test_a_later_write_may_be_kept_and_an_earlier_one_lost(journal: Path):
    journal.write_bytes(b"AB")
    draws = iter([False, True])
    changes = [
        record("w", size=2, old=b"a", new=b"A"),
        record("w", at=1, size=2, old=b"b", new=b"B"),
    ]
    assert files_after(journal, *changes, kept=lambda: next(draws)) == {JOURNAL: b"aB"}


def test_a_write_may_be_torn_between_its_sectors(journal: Path):
    old, new = b"o" * 2 * SECTOR, b"n" * 2 * SECTOR
    journal.write_bytes(new)
    draws = iter([True, False])
    (left,) = files_after(
        journal, record("w", size=len(old), old=old, new=new), kept=lambda: next(draws)
    ).values()
    assert left == new[:SECTOR] + old[SECTOR:]


def test_what_lies_before_a_kept_sector_and_was_never_written_is_zeros(journal: Path):
    new = b"n" * 2 * SECTOR
    journal.write_bytes(new)
    draws = iter([False, True])
    (left,) = files_after(journal, record("w", new=new), kept=lambda: next(draws)).values()
    assert left == bytes(SECTOR) + new[SECTOR:]


def test_a_new_file_is_gone_while_its_folder_is_not_synced(journal: Path):
    journal.write_bytes(b"new")
    made = [record("c"), record("w", new=b"new"), record("s")]
    assert files_after(journal, *made) == {}


def test_a_new_file_that_is_in_its_folder_has_what_was_synced(journal: Path):
    journal.write_bytes(b"new")
    made = [record("c"), record("w", new=b"new"), record("s"), record("d")]
    assert files_after(journal, *made) == {JOURNAL: b"new"}


def test_a_removed_file_is_back_while_its_folder_is_not_synced(journal: Path):
    assert files_after(journal, record("u", size=3, old=b"old")) == {JOURNAL: b"old"}


def test_a_removed_file_is_gone_once_its_folder_is_synced(journal: Path):
    gone = [record("w", size=3, old=b"old", new=b"new"), record("u", size=3, old=b"new")]
    assert files_after(journal, *gone, record("d")) == {}


def test_a_file_made_anew_is_not_written_into_the_one_that_comes_back(journal: Path):
    journal.write_bytes(b"second")
    anew = [record("u", size=5, old=b"first"), record("c"), record("w", new=b"second"), record("s")]
    assert files_after(journal, *anew) == {JOURNAL: b"first"}


def test_folders_keep_the_order_of_their_changes(journal: Path):
    draws = iter([False, True])
    journal.with_name("a.db-wal").touch()
    kept = files_after(journal, record("c"), record("c", "a.db-wal"), kept=lambda: next(draws))
    assert kept == {}


def test_a_record_that_the_kill_cut_short_was_not_made(journal: Path):
    journal.write_bytes(b"old")
    short = record("w", size=3, old=b"old", new=b"new")[:-1]
    assert files_after(journal, short) == {JOURNAL: b"old"}


def test_what_processes_share_is_no_file(journal: Path):
    journal.write_bytes(b"kept")
    journal.with_name("a.db-shm").write_bytes(b"shared")
    assert files_after(journal) == {JOURNAL: b"kept"}
