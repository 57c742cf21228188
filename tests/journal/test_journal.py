"""The journal of a daemon: written before it is given out, and given out when it cannot be written."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from alertd.engine.life import Life
from alertd.engine.memory import Memory
from alertd.journal.database import open_journal
from alertd.journal.journal import PATIENCE_S, Failing, Journal, Recovered
from alertd.journal.records import Address, KeptDelivery, Mark, Status
from alertd.journal.store import Store
from tests.journal.notes import DESK, PHONE, alert


class Desk:
    """Takes what the journal gives out and says."""

    def __init__(self, path: Path) -> None:
        self.connection = open_journal(path)
        self.store = Store(self.connection)
        self.out: list[KeptDelivery] = []
        self.said: list[object] = []
        self.journal = Journal(
            self.store, deliver=self.out.extend, report=self.said.append, draw=lambda: 1.0
        )

    @property
    def numbers(self) -> list[int]:
        return [delivery.number for delivery in self.out]

    def keeps(self, *to: Address) -> None:
        self.journal.keep(alert(self.journal.number()), to or (PHONE,))

    def mark(self, number: int, status: Status = Status.DELIVERED) -> None:
        self.journal.mark(Mark(delivery=number, status=status, attempts=1))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alertd.db"


@pytest.fixture
async def desk(path: Path, nursery: trio.Nursery) -> AsyncIterator[Desk]:
    desk = Desk(path)
    nursery.start_soon(desk.journal.run)
    yield desk
    nursery.cancel_scope.cancel()
    desk.connection.close()


@pytest.fixture
def clock() -> MockClock:
    return MockClock()


async def written() -> None:
    """Wait until the thread has written and nothing moves any more."""
    for _ in range(3):
        await wait_all_tasks_blocked(cushion=0.05)


async def test_what_is_given_out_is_on_the_disk(desk: Desk, path: Path):
    desk.keeps(PHONE, DESK)
    await written()
    other = Store(open_journal(path))
    assert desk.out == other.waiting()
    assert desk.numbers == [1, 2]


async def test_what_comes_while_it_writes_goes_into_the_next_transaction(desk: Desk):
    for _ in range(20):
        desk.keeps()
    await written()
    desk.keeps()
    await written()
    assert desk.numbers == list(range(1, 22))


async def test_an_end_is_kept(desk: Desk):
    desk.keeps()
    desk.keeps()
    await written()
    desk.mark(1)
    await written()
    assert [delivery.number for delivery in desk.store.waiting()] == [2]


async def test_it_ends_when_everything_is_written(path: Path):
    desk = Desk(path)
    desk.keeps()
    desk.journal.close()
    await desk.journal.run()
    assert len(desk.store.waiting()) == 1


@pytest.fixture
def held(path: Path, desk: Desk) -> sqlite3.Connection:
    """Somebody else holds the file, and will not let go."""
    desk.connection.execute("PRAGMA busy_timeout = 0")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other


async def test_a_disk_that_fails_for_a_moment_only_delays(
    desk: Desk, held: sqlite3.Connection, clock: MockClock
):
    desk.keeps()
    await written()
    assert desk.said == [Failing("database is locked", 1)]
    assert desk.out == []
    held.execute("ROLLBACK")
    clock.jump(1)
    await written()
    assert desk.numbers == [1]
    assert desk.said[1:] == [Recovered(1)]


async def test_alerts_reach_people_although_the_disk_fails(
    desk: Desk, held: sqlite3.Connection, clock: MockClock
):
    desk.keeps(PHONE, DESK)
    await written()
    for _ in range(4):
        clock.jump(PATIENCE_S)
        await written()
    assert desk.numbers == [1, 2]  # once, however often writing fails
    desk.keeps()
    assert desk.numbers == [1, 2, 3]  # at once, by now


async def test_what_was_given_out_is_written_later_with_its_end(
    desk: Desk, held: sqlite3.Connection, clock: MockClock
):
    desk.keeps(PHONE, DESK)
    desk.keeps()
    await written()
    clock.jump(PATIENCE_S)
    await written()
    clock.jump(PATIENCE_S)
    await written()
    desk.mark(2)
    held.execute("ROLLBACK")
    clock.jump(5)
    await written()
    assert [delivery.number for delivery in desk.store.waiting()] == [1, 3]
    desk.mark(3)
    await written()
    assert [delivery.number for delivery in desk.store.waiting()] == [1]
    assert desk.numbers == [1, 2, 3]  # and not a second time


async def test_numbers_go_on_over_a_restart(desk: Desk, path: Path):
    desk.keeps(PHONE, DESK)
    await written()
    after = Desk(path)
    assert after.journal.number() == 2
    after.journal.keep(alert(2), [PHONE])
    after.journal.close()
    await after.journal.run()
    assert after.numbers == [3]


async def test_how_rules_stand_is_kept_as_of_the_last_word(desk: Desk):
    for life in (Life(), Life(last_alert_ms=5)):
        memory = Memory("a-rule", "BTCUSDT", "close above 100", life, frozenset(), {})
        desk.journal.remember([memory])
    await written()
    (kept,) = desk.store.memories()
    assert kept.life.last_alert_ms == 5
