"""The recorder: it never waits, loses little, and says so."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import attrs
import pytest
import trio
from trio.testing import MockClock

from alertd.config.model import Record
from alertd.disk import Room, room_at
from alertd.market.past.recorded.events import (
    Recorded,
    RecordingEnds,
    RecordingEvent,
    RecordingGoesOn,
    Unrecorded,
)
from alertd.recorder import EVERY_S, MOST_WAITING, Recorder
from tests.journal.disks import failing_disk
from tests.market.past.recorded.recordings import HOUR_S, read, tick


@attrs.define
class Told:
    """What a recorder has told, and who waits for the next."""

    events: list[RecordingEvent] = attrs.field(factory=list)
    _arrived: trio.Event = attrs.field(factory=trio.Event)

    def take(self, event: RecordingEvent) -> None:
        self.events.append(event)
        self._arrived.set()
        self._arrived = trio.Event()

    async def until(self, count: int) -> RecordingEvent:
        """Wait for so many, and return the last of them."""
        while len(self.events) < count:
            await self._arrived.wait()
        return self.events[count - 1]


@asynccontextmanager
async def running(recorder: Recorder) -> AsyncIterator[None]:
    """A recorder at work, which ends as the daemon ends it."""
    async with trio.open_nursery() as nursery:
        nursery.start_soon(recorder.run)
        await trio.testing.wait_all_tasks_blocked()
        yield
        recorder.close()


def files(folder: Path) -> list[Path]:
    """The files in a folder."""
    return list(folder.iterdir())


async def written(recorder: Recorder, count: int, clock: MockClock) -> None:
    """Wait until so many tickers are on the disk, the recorder's pauses left out."""
    while recorder.recorded < count:
        clock.jump(EVERY_S)
        await settled(recorder)


async def settled(recorder: Recorder) -> None:
    """Wait until the recorder's thread has nothing to do."""
    await trio.testing.wait_all_tasks_blocked()
    async with recorder._thread:
        pass
    await trio.testing.wait_all_tasks_blocked()


@pytest.fixture
def told() -> Told:
    return Told()


def recorder_into(folder: Path, told: Told, **keys: object) -> Recorder:
    return Recorder(Record(folder), told.take, clock_s=lambda: HOUR_S, **keys)  # type: ignore[arg-type]


async def test_all_that_it_was_shown_is_there_at_the_end(tmp_path: Path, told: Told):
    recorder = recorder_into(tmp_path, told)
    async with running(recorder):
        for number in range(10):
            recorder.on_ticker(tick(number))
    assert read(tmp_path) == [tick(number) for number in range(10)]
    (path,) = files(tmp_path)
    assert told.events == [Recorded(path, 10, path.stat().st_size)]
    assert (recorder.recorded, recorder.size) == (10, path.stat().st_size)


async def test_what_came_is_on_the_disk_seconds_later(
    tmp_path: Path, told: Told, mock_clock: MockClock
):
    recorder = recorder_into(tmp_path, told)
    async with running(recorder):
        recorder.on_ticker(tick(0))
        await settled(recorder)
        assert files(tmp_path) == []
        mock_clock.jump(EVERY_S)
        await settled(recorder)
        assert read(tmp_path) == [tick(0)]


async def test_where_nothing_is_to_be_recorded_nothing_is_kept(tmp_path: Path, told: Told):
    recorder = Recorder(None, told.take)
    async with running(recorder):
        recorder.on_ticker(tick(0))
    assert told.events == []


async def test_it_can_be_turned_on_and_off_and_to_another_folder(
    tmp_path: Path, told: Told, mock_clock: MockClock
):
    recorder = Recorder(None, told.take, clock_s=lambda: HOUR_S)
    async with running(recorder):
        recorder.follow(Record(tmp_path / "a"))
        recorder.on_ticker(tick(0))
        await written(recorder, 1, mock_clock)
        recorder.on_ticker(tick(1))
        recorder.follow(Record(tmp_path / "b"))
        await written(recorder, 2, mock_clock)
        recorder.on_ticker(tick(2))
        recorder.follow(None)
        recorder.on_ticker(tick(3))
        await written(recorder, 3, mock_clock)
    assert read(tmp_path / "a") == [tick(0), tick(1)]
    assert read(tmp_path / "b") == [tick(2)]
    assert [type(event) for event in told.events] == [Recorded, Recorded]


async def test_a_full_disk_is_told_and_what_came_meanwhile_is_written_later(
    tmp_path: Path, told: Told, mock_clock: MockClock
):
    recorder = recorder_into(tmp_path, told)
    async with running(recorder):
        recorder.on_ticker(tick(0))
        with failing_disk():
            mock_clock.jump(EVERY_S)
            assert await told.until(1) == Unrecorded(tmp_path, "file too large", 1)
            await settled(recorder)
            recorder.on_ticker(tick(1))
            mock_clock.jump(60)
            assert await told.until(2) == Unrecorded(tmp_path, "file too large", 2)
            await settled(recorder)
        mock_clock.jump(60)
        assert await told.until(3) == RecordingGoesOn(tmp_path, 0)
    assert read(tmp_path) == [tick(0), tick(1)]


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, told: Told):
    (tmp_path / "file").touch()
    recorder = recorder_into(tmp_path / "file" / "folder", told)
    async with running(recorder):
        recorder.on_ticker(tick(0))
    assert told.events == [
        Unrecorded(tmp_path / "file" / "folder", "not a directory", 1),
        RecordingEnds(1),
    ]


async def test_what_is_too_much_to_wait_is_counted(
    tmp_path: Path, told: Told, mock_clock: MockClock
):
    recorder = recorder_into(tmp_path, told)
    async with running(recorder):
        with failing_disk():
            for number in range(MOST_WAITING + 3):
                recorder.on_ticker(tick(number))
            mock_clock.jump(EVERY_S)
            await told.until(1)
            await settled(recorder)
        mock_clock.jump(60)
        assert await told.until(2) == RecordingGoesOn(tmp_path, 3)
    assert read(tmp_path) == [tick(number) for number in range(MOST_WAITING)]


async def test_a_disk_that_is_nearly_full_is_left_to_the_journal(
    tmp_path: Path, told: Told, mock_clock: MockClock
):
    mib = 1024**2
    free = [50 * mib, 150 * mib, 250 * mib]

    def look(_: Path) -> Room:
        return Room(free.pop(0) if len(free) > 1 else free[0], 100 * 1024 * mib)

    recorder = recorder_into(tmp_path, told, look=look)
    async with running(recorder):
        recorder.on_ticker(tick(0))
        for count, left in enumerate(("50 MiB", "150 MiB"), 1):
            mock_clock.jump(60)
            reason = f"the disk is nearly full: {left} of 100 GiB left"
            assert await told.until(count) == Unrecorded(tmp_path, reason, count)
            await settled(recorder)
        mock_clock.jump(60)
        assert await told.until(3) == RecordingGoesOn(tmp_path, 0)
    assert read(tmp_path) == [tick(0)]


async def test_a_disk_that_hangs_is_told_and_holds_up_nobody(
    tmp_path: Path, told: Told, mock_clock: MockClock
):
    answers = threading.Event()

    def look(folder: Path) -> Room:
        assert answers.wait(30)
        return room_at(folder)

    recorder = recorder_into(tmp_path, told, look=look)
    async with running(recorder):
        recorder.on_ticker(tick(0))
        mock_clock.jump(EVERY_S)
        await trio.testing.wait_all_tasks_blocked()
        mock_clock.jump(10)
        assert await told.until(1) == Unrecorded(tmp_path, "the disk does not answer", 1)
        recorder.on_ticker(tick(1))
        answers.set()
        assert await told.until(2) == RecordingGoesOn(tmp_path, 0)
    assert read(tmp_path) == [tick(0), tick(1)]


async def test_a_disk_that_hangs_does_not_keep_the_process_from_ending(
    tmp_path: Path, told: Told, mock_clock: MockClock
):
    answers = threading.Event()

    def look(folder: Path) -> Room:
        answers.wait(30)
        return room_at(folder)

    recorder = recorder_into(tmp_path, told, look=look)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(recorder.run)
        recorder.on_ticker(tick(0))
        recorder.close()
        await trio.testing.wait_all_tasks_blocked()
        mock_clock.jump(5)
    assert told.events == [RecordingEnds(1)]
    answers.set()
