"""The room on a disk: when it is worth a word, and who looks."""

import errno
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import trio
from trio.testing import MockClock

from alertd.disk import DiskEvent, Room, room_at, watch_disk

MIB = 1024**2
GIB = 1024**3
FOLDER = Path("/var/lib/alertd/state")


@pytest.mark.parametrize(
    ("free", "total", "is_low"),
    [
        (101 * MIB, 20 * GIB, False),
        (99 * MIB, 20 * GIB, True),
        (99 * MIB, 4000 * GIB, True),
        (200 * MIB, 4000 * GIB, False),  # of a large disk no share is asked for
        (50 * MIB, GIB, False),
        (20 * MIB, GIB, True),
        (60 * MIB, 64 * MIB, False),  # a small one need not have what it never had
        (1 * MIB, 64 * MIB, True),
        (0, 0, False),  # a file system that counts nothing, such as some in user space
    ],
)
def test_little_is_100_mib_or_2_percent_of_a_smaller_disk(free: int, total: int, *, is_low: bool):
    assert Room(free, total).is_low(was_low=False) is is_low


@pytest.mark.parametrize(
    ("free", "is_low"), [(99 * MIB, True), (150 * MIB, True), (201 * MIB, False)]
)
def test_what_was_little_is_enough_again_at_twice_that(free: int, *, is_low: bool):
    assert Room(free, 20 * GIB).is_low(was_low=True) is is_low


def test_a_real_disk_has_the_room_that_others_find_there(tmp_path: Path):
    usage, found = shutil.disk_usage(tmp_path), room_at(tmp_path)
    assert found.total == usage.total
    assert found.free == pytest.approx(usage.free, abs=64 * MIB)


def test_what_is_written_takes_of_the_room():
    shared = Path("/dev/shm")  # noqa: S108 - the small file system that there is everywhere
    before = room_at(shared).free
    file = shared / f"alertd-{os.getpid()}"
    try:
        file.write_bytes(b"x" * (4 * MIB))
        assert before - room_at(shared).free == pytest.approx(4 * MIB, abs=2 * MIB)
    finally:
        file.unlink()


def test_a_folder_that_is_to_come_has_the_room_of_what_it_will_be_in(tmp_path: Path):
    assert room_at(tmp_path / "state" / "deep").total == room_at(tmp_path).total


def test_a_relative_folder_is_found_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert room_at(Path("state")).total == room_at(tmp_path).total


@pytest.fixture
def clock() -> MockClock:
    return MockClock(autojump_threshold=0.02)


def looks(*free: int | OSError) -> Callable[[Path], Room]:
    """A disk that has another room at each look, and keeps the last."""
    left = list(free)

    def look(folder: Path) -> Room:
        assert folder == FOLDER
        found = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(found, OSError):
            raise found
        return Room(found, 20 * GIB)

    return look


async def watched(minutes: float, *free: int | OSError) -> list[tuple[int, str]]:
    """Return what was said, and at which second, of a disk that is looked at every minute."""
    said: list[tuple[int, str]] = []
    start_s = trio.current_time()

    def note(event: DiskEvent) -> None:
        said.append((round(trio.current_time() - start_s), str(event)))

    with trio.move_on_after(minutes * 60):
        await watch_disk(FOLDER, note, look=looks(*free))
    return said


async def test_a_disk_that_fills_and_is_emptied_is_told_twice(clock):
    free = (500 * MIB, 90 * MIB, 80 * MIB, 150 * MIB, 90 * MIB, 500 * MIB, 450 * MIB)
    assert await watched(10, *free) == [
        (60, "the disk of /var/lib/alertd/state is nearly full: 90 MiB of 20 GiB left"),
        (300, "the disk of /var/lib/alertd/state has room again: 500 MiB of 20 GiB"),
    ]


async def test_a_disk_that_is_nearly_full_at_the_start_is_told_at_once(clock):
    assert [at for at, _ in await watched(5, 90 * MIB)] == [0]


async def test_of_a_disk_with_room_nothing_is_said(clock):
    assert await watched(5, 500 * MIB) == []


async def test_a_disk_that_cannot_be_looked_at_is_logged_once_and_looked_at_again(
    clock, caplog: pytest.LogCaptureFixture
):
    stale = OSError(errno.ESTALE, "Stale file handle")
    said = await watched(5, stale, stale, 90 * MIB)
    assert [at for at, _ in said] == [120]
    assert [it.getMessage() for it in caplog.records if it.levelno == logging.WARNING] == [
        "the disk of /var/lib/alertd/state cannot be looked at: Stale file handle"
    ]


@pytest.mark.parametrize(
    ("free", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1536, "1.5 KiB"),
        (83 * MIB, "83 MiB"),
        (20 * GIB, "20 GiB"),
        (4096 * GIB, "4 TiB"),
        (1023 * GIB, "0.999 TiB"),
        (1024**2 * 999 + 900 * 1024, "1000 MiB"),
    ],
)
def test_bytes_are_told_in_a_persons_units(free: int, words: str):
    assert str(Room(free, GIB)) == f"{words} of 1 GiB"
