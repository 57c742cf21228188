"""A long path keeps its last closes and its extremes."""

import attrs
from hypothesis import given
from hypothesis import strategies as st

from alertd.drawing.thinning import thinned, unbroken
from tests.drawing.charts import NOON_MS, path_of


def test_a_short_path_stays_as_it_is():
    path = path_of([1.0, 2.0, 3.0])
    assert thinned(path, 3) is path


def test_slots_are_joined_to_the_last_close_and_the_extremes():
    path = path_of([1.0, 5.0, 2.0, 3.0], slot_ms=60_000)
    joined = thinned(path, 2)
    assert joined.times_ms == (NOON_MS + 60_000, NOON_MS + 180_000)
    assert joined.closes == (5.0, 3.0)
    assert joined.highs == (5.0 * 1.002, 3.0 * 1.002)
    assert joined.lows == (0.998, 2.0 * 0.998)


@given(st.lists(st.floats(1, 2), min_size=1, max_size=300), st.integers(2, 50))
def test_nothing_of_the_extremes_is_lost(closes: list[float], most: int):
    path = path_of(closes)
    joined = thinned(path, most)
    assert len(joined.times_ms) <= most
    assert (min(joined.lows), max(joined.highs)) == (min(path.lows), max(path.highs))
    assert joined.closes[-1] == path.closes[-1]


def test_a_gap_of_several_slots_is_left_open():
    path = attrs.evolve(path_of([1.0, 1.0, 1.0]), times_ms=(0, 60_000, 300_000))
    assert unbroken(path) == [range(2), range(2, 3)]


def test_two_slots_without_a_trade_are_no_gap():
    path = attrs.evolve(path_of([1.0, 1.0, 1.0]), times_ms=(0, 60_000, 240_000))
    assert unbroken(path) == [range(3)]


def test_a_gap_stays_open_when_slots_are_joined():
    path = path_of([1.0] * 600)
    hour = range(200, 400)
    kept = [it for it in range(600) if it not in hour]
    gapped = attrs.evolve(
        path,
        times_ms=tuple(path.times_ms[it] for it in kept),
        closes=(1.0,) * 400,
        lows=(1.0,) * 400,
        highs=(1.0,) * 400,
    )
    assert len(unbroken(thinned(gapped, 100))) == 2
