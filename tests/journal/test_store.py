"""What is kept in the journal comes back as it was, all of it or nothing."""

from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from alertd.engine.engine import Engine
from alertd.engine.memory import Memory
from alertd.journal.database import open_journal
from alertd.journal.records import Batch, Mark, Note, Status
from alertd.journal.store import Store
from tests.engine.tickers import SYMBOL, check_of, rule, ticker
from tests.journal.notes import DESK, PHONE, WATCHED, note


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "alertd.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    connection = open_journal(path)
    yield Store(connection)
    connection.close()


def reopened(path: Path) -> Store:
    return Store(open_journal(path))


def test_what_is_to_be_delivered_is_there_after_a_restart(store: Store, path: Path):
    made = store.keep(Batch(notes=(note(PHONE, DESK), note(DESK))), now_ms=7)
    assert [(it.number, it.alert.number, it.to) for it in made] == [
        (1, 1, PHONE),
        (2, 1, DESK),
        (3, 2, DESK),
    ]
    assert reopened(path).waiting() == made


def test_an_alert_is_kept_with_all_that_was_known(store: Store):
    (made,) = store.keep(Batch(notes=(note(volume=4.5),)), now_ms=7)
    (kept,) = store.waiting()
    assert kept == made
    assert (kept.alert.title, kept.alert.rule, kept.alert.symbol) == ("币安 🚀", "a-rule", SYMBOL)
    assert (kept.alert.value, kept.alert.threshold, kept.alert.noted_ms) == (101.0, 100.0, 7)
    assert kept.alert.metrics["close"] == 101.0


def test_a_metric_that_is_undefined_is_left_out(store: Store):
    only = attrs.evolve(rule(check_of("close", "above", 100)))
    (alert,) = Engine({SYMBOL: [only]}).update(ticker(close=101, volume=0, quote_volume=0))
    store.keep(Batch(notes=(Note(alert=alert, title="t", body="b", to=(PHONE,)),)), now_ms=7)
    (kept,) = store.waiting()
    assert "vwap" not in kept.alert.metrics


def test_what_is_done_does_not_wait_any_more(store: Store):
    first, second, third = store.keep(Batch(notes=(note(), note(), note())), now_ms=7)
    marks = (
        Mark(delivery=first.number, status=Status.DELIVERED, attempts=1),
        Mark(delivery=second.number, status=Status.UNDELIVERED, attempts=3, reason="HTTP 401"),
        Mark(delivery=third.number, status=Status.WAITING, attempts=2, reason="no answer in time"),
    )
    store.keep(Batch(marks=marks), now_ms=9)
    (left,) = store.waiting()
    assert (left.number, left.attempts, left.reason, left.done_ms) == (
        3,
        2,
        "no answer in time",
        None,
    )


def test_a_batch_that_fails_leaves_nothing(store: Store):
    first = Batch(notes=(note(),))
    store.keep(first, now_ms=7)
    broken = Batch(notes=(note(), attrs.evolve(note(), silence=99)))  # there is no such silence
    with pytest.raises(Exception, match="FOREIGN KEY"):
        store.keep(broken, now_ms=8)
    assert len(store.waiting()) == 1
    # And what comes after it is kept as ever.
    assert [it.alert.number for it in store.keep(first, now_ms=9)] == [2]


def test_a_number_is_never_given_twice(store: Store):
    (made,) = store.keep(Batch(notes=(note(),)), now_ms=7)
    done = Mark(delivery=made.number, status=Status.DELIVERED, attempts=1)
    store.keep(Batch(marks=(done,)), now_ms=8)
    assert store.prune(before_ms=100) == 1
    (again,) = store.keep(Batch(notes=(note(),)), now_ms=9)
    assert (again.number, again.alert.number) == (2, 2)


def test_what_waits_is_not_pruned_however_old(store: Store):
    store.keep(Batch(notes=(note(),)), now_ms=7)
    assert store.prune(before_ms=100) == 0
    assert len(store.waiting()) == 1


def test_how_rules_stand_goes_on_over_a_restart(store: Store, path: Path):
    ladder = rule(check_of("close", "crosses_every", 10), name="ladder")
    level = rule(check_of("close", "above", 100, rearm=2), name="level")
    engine = Engine({SYMBOL: [level, ladder]})
    for second, close in enumerate((95, 101, 99)):
        engine.update(ticker(second, close=close))
        store.keep(Batch(memories=tuple(engine.changes(SYMBOL))), now_ms=second)
    kept = {memory.rule: memory for memory in reopened(path).memories()}
    assert kept == {memory.rule: memory for memory in engine.memories()}
    assert kept["level"].latched == {0}
    assert kept["ladder"].rungs[0].high == 110.0

    after = Engine({SYMBOL: [level, ladder]})
    after.restore(kept.values())
    assert after.update(ticker(4, close=101)) == []  # it fires already
    assert [alert.rule.name for alert in after.update(ticker(5, close=110))] == ["ladder"]


def test_rules_that_are_gone_are_forgotten(store: Store):
    engine = Engine({SYMBOL: [rule(WATCHED, name=name) for name in ("a", "b")]})
    engine.update(ticker(close=101))
    store.keep(Batch(memories=tuple(engine.changes(SYMBOL))), now_ms=1)
    store.forget_rules(["b", "c"])
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
