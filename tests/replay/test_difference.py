"""What differs between two replays: what is only in one, what moved, and nothing twice."""

from collections import Counter
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alertd.replay.difference import Change, differences
from alertd.replay.replayed import Replayed
from tests.replay.alerts import MINUTE_MS, START_MS, alert

Told = tuple[str, int | None, int | None]


def told(before: Sequence[float], after: Sequence[float], near: int = 30) -> list[Told]:
    """What becomes of alerts of one rule and symbol at these minutes, with the minutes of both."""
    found = differences(map(alert, before), map(alert, after), near_ms=near * MINUTE_MS)
    return [(it.change.value, minute(it.before), minute(it.after)) for it in found]


def minute(alert: Replayed | None) -> int | None:
    return (alert.time_ms - START_MS) // MINUTE_MS if alert else None


@pytest.mark.parametrize(
    ("before", "after", "differ"),
    [
        ([], [], []),
        ([1, 50, 900], [1, 50, 900], []),
        ([1], [], [("removed", 1, None)]),
        ([], [1], [("added", None, 1)]),
        ([1], [13], [("moved", 1, 13)]),  # later
        ([13], [1], [("moved", 13, 1)]),  # earlier
        ([0], [30], [("moved", 0, 30)]),  # as far apart as may be
        ([0], [31], [("removed", 0, None), ("added", None, 31)]),
        # What is the same is no partner for anything else.
        ([10, 12], [12], [("removed", 10, None)]),
        ([10], [8, 10], [("added", None, 8)]),
        # The nearest one that came before.
        ([0, 10], [12], [("removed", 0, None), ("moved", 10, 12)]),
        ([0, 10], [12, 14], [("moved", 0, 14), ("moved", 10, 12)]),
        # As often as in both, and no more.
        ([5, 5], [5], [("removed", 5, None)]),
        ([5], [5, 5, 5], [("added", None, 5), ("added", None, 5)]),
        # Each is a partner only once.
        ([10], [5, 15], [("moved", 10, 5), ("added", None, 15)]),
        ([0, 100], [20, 120], [("moved", 0, 20), ("moved", 100, 120)]),
    ],
)
def test_an_alert_is_only_in_one_or_has_moved(
    before: list[float], after: list[float], differ: list[Told]
):
    assert told(before, after) == differ


@pytest.mark.parametrize(
    "other",
    [alert(5, "down"), alert(5, symbol="ETHUSDT"), alert(5, state="resolved")],
)
def test_only_one_of_the_same_rule_symbol_and_state_is_the_same(other: Replayed):
    changes = [it.change for it in differences([alert(5)], [other])]
    assert changes == [Change.REMOVED, Change.ADDED]


def test_another_threshold_at_the_same_time_is_the_same_alert():
    assert list(differences([alert(5)], [alert(5, threshold=99.0, title="else")])) == []


def test_they_come_in_the_order_of_the_earlier_time():
    before = [alert(0, "a"), alert(5, "b"), alert(6, "c")]
    after = [alert(5, "c"), alert(20, "b")]
    times = [
        min(one.time_ms for one in (it.before, it.after) if one)
        for it in differences(before, after)
    ]
    assert times == [START_MS + it * MINUTE_MS for it in (0, 5, 5)]


def test_it_says_by_how_much_an_alert_moved():
    (later,) = differences([alert(0)], [alert(12)])
    (earlier,) = differences([alert(12)], [alert(0)])
    assert (later.later_ms, earlier.later_ms) == (12 * MINUTE_MS, -12 * MINUTE_MS)


def test_what_has_been_told_is_not_kept():
    """Both replays are read as far as the difference needs, and no further."""
    read: list[float] = []

    def reading() -> Iterator[Replayed]:
        for minute in range(0, 10_000, 100):
            read.append(minute)
            yield alert(minute)

    first = next(differences(reading(), []))
    assert minute(first.before) == 0
    assert len(read) <= 3


several = st.lists(
    st.tuples(st.integers(0, 100), st.sampled_from("ab"), st.sampled_from("AB")), unique=True
)


@given(several, several)
def test_every_alert_of_both_is_accounted_for_once(
    first: list[tuple[int, str, str]], second: list[tuple[int, str, str]]
):
    found = list(
        differences(
            [alert(*it) for it in sorted(first)],
            [alert(*it) for it in sorted(second)],
            near_ms=10 * MINUTE_MS,
        )
    )
    in_both = set(first) & set(second)
    for drawn, side in ((first, [it.before for it in found]), (second, [it.after for it in found])):
        assert Counter(key(it) for it in side if it) == Counter(set(drawn) - in_both)


def key(alert: Replayed) -> tuple[int, str, str]:
    return (alert.time_ms - START_MS) // MINUTE_MS, alert.rule, alert.symbol


@given(several, several)
def test_what_moved_did_so_within_the_time(
    first: list[tuple[int, str, str]], second: list[tuple[int, str, str]]
):
    alerts, others = ([alert(*it) for it in sorted(drawn)] for drawn in (first, second))
    found = list(differences(alerts, others, near_ms=10 * MINUTE_MS))
    assert all(abs(it.later_ms) <= 10 * MINUTE_MS for it in found)
    moved = [it for it in found if it.before and it.after]
    assert all(key(it.before)[1:] == key(it.after)[1:] for it in moved if it.before and it.after)


@given(several, several)
def test_nothing_that_is_only_in_one_has_a_partner_left(
    first: list[tuple[int, str, str]], second: list[tuple[int, str, str]]
):
    alerts, others = ([alert(*it) for it in sorted(drawn)] for drawn in (first, second))
    found = list(differences(alerts, others, near_ms=10 * MINUTE_MS))
    removed = [key(it.before) for it in found if it.before and not it.after]
    added = [key(it.after) for it in found if it.after and not it.before]
    assert not any(
        one[1:] == other[1:] and abs(one[0] - other[0]) <= 10 for one in removed for other in added
    )
