"""What is kept in the journal comes back as it was, all of it or nothing."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from alertd.engine.engine import Engine
from alertd.engine.life import Life
from alertd.engine.memory import Memory
from alertd.engine.recent import Packed
from alertd.engine.silence import Silence
from alertd.journal.database import connect
from alertd.journal.notes import kept, with_deliveries
from alertd.journal.records import Batch, HistoryQuery, Mark, Note, Numbers, Status
from alertd.journal.store import Store
from tests.engine.tickers import SYMBOL, check_of, rule, ticker
from tests.journal.notes import PHONE, WATCHED, alert, note


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alertd.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    connection = connect(path)
    yield Store(connection)
    connection.close()


def reopened(path: Path) -> Store:
    return Store(connect(path))


def test_what_is_to_be_delivered_is_there_after_a_restart(store: Store, path: Path):
    notes = (note(1, 1, 2), note(2, 3))
    store.keep(Batch(notes=notes), now_ms=8)
    assert list(reopened(path).waiting()) == [it for each in notes for it in each.deliveries]


def test_an_alert_is_kept_with_all_that_was_known(store: Store):
    store.keep(Batch(notes=(note(5, 9, volume=4.5),)), now_ms=8)
    (waits,) = store.waiting()
    assert (waits.alert.title, waits.alert.rule, waits.alert.symbol) == (
        "币安 🚀",
        "a-rule",
        SYMBOL,
    )
    assert (waits.alert.value, waits.alert.threshold, waits.alert.noted_ms) == (101.0, 100.0, 7)
    assert (waits.alert.metrics["close"], waits.alert.metrics["volume"]) == (101.0, 4.5)


def test_a_band_comes_back_as_its_two_bounds(store: Store):
    banded = attrs.evolve(alert(1), threshold=(1.0, 5000.0))
    store.keep(Batch(notes=(with_deliveries(banded, [PHONE], first_number=1),)), now_ms=8)
    (waits,) = store.waiting()
    assert waits.alert == banded


def test_a_metric_that_is_undefined_is_left_out():
    only = rule(check_of("close", "above", 100))
    (fired,) = Engine({SYMBOL: [only]}).update(ticker(close=101, volume=0, quote_volume=0))
    assert "vwap" not in kept(fired, number=1, title="t", body="b", noted_ms=7).metrics


def test_what_is_done_does_not_wait_any_more(store: Store):
    store.keep(Batch(notes=(note(1, 1), note(2, 2), note(3, 3))), now_ms=7)
    marks = (
        Mark(delivery=1, status=Status.DELIVERED, attempts=1),
        Mark(delivery=2, status=Status.UNDELIVERED, attempts=3, reason="HTTP 401"),
        Mark(delivery=3, status=Status.WAITING, attempts=2, reason="no answer in time"),
    )
    store.keep(Batch(marks=marks), now_ms=9)
    (left,) = store.waiting()
    assert (left.number, left.attempts, left.reason) == (3, 2, "no answer in time")
    assert left.done_ms is None


def test_a_batch_that_fails_leaves_nothing(store: Store):
    store.keep(Batch(notes=(note(1, 1),)), now_ms=7)
    nothing: Any = None
    nameless = Memory("a-rule", SYMBOL, nothing, Life(), frozenset(), {})
    with pytest.raises(sqlite3.IntegrityError):
        store.keep(Batch(notes=(note(2, 2),), memories=(nameless,)), now_ms=8)
    assert [waits.number for waits in store.waiting()] == [1]
    store.keep(Batch(notes=(note(2, 2),)), now_ms=9)
    assert [waits.number for waits in store.waiting()] == [1, 2]


def test_the_last_numbers_are_known_although_what_had_them_is_gone(store: Store, path: Path):
    assert store.last_numbers() == Numbers(0, 0, 0)
    store.keep(Batch(notes=(note(3, 4, 5),)), now_ms=7)
    marks = [Mark(delivery=it, status=Status.DELIVERED, attempts=1) for it in (4, 5)]
    store.keep(Batch(marks=tuple(marks)), now_ms=8)
    assert store.prune(before_ms=100) == 1
    assert reopened(path).last_numbers() == Numbers(3, 5, 0)


def test_what_waits_is_not_pruned_however_old(store: Store):
    store.keep(Batch(notes=(note(1, 1),)), now_ms=7)
    assert store.prune(before_ms=100) == 0
    assert len(list(store.waiting())) == 1


def aged(number: int, noted_ms: int) -> Note:
    return with_deliveries(attrs.evolve(alert(number), noted_ms=noted_ms), [], first_number=1)


def test_the_oldest_are_pruned_a_few_at_a_time(store: Store):
    store.keep(Batch(notes=tuple(aged(number, 100 - number) for number in range(1, 6))), now_ms=8)
    assert store.prune(before_ms=99, most=3) == 3
    assert [told.alert.number for told in store.history(HistoryQuery())] == [1, 2]
    assert store.prune(before_ms=99, most=3) == 1
    assert [told.alert.number for told in store.history(HistoryQuery())] == [1]


def test_what_became_of_an_alert_is_pruned_with_it(store: Store):
    store.keep(Batch(notes=(note(1, 1),)), now_ms=7)
    store.keep(Batch(marks=(Mark(delivery=1, status=Status.UNDELIVERED, attempts=1),)), now_ms=8)
    store.prune(before_ms=100)
    (left,) = store._connection.execute("SELECT count(*) FROM delivery").fetchone()
    assert left == 0


@pytest.mark.parametrize(
    ("silence", "stays"),
    [
        (Silence(number=1, until_ms=99, made_ms=1), False),
        (Silence(number=1, until_ms=100, made_ms=1), True),
        (Silence(number=1, until_ms=500, made_ms=1, ended_ms=99), False),
        (Silence(number=1, until_ms=500, made_ms=1, ended_ms=100), True),
    ],
)
def test_a_silence_that_is_long_over_is_pruned(store: Store, silence: Silence, *, stays: bool):
    store.keep(Batch(silences=(silence,)), now_ms=7)
    store.prune(before_ms=100)
    assert store.silences() == [silence] * stays


def test_room_that_is_free_is_given_back(store: Store):
    def pages() -> int:
        (count,) = store._connection.execute("PRAGMA page_count").fetchone()
        return int(count)

    store.keep(Batch(notes=tuple(aged(number, 1) for number in range(1, 1000))), now_ms=8)
    full = pages()
    while store.prune(before_ms=99):
        pass
    store.shrink()
    assert pages() < full / 2


def test_recent_tickers_come_back_in_their_order(store: Store):
    packed = [Packed(at_ms, at_ms + 100, f"{at_ms}".encode()) for at_ms in (1, 2, 3)]
    store.keep(Batch(recent=tuple(packed[:2])), now_ms=7)
    store.keep(Batch(recent=tuple(packed[2:])), now_ms=8)
    assert list(store.recent()) == [b"1", b"2", b"3"]


def test_recent_tickers_that_no_window_reaches_are_dropped(store: Store):
    store.keep(Batch(recent=(Packed(1, 50, b"old"),)), now_ms=7)
    store.keep(Batch(recent=(Packed(50, 90, b"new"),)), now_ms=8)
    assert list(store.recent()) == [b"old", b"new"]
    store.keep(Batch(recent=(Packed(51, 90, b"newer"),)), now_ms=9)
    assert list(store.recent()) == [b"new", b"newer"]


def test_a_text_that_no_database_takes_is_kept_all_the_same(store: Store):
    broken = attrs.evolve(alert(1), title="half of a \ud83d rocket")
    store.keep(Batch(notes=(with_deliveries(broken, [PHONE], first_number=1),)), now_ms=8)
    (waits,) = store.waiting()
    assert waits.alert.title == "half of a ? rocket"


def test_how_rules_stand_goes_on_over_a_restart(store: Store, path: Path):
    ladder = rule(check_of("close", "crosses_every", 10), name="ladder")
    level = rule(check_of("close", "above", 100, rearm=2), name="level")
    engine = Engine({SYMBOL: [level, ladder]})
    for second, close in enumerate((95, 101, 99)):
        engine.update(ticker(second, close=close))
        store.keep(Batch(memories=tuple(engine.changes(SYMBOL))), now_ms=second)
    remembered = {memory.rule: memory for memory in reopened(path).memories()}
    assert remembered == {memory.rule: memory for memory in engine.memories()}
    assert remembered["level"].latched == {0}
    assert remembered["ladder"].rungs[0].high == 110.0

    after = Engine({SYMBOL: [level, ladder]})
    after.restore(remembered.values())
    assert after.update(ticker(4, close=101)) == []  # it fires already
    assert [alert.rule.name for alert in after.update(ticker(5, close=110))] == ["ladder"]


def test_rules_that_are_gone_are_forgotten(store: Store):
    engine = Engine({SYMBOL: [rule(WATCHED, name=name) for name in ("a", "b")]})
    engine.update(ticker(close=101))
    store.keep(Batch(memories=tuple(engine.changes(SYMBOL))), now_ms=1)
    store.keep(Batch(forgotten=("a", "c")), now_ms=2)
    assert [memory.rule for memory in store.memories()] == ["b"]


def test_only_what_has_changed_is_to_be_remembered():
    engine = Engine({SYMBOL: [rule(check_of("close", "above", 100)), rule(WATCHED, name="b")]})
    engine.update(ticker(0, close=99))
    assert engine.changes(SYMBOL) == []
    engine.update(ticker(1, close=101, volume=0))
    (changed,) = engine.changes(SYMBOL)
    assert isinstance(changed, Memory)
    assert changed.rule == "a-rule"
    assert engine.changes(SYMBOL) == []
