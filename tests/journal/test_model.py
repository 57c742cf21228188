"""Whatever happens in whatever order, the journal holds what a plain dictionary would."""

import sqlite3
import tempfile
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import attrs
import trio
from hypothesis import given, settings
from hypothesis import strategies as st

from alertd.engine.life import Life
from alertd.engine.memory import Memory
from alertd.journal.file import JournalFile
from alertd.journal.journal import Journal
from alertd.journal.records import Address, HistoryQuery, KeptDelivery, Mark, Status
from tests.journal.notes import alert

ADDRESSES = tuple(Address(name, name) for name in ("desk", "mail", "phone"))
FOREVER_MS = 10**15
ENDS = (Status.DELIVERED, Status.UNDELIVERED, Status.WAITING)

somewhere = st.lists(st.sampled_from(ADDRESSES), unique=True, max_size=3)
which = st.integers(0, 30)
STEPS = st.one_of(
    st.tuples(st.just("keep"), somewhere),
    st.tuples(st.just("mark"), which, st.sampled_from(ENDS)),
    st.tuples(st.just("pass_on"), which, somewhere),
    st.tuples(st.just("reopen"), which),
    st.tuples(st.just("remember"), which),
    st.tuples(st.just("silence")),
    st.tuples(st.just("end_silence"), which),
    st.tuples(st.just("write")),
    st.tuples(st.just("hold")),
    st.tuples(st.just("let_go")),
    st.tuples(st.just("lose")),
    st.tuples(st.just("crash")),
)


@attrs.define
class Delivery:
    alert: int
    to: str
    status: Status = Status.WAITING
    attempts: int = 0


@attrs.define
class State:
    deliveries: dict[int, Delivery] = attrs.field(factory=dict)
    alerts: set[int] = attrs.field(factory=set)
    memories: dict[str, int] = attrs.field(factory=dict)
    silences: dict[int, bool] = attrs.field(factory=dict)


class Story:
    """A journal, and what has to be in it: `now` with all that it was told, `disk` after a crash."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "alertd.db"
        self.now, self.disk = State(), State()
        self.lost: dict[int, Delivery] = {}
        self.holder: sqlite3.Connection | None = None
        self.hour = 0.0
        self.begin()

    def begin(self) -> None:
        self.file = JournalFile(self.path, now_s=self.an_hour_later)
        self.file.open()
        self.be_impatient()
        self.out: list[KeptDelivery] = []
        self.journal = Journal(
            self.file, deliver=self.out.extend, report=self.be_impatient, draw=lambda: 0.0
        )
        self.out.extend(self.journal._from_before)

    def an_hour_later(self) -> float:
        self.hour += 3600
        return self.hour

    def be_impatient(self, _event: object = None) -> None:
        """Whatever has happened to the file, it does not wait for whoever holds it."""
        self.file.store._connection.execute("PRAGMA busy_timeout = 0")

    def pick(self, number: int) -> int | None:
        known = sorted(self.now.deliveries)
        return known[number % len(known)] if known else None

    # Steps

    async def keep(self, to: list[Address]) -> None:
        number = self.journal.number()
        assert number not in self.now.alerts
        before = max(self.now.deliveries, default=0)
        self.journal.keep(alert(number), to)
        self.now.alerts.add(number)
        self.made(number, to, before)

    def made(self, number: int, to: list[Address], before: int) -> None:
        """Deliveries were made: their numbers are new, and in order."""
        waiting = [it for it in self.journal._waiting.deliveries() if it.number > before]
        made = [it for it in waiting if it.number not in self.now.deliveries]
        assert [it.to for it in made] == to
        for it in made:
            self.now.deliveries[it.number] = Delivery(number, it.to.destination)

    async def mark(self, which: int, status: Status) -> None:
        number = self.pick(which)
        if number is None or self.now.deliveries[number].status is not Status.WAITING:
            return
        it = self.now.deliveries[number]
        it.attempts += 1
        it.status = status
        self.journal.mark(Mark(delivery=number, status=status, attempts=it.attempts))

    async def pass_on(self, which: int, to: list[Address]) -> None:
        number = self.pick(which)
        if number is None or self.now.deliveries[number].status is not Status.WAITING:
            return
        if number not in {out.number for out in self.out}:
            return  # whoever passes it on was given it
        it = self.now.deliveries[number]
        been = {
            each.to: (other, each)
            for other, each in (self.lost | self.now.deliveries).items()
            if each.alert == it.alert
        }
        before = max(self.now.deliveries)
        it.attempts += 1
        mark = Mark(delivery=number, status=Status.PASSED_ON, attempts=it.attempts)
        self.journal.pass_on(mark, it.alert, to)
        for other, each in (
            been[address.destination] for address in to if address.destination in been
        ):
            if each.status is Status.PASSED_ON:
                each.status = Status.WAITING
                self.now.deliveries[other] = each
                self.out[:] = [old for old in self.out if old.number != other]
        it.status = Status.PASSED_ON
        self.made(it.alert, [each for each in to if each.destination not in been], before)

    async def reopen(self, which: int) -> None:
        number = self.pick(which)
        if number is None or number not in self.disk.deliveries or self.now != self.disk:
            return
        it = self.now.deliveries[number]
        told = self.file.store.alert(it.alert)
        assert told is not None
        self.journal.reopen(told.deliveries)
        for each in told.deliveries:
            if each.status is Status.UNDELIVERED:
                self.now.deliveries[each.number].status = Status.WAITING
                self.now.deliveries[each.number].attempts = 0
                self.out[:] = [old for old in self.out if old.number != each.number]

    async def remember(self, which: int) -> None:
        life = Life(last_alert_ms=which)
        rule = f"rule-{which % 3}"
        self.journal.remember([Memory(rule, "BTCUSDT", "asked", life, frozenset(), {})])
        self.now.memories[rule] = which

    async def silence(self) -> None:
        made = self.journal.add_silence(until_ms=FOREVER_MS)
        assert made.number not in self.now.silences
        self.now.silences[made.number] = True

    async def end_silence(self, which: int) -> None:
        number = which % 4
        ended = self.journal.end_silence(number)
        assert (ended is not None) == self.now.silences.get(number, False)
        if ended is not None:
            self.now.silences[number] = False

    async def write(self) -> None:
        await self.journal._writer.write()
        if self.holder is None:
            await self.settle()

    async def settle(self) -> None:
        while self.journal._backlog:
            await self.journal._writer.write()
        self.disk = deepcopy(self.now)
        self.check()

    async def hold(self) -> None:
        """Somebody else holds the file, and nothing can be written."""
        if self.holder is None and self.path.exists():
            await self.settle()
            self.holder = sqlite3.connect(self.path, isolation_level=None)
            self.holder.execute("BEGIN IMMEDIATE")

    async def let_go(self) -> None:
        if self.holder is not None:
            self.holder.close()
            self.holder = None

    async def lose(self) -> None:
        """Somebody deletes the file: what waits is written again, the past is gone."""
        await self.let_go()
        await self.settle()
        self.path.unlink()
        self.journal.remember(
            Memory(rule, "BTCUSDT", "asked", Life(last_alert_ms=it), frozenset(), {})
            for rule, it in self.now.memories.items()
        )
        waiting = {
            number: it for number, it in self.now.deliveries.items() if it.status is Status.WAITING
        }
        # What is not in the new file is still known.
        self.lost |= self.now.deliveries
        self.now.deliveries = waiting
        self.now.alerts = {it.alert for it in waiting.values()}
        await self.journal._writer.write()
        await self.settle()

    async def crash(self) -> None:
        """The process ends between two instructions, and another one begins."""
        if self.holder is None:
            await self.settle()
        await self.let_go()
        self.file.close()
        self.now, self.lost = deepcopy(self.disk), {}
        self.begin()
        self.check()

    # What must hold

    def check(self) -> None:
        store = self.file.store
        told = store.history(HistoryQuery(limit=10_000))
        deliveries = {
            it.number: Delivery(each.alert.number, it.to.destination, it.status, it.attempts)
            for each in told
            for it in each.deliveries
        }
        assert deliveries == self.disk.deliveries
        assert {each.alert.number for each in told} == self.disk.alerts
        memories = {it.rule: it.life.last_alert_ms for it in store.memories()}
        assert memories == self.disk.memories
        silences = {it.number: it.ended_ms is None for it in store.silences()}
        assert silences == self.disk.silences
        out = [it.number for it in self.out]
        assert len(out) == len(set(out))  # nothing is given out twice
        waiting = {n for n, it in deliveries.items() if it.status is Status.WAITING}
        assert waiting <= set(out)  # and nothing is forgotten


@settings(max_examples=100, deadline=None)
@given(steps=st.lists(STEPS, max_size=40))
def test_it_holds_what_a_dictionary_would(steps: list[tuple[Any, ...]]):
    async def play(folder: Path) -> None:
        story = Story(folder)
        for name, *values in steps:
            step: Callable[..., Any] = getattr(story, name)
            await step(*values)
        await story.let_go()
        await story.settle()
        assert story.disk == story.now
        story.file.close()

    with tempfile.TemporaryDirectory() as folder:
        trio.run(play, Path(folder))
