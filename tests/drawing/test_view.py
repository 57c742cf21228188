"""A picture shows all of its path, and what else does not squash it."""

import attrs
import pytest

from alertd.drawing.chart import Chart, Mark
from alertd.drawing.view import shown_prices, shown_times
from tests.drawing.charts import MINUTE_MS, NOON_MS, UTC, path_of


def bare(closes: list[float]) -> Chart:
    path = attrs.evolve(path_of(closes), lows=tuple(closes), highs=tuple(closes))
    return Chart(title="", path=path, zone=UTC)


RISEN = bare([100.0, 110.0])


def shows(chart: Chart, price: float) -> bool:
    low, high = shown_prices(chart)
    return low <= price <= high


def test_the_whole_path_is_shown_with_a_margin():
    assert shown_prices(RISEN) == pytest.approx((99.4, 110.6))


def test_a_level_that_is_near_is_shown():
    assert shows(attrs.evolve(RISEN, levels=(118.0,)), 118.0)


def test_a_level_that_is_far_does_not_squash_the_path():
    assert shown_prices(attrs.evolve(RISEN, levels=(150.0,))) == shown_prices(RISEN)


def test_of_two_levels_that_would_squash_the_path_together_the_nearer_is_shown():
    chart = attrs.evolve(RISEN, levels=(90.0, 121.0))
    assert (shows(chart, 90.0), shows(chart, 121.0)) == (True, False)


def test_the_days_range_is_shown_where_it_is_not_much_wider_than_the_path():
    chart = attrs.evolve(RISEN, day_low=98.0, day_high=200.0)
    assert (shows(chart, 98.0), shows(chart, 200.0)) == (True, False)


def test_a_flat_price_is_in_the_middle():
    low, high = shown_prices(bare([50.0, 50.0]))
    assert low < 50.0 < high
    assert (low + high) / 2 == pytest.approx(50.0)


def test_a_mark_is_always_shown():
    chart = attrs.evolve(RISEN, marks=(Mark(time_ms=NOON_MS + 10 * MINUTE_MS, price=200.0),))
    assert shows(chart, 200.0)
    assert shown_times(chart) == (NOON_MS, NOON_MS + 10 * MINUTE_MS)


def test_a_single_slot_stands_at_the_end_of_its_length():
    assert shown_times(bare([50.0])) == (NOON_MS - MINUTE_MS, NOON_MS)
