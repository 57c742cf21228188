"""What can be drawn is checked where it is put together."""

import math

import attrs
import pytest

from alertd.drawing.chart import Mark, PricePath
from tests.drawing.charts import NOON_MS, an_alert, path_of


def test_a_path_has_at_least_one_slot():
    with pytest.raises(ValueError, match="and some"):
        PricePath(times_ms=(), closes=(), lows=(), highs=(), slot_ms=60_000)


def test_a_path_has_as_many_times_as_prices():
    path = path_of([1.0, 2.0])
    with pytest.raises(ValueError, match="as many times as prices"):
        attrs.evolve(path, closes=(1.0,))


def test_the_times_of_a_path_rise():
    path = path_of([1.0, 2.0])
    with pytest.raises(ValueError, match="rise"):
        attrs.evolve(path, times_ms=(NOON_MS, NOON_MS))


@pytest.mark.parametrize("slot_ms", [0, -1])
def test_a_slot_lasts(slot_ms: int):
    with pytest.raises(ValueError, match="a slot lasts"):
        attrs.evolve(path_of([1.0]), slot_ms=slot_ms)


@pytest.mark.parametrize("price", [math.nan, math.inf, 0.0, -1.0, 1e-300, 1e300])
def test_a_price_that_no_market_has_is_refused(price: float):
    with pytest.raises(ValueError, match="prices can be drawn"):
        attrs.evolve(path_of([1.0]), closes=(price,))
    with pytest.raises(ValueError, match="prices can be drawn"):
        Mark(time_ms=NOON_MS, price=price)


@pytest.mark.parametrize("level", [math.nan, math.inf, 1e300])
def test_a_level_is_a_number(level: float):
    with pytest.raises(ValueError, match="prices can be drawn"):
        attrs.evolve(an_alert(), levels=(level,))


@pytest.mark.parametrize("time_ms", [-1, 10**15])
def test_a_moment_has_a_date(time_ms: int):
    with pytest.raises(ValueError, match="no times"):
        Mark(time_ms=time_ms, price=1.0)


def test_a_stretch_lasts():
    with pytest.raises(ValueError, match="stretch"):
        attrs.evolve(an_alert(), stretch=(NOON_MS, NOON_MS))


def test_thresholds_are_all_levels_and_edges_of_bands_each_once():
    chart = attrs.evolve(an_alert(), levels=(3.0, 1.0), bands=((1.0, 2.0),))
    assert chart.thresholds == (1.0, 2.0, 3.0)
