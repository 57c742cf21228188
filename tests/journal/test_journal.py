"""The journal of a daemon: written before it is given out, and given out when it cannot be written."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import attrs
import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from alertd.engine.life import Life
from alertd.engine.memory import Memory
from alertd.engine.recent import Packed
from alertd.engine.rule import Severity
from alertd.journal.database import reading
from alertd.journal.events import BegunAnew, Failing, Opened, Recovered
from alertd.journal.file import JournalFile
from alertd.journal.journal import Journal
from alertd.journal.records import Address, HistoryQuery, KeptDelivery, Mark, Numbers, Status
from alertd.journal.store import Store
from alertd.journal.writer import LOOK_EVERY_S, PATIENCE_S
from tests.journal.disks import failing_disk, lose, move
from tests.journal.notes import DESK, PHONE, alert

FOREVER_MS = 10**15


class Desk:
    """Takes what the journal gives out and says."""

    def __init__(self, path: Path) -> None:
        self.file = JournalFile(path)
        self.file.open()
        self.out: list[KeptDelivery] = []
        self.said: list[object] = []
        self.journal = Journal(
            self.file, deliver=self.out.extend, report=self.said.append, draw=lambda: 1.0
        )

    @property
    def store(self) -> Store:
        return self.file.store

    @property
    def waiting(self) -> list[int]:
        return [delivery.number for delivery in self.store.waiting()]

    @property
    def numbers(self) -> list[int]:
        return [delivery.number for delivery in self.out]

    def restarted(self) -> "Desk":
        """What comes after this one has ended."""
        self.file.close()
        return Desk(self.file.path)

    def keeps(self, *to: Address) -> None:
        self.journal.keep(alert(self.journal.number()), to or (PHONE,))

    def mark(self, number: int, status: Status = Status.DELIVERED) -> None:
        self.journal.mark(Mark(delivery=number, status=status, attempts=1))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alertd.db"


@pytest.fixture
async def desk(path: Path) -> AsyncIterator[Desk]:
    desk = Desk(path)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(desk.journal.run)
        yield desk
        nursery.cancel_scope.cancel()
    desk.file.close()


@pytest.fixture
def clock() -> MockClock:
    return MockClock()


def passed(number: int) -> Mark:
    return Mark(delivery=number, status=Status.PASSED_ON, attempts=1, reason="HTTP 401")


async def written() -> None:
    """Wait until the thread has written and nothing moves any more."""
    for _ in range(3):
        await wait_all_tasks_blocked(cushion=0.05)


async def test_what_is_given_out_is_on_the_disk(desk: Desk, path: Path):
    desk.keeps(PHONE, DESK)
    await written()
    with reading(path) as other:
        assert desk.out == list(other.waiting())
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
    assert desk.waiting == [2]


async def test_it_ends_when_everything_is_written(path: Path):
    desk = Desk(path)
    desk.keeps()
    desk.journal.close()
    await desk.journal.run()
    assert desk.waiting == [1]


@pytest.fixture
def held(path: Path, desk: Desk) -> sqlite3.Connection:
    """Somebody else holds the file, and will not let go."""
    desk.store._connection.execute("PRAGMA busy_timeout = 0")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other


async def test_a_disk_that_fails_for_a_moment_only_delays(
    desk: Desk, held: sqlite3.Connection, clock: MockClock
):
    desk.keeps()
    await written()
    assert desk.said == [Failing("another process holds it locked (database is locked)", 1)]
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


async def test_alerts_reach_people_although_the_disk_hangs(
    desk: Desk, held: sqlite3.Connection, clock: MockClock
):
    desk.store._connection.execute("PRAGMA busy_timeout = 60000")
    desk.keeps(PHONE)
    await written()
    assert desk.numbers == []
    clock.jump(PATIENCE_S)
    await written()
    assert desk.said == [Failing("the disk does not answer", 1, lasts=True)]
    assert desk.numbers == [1]
    desk.keeps()
    assert desk.numbers == [1, 2]  # at once, by now
    held.execute("ROLLBACK")
    while desk.said[1:] != [Recovered(1)]:
        await written()
    assert desk.waiting == [1, 2]
    assert desk.numbers == [1, 2]


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
    assert desk.waiting == [1, 3]
    desk.mark(3)
    await written()
    assert desk.waiting == [1]
    assert desk.numbers == [1, 2, 3]  # and not a second time


async def test_numbers_go_on_over_a_restart(desk: Desk, path: Path):
    desk.keeps(PHONE, DESK)
    await written()
    after = desk.restarted()
    assert after.journal.number() == 2
    after.journal.keep(alert(2), [PHONE])
    after.journal.close()
    await after.journal.run()
    assert after.numbers == [1, 2, 3]


async def test_how_rules_stand_is_kept_as_of_the_last_word(desk: Desk):
    for life in (Life(), Life(last_alert_ms=5)):
        memory = Memory("a-rule", "BTCUSDT", "close above 100", life, frozenset(), {})
        desk.journal.remember([memory])
    await written()
    (kept,) = desk.store.memories()
    assert kept.life.last_alert_ms == 5


async def test_what_is_passed_on_goes_to_the_fallback_instead(desk: Desk):
    desk.keeps(PHONE)
    await written()
    desk.journal.pass_on(passed(1), 1, [DESK])
    await written()
    assert [(it.number, it.to) for it in desk.out] == [(1, PHONE), (2, DESK)]
    assert desk.waiting == [2]


async def test_nobody_is_told_a_second_time_by_what_is_passed_on(desk: Desk):
    desk.keeps(PHONE, DESK)
    await written()
    desk.mark(2)
    desk.journal.pass_on(passed(1), 1, [DESK])
    await written()
    assert desk.numbers == [1, 2]
    assert desk.waiting == []


async def test_what_is_passed_on_while_the_disk_fails_reaches_people(
    desk: Desk, held: sqlite3.Connection, clock: MockClock
):
    desk.keeps(PHONE)
    await written()
    clock.jump(PATIENCE_S)
    await written()
    desk.journal.pass_on(passed(1), 1, [DESK])
    assert desk.numbers == [1, 2]
    held.execute("ROLLBACK")
    clock.jump(5)
    await written()
    assert desk.waiting == [2]
    assert desk.numbers == [1, 2]


async def test_what_was_given_up_can_be_sent_again(desk: Desk):
    desk.keeps(PHONE, DESK)
    await written()
    desk.mark(1, Status.UNDELIVERED)
    await written()
    told = desk.store.alert(1)
    assert told is not None
    desk.out.clear()
    desk.journal.reopen(told.deliveries)
    await written()
    (again,) = desk.out  # what waits anyway is left alone
    assert (again.number, again.status, again.attempts) == (1, Status.WAITING, 0)
    assert desk.waiting == [1, 2]


async def test_a_silence_is_known_at_once_and_after_a_restart(desk: Desk, path: Path):
    made = desk.journal.add_silence(symbol="BTC*", severity=Severity.WARNING, until_ms=FOREVER_MS)
    assert desk.journal.silences() == (made,)
    await written()
    assert desk.restarted().journal.silences() == (made,)


async def test_a_silence_that_is_ended_stays_so(desk: Desk, path: Path):
    desk.journal.add_silence(until_ms=FOREVER_MS)
    await written()
    ended = desk.journal.end_silence(1)
    assert ended is not None
    await written()
    (known,) = desk.restarted().journal.silences()
    assert known == ended
    assert not known.is_in_force(known.made_ms)


async def test_only_what_is_in_force_can_be_ended(desk: Desk):
    desk.journal.add_silence(until_ms=1)
    assert desk.journal.end_silence(1) is None
    assert desk.journal.end_silence(2) is None


async def test_the_number_of_a_silence_is_not_given_again(desk: Desk, path: Path):
    desk.journal.add_silence(until_ms=FOREVER_MS)
    await written()
    assert desk.restarted().journal.add_silence(until_ms=FOREVER_MS).number == 2


async def test_a_file_that_is_lost_is_written_anew_with_all_that_waits(
    desk: Desk, path: Path, clock: MockClock
):
    desk.keeps(PHONE, DESK)
    desk.keeps()
    desk.journal.add_silence(until_ms=FOREVER_MS)
    await written()
    desk.mark(1, Status.WAITING)
    desk.mark(3)
    lose(path)
    clock.jump(LOOK_EVERY_S)
    await written()
    assert desk.said == [BegunAnew("it was moved, replaced or deleted", None, saved=2)]
    after = desk.restarted()
    assert [(it.number, it.attempts) for it in after.store.waiting()] == [(1, 1), (2, 0)]
    assert [it.number for it in after.journal.silences()] == [1]
    assert after.store.last_numbers() == Numbers(2, 3, 1)
    assert desk.numbers == [1, 2, 3]  # and nobody is told again


async def test_what_was_in_a_file_that_could_not_be_opened_is_given_out_later(path: Path):
    before = Desk(path)
    before.keeps(PHONE)
    before.journal.close()
    await before.journal.run()
    before.file.close()
    away = move(path, path.with_name("away"))
    with failing_disk():
        after = Desk(path)
    move(away, path)
    after.keeps(DESK)
    after.journal.close()
    await after.journal.run()
    assert after.said == [Opened()]
    assert [it.to for it in after.out] == [PHONE, DESK]
    assert [it.to for it in after.store.waiting()] == [PHONE, DESK]
    after.file.close()


async def test_a_disk_that_fails_from_the_start_is_told_at_once(path: Path, nursery: trio.Nursery):
    with failing_disk():
        desk = Desk(path)
        nursery.start_soon(desk.journal.run)
        await written()
        (failing,) = desk.said
        assert isinstance(failing, Failing)
        nursery.cancel_scope.cancel()


async def test_what_is_old_is_forgotten_bit_by_bit(desk: Desk, clock: MockClock):
    for _ in range(250):
        desk.journal.keep(alert(desk.journal.number()), [])
    desk.journal.keep(alert(desk.journal.number()), [PHONE])
    desk.journal.keep(attrs.evolve(alert(desk.journal.number()), noted_ms=5000), [])
    await written()
    desk.journal.retain(keep_ms=1000)
    await written()
    left = [len(desk.store.history(HistoryQuery(limit=1000)))]
    for _ in range(2):
        clock.jump(0.2)
        await written()
        left.append(len(desk.store.history(HistoryQuery(limit=1000))))
    assert left == [152, 52, 2]  # what waits is never forgotten


async def test_recent_tickers_are_kept(desk: Desk):
    desk.journal.note_recent([Packed(1, 2, b"tickers")])
    await written()
    desk.journal.note_recent([])
    assert list(desk.store.recent()) == [b"tickers"]


async def test_after_a_restart_too_nobody_is_told_a_second_time(desk: Desk):
    desk.keeps(PHONE, DESK)
    await written()
    desk.mark(2)
    await written()
    after = desk.restarted()
    after.journal.pass_on(passed(1), 1, [DESK])
    after.journal.close()
    await after.journal.run()
    assert after.numbers == [1]
    assert after.waiting == []
    after.file.close()


async def test_a_clock_that_is_set_forward_forgets_nothing(desk: Desk):
    desk.journal.keep(alert(desk.journal.number()), [])  # by the machine's clock it is decades old
    await written()
    desk.journal.retain(keep_ms=1000)
    await written()
    assert len(desk.store.history(HistoryQuery())) == 1
