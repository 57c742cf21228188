"""What is to be written: all of it, and the latest word on each thing."""

import pytest

from alertd.engine.recent import Packed
from alertd.engine.silence import Silence
from alertd.journal import backlog
from alertd.journal.backlog import Backlog
from alertd.journal.records import Batch, Mark, Numbers, Status
from tests.journal.notes import note
from tests.work import work

FIRST, SECOND = (
    Mark(delivery=1, status=Status.WAITING, attempts=attempts, reason="HTTP 503")
    for attempts in (1, 2)
)


@pytest.fixture
def it() -> Backlog:
    return Backlog()


def numbers(it: Backlog) -> list[int]:
    return [each.alert.number for each in it.batch().notes]


def test_the_latest_word_counts(it: Backlog):
    it.mark(FIRST)
    it.mark(SECOND)
    assert it.batch() == Batch(marks=(SECOND,))


def test_what_is_said_while_it_is_written_is_written_next(it: Backlog):
    it.mark(FIRST)
    it.note(note(1, 1))
    batch = it.batch()
    it.mark(SECOND)
    it.note(note(2, 2))
    it.silence([Silence(number=1, until_ms=2, made_ms=1)])
    out = it.drop(batch)
    assert [delivery.number for delivery in out] == [1]
    assert it.batch().marks == (SECOND,)
    assert numbers(it) == [2]
    assert len(it.batch().silences) == 1


def test_nothing_is_left_once_it_is_written(it: Backlog):
    it.mark(FIRST)
    it.note(note(1, 1))
    it.sample([Packed(1, 2, b"tickers")])
    it.begin_anew([note(2, 2)], Numbers(2, 2, 0))
    assert len(it) == 5
    it.drop(it.batch())
    assert len(it) == 0
    assert it.batch() == Batch()


def test_what_is_out_is_not_given_out_once_it_is_written(it: Backlog):
    it.note(note(1, 1))
    assert [delivery.number for delivery in it.take_out()] == [1]
    it.note(note(2, 2))
    assert [delivery.number for delivery in it.take_out()] == [2]
    assert it.drop(it.batch()) == []


def test_while_nothing_can_be_written_it_does_not_grow_for_ever(
    it: Backlog, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(backlog, "MOST_NOTES", 3)
    for number in range(1, 6):
        it.note(note(number, number))
        it.take_out()
    assert numbers(it) == [3, 4, 5]


def test_for_a_new_file_it_has_what_waits_and_what_was_never_written(it: Backlog):
    it.note(note(3, 4))
    it.begin_anew([note(1, 1, 2), note(3, 4)], Numbers(3, 4, 0))
    assert numbers(it) == [1, 3]
    assert [delivery.number for delivery in it.drop(it.batch())] == [4]  # the others are out


def test_of_the_recent_past_the_newest_is_kept_when_it_is_too_much(
    it: Backlog, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(backlog, "_MOST_RECENT_BYTES", 20)
    several = [Packed(at, at, b"tickers") for at in range(5)]
    it.sample(several[:3])
    it.sample(several[3:])
    assert it.batch().recent == tuple(several[3:])


def test_what_is_given_out_costs_the_same_however_much_is_not_written():
    few, many, one = Backlog(), Backlog(), note(1, 1)
    for unwritten, count in ((few, 10), (many, 5000)):
        for _ in range(count):
            unwritten.note(one)
        unwritten.take_out()
        unwritten.note(one)
    assert work(many.take_out) == work(few.take_out)
