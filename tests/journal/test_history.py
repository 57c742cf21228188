"""The past as people ask for it."""

from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from alertd.journal.database import connect
from alertd.journal.notes import with_deliveries
from alertd.journal.records import Batch, HistoryQuery, Mark, Status
from alertd.journal.store import Store
from tests.journal.notes import DESK, PHONE, alert

STORIES = (
    (1, "dip", "BTCUSDT", 1000),
    (2, "dip", "ETHUSDT", 2000),
    (3, "peak", "BTCUSDT", 3000),
    (4, "peak-1", "BTCBUSD", 4000),
    (5, "dips [all]", "ETHBUSD", 5000),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Five alerts, each to the phone and to the desk; deliveries 1 and 2 are the first one's."""
    store = Store(connect(tmp_path / "alertd.db"))
    notes = []
    for number, rule, symbol, noted_ms in STORIES:
        told = attrs.evolve(alert(number), rule=rule, symbol=symbol, noted_ms=noted_ms)
        notes.append(with_deliveries(told, (PHONE, DESK), first_number=2 * number - 1))
    store.keep(Batch(notes=tuple(notes)), now_ms=8)
    yield store
    store.close()


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        (HistoryQuery(), [1, 2, 3, 4, 5]),
        (HistoryQuery(rule="dip"), [1, 2]),
        (HistoryQuery(rule="di"), []),
        (HistoryQuery(rule="p*"), [3, 4]),
        (HistoryQuery(rule="dips [all]"), [5]),
        (HistoryQuery(rule="dip [all]"), []),
        (HistoryQuery(rule="dips [[]*"), [5]),
        (HistoryQuery(symbol="BTC*"), [1, 3, 4]),
        (HistoryQuery(symbol="[!E]*USDT"), [1, 3]),
        (HistoryQuery(rule="dip", symbol="BTCUSDT"), [1]),
        (HistoryQuery(since_ms=2000), [2, 3, 4, 5]),
        (HistoryQuery(until_ms=2000), [1]),
        (HistoryQuery(limit=2), [4, 5]),
        (HistoryQuery(limit=2, before=3), [1, 2]),
        (HistoryQuery(undelivered=True), []),
    ],
    ids=str,
)
def test_it_is_searched_by(store: Store, query: HistoryQuery, numbers: list[int]):
    assert [told.alert.number for told in store.history(query)] == numbers


def test_what_was_given_up_can_be_asked_for(store: Store):
    mark = Mark(delivery=4, status=Status.UNDELIVERED, attempts=3, reason="HTTP 401")
    store.keep(Batch(marks=(mark,)), now_ms=9)
    (lost,) = store.history(HistoryQuery(undelivered=True))
    assert lost.alert.number == 2
    assert [it.status for it in lost.deliveries] == [Status.WAITING, Status.UNDELIVERED]


def test_it_tells_what_became_of_each_delivery(store: Store):
    taken = Mark(delivery=1, status=Status.DELIVERED, attempts=1, latency_ms=1234)
    passed = Mark(delivery=2, status=Status.PASSED_ON, attempts=2, reason="HTTP 403")
    store.keep(Batch(marks=(taken, passed)), now_ms=9)
    told = store.alert(1)
    assert told is not None
    phone, desk = told.deliveries
    assert (phone.to, phone.status, phone.latency_ms, phone.done_ms) == (
        PHONE,
        Status.DELIVERED,
        1234,
        9,
    )
    assert (desk.to, desk.status, desk.reason) == (DESK, Status.PASSED_ON, "HTTP 403")


def test_a_number_that_nothing_has_finds_nothing(store: Store):
    assert store.alert(6) is None


def test_what_a_silence_kept_from_people_is_counted(store: Store):
    silenced = [attrs.evolve(alert(number), silence=3) for number in (6, 7)]
    notes = tuple(with_deliveries(it, (), first_number=11) for it in silenced)
    store.keep(Batch(notes=notes), now_ms=9)
    assert store.swallowed() == {3: 2}
