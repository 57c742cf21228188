"""Each metric by its definition in the rule language, and where it is undefined."""

import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alertd.engine.metrics import METRICS, Unit
from tests.engine.tickers import ticker

SAMPLE = ticker(close=110, open=100, high=120, low=80, volume=50, quote_volume=5000)


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        ("close", 110),
        ("open", 100),
        ("high", 120),
        ("low", 80),
        ("volume", 50),
        ("quote_volume", 5000),
        ("change", 10),
        ("change_percent", 10),
        ("range", 40),
        ("range_percent", 50),
        ("range_position", 75),
        ("drawdown_percent", 8.3333333333),
        ("rebound_percent", 37.5),
        ("vwap", 100),
    ],
)
def test_a_metric_is_its_definition(metric: str, value: float):
    assert METRICS[metric].of(SAMPLE) == value


def test_the_table_above_names_every_metric():
    assert len(METRICS) == 14


def test_range_position_is_undefined_where_high_is_low():
    assert METRICS["range_position"].of(ticker(close=5, high=5, low=5)) is None


def test_vwap_is_undefined_without_volume():
    assert METRICS["vwap"].of(ticker(volume=0, quote_volume=0)) is None


def test_a_move_of_exactly_12_percent_is_12_although_floats_say_less():
    assert 100 * (0.112 - 0.1) / 0.1 < 12
    assert METRICS["range_percent"].of(ticker(close=0.1, high=0.112, low=0.1)) == 12


def test_a_position_in_a_narrow_range_is_what_its_decimals_say():
    narrow = ticker(close=1.00057, high=1.00059, low=1.00054)
    assert 100 * (1.00057 - 1.00054) / (1.00059 - 1.00054) < 60
    assert METRICS["range_position"].of(narrow) == 60


def test_what_was_traded_at_one_price_has_that_vwap():
    assert 10 * 0.9998 / 10 != 0.9998
    one_price = ticker(volume=10, quote_volume=10 * 0.9998)
    assert METRICS["vwap"].of(one_price) == 0.9998


@given(
    st.lists(st.floats(1e-18, 1e18), min_size=4, max_size=4),
    st.lists(st.floats(0, 1e30), min_size=2, max_size=2),
)
def test_no_sound_ticker_has_a_metric_that_is_not_finite(prices: list[float], traded: list[float]):
    low, *between, high = sorted(prices)
    extreme = ticker(
        close=between[0],
        open=between[1],
        high=high,
        low=low,
        volume=traded[0],
        quote_volume=traded[1],
    )
    values = [metric.of(extreme) for metric in METRICS.values()]
    assert all(math.isfinite(value) for value in values if value is not None)


def test_a_difference_of_decimal_prices_is_the_decimal_difference():
    assert METRICS["change"].of(ticker(close=100010.1, open=99990.3)) == 19.8


@pytest.mark.parametrize(
    ("metric", "value", "prices"),
    [
        ("change", 0.1, {"close": 0.3, "open": 0.2}),
        ("change_percent", 50, {"close": 0.3, "open": 0.2}),
        ("range", 0.2, {"high": 0.3, "low": 0.1, "close": 0.1}),
        ("range_percent", 50, {"high": 0.3, "low": 0.2, "close": 0.2}),
        ("range_position", 90, {"close": 0.109, "high": 0.11, "low": 0.1}),
        ("drawdown_percent", 20, {"close": 0.4, "high": 0.5}),
        ("rebound_percent", 50, {"close": 0.3, "low": 0.2}),
    ],
)
def test_what_is_derived_is_without_the_noise_of_binary_fractions(
    metric: str, value: float, prices: dict[str, Any]
):
    sample = ticker(**prices)
    assert METRICS[metric].rough(sample) != value
    assert METRICS[metric].of(sample) == value


# Ticks of 1e-8, so many that a hundredth of a percent of them is a whole number of ticks.
LOWS = st.integers(1, 10**9).map(lambda count: 10_000 * count)
HUNDREDTHS_OF_A_PERCENT = st.integers(0, 100_000)


@given(LOWS, HUNDREDTHS_OF_A_PERCENT)
def test_a_percentage_that_a_person_writes_is_met_exactly(low: int, hundredths: int):
    high = low + low // 10_000 * hundredths
    bottom, top = (float(Decimal(ticks).scaleb(-8)) for ticks in (low, high))
    found = METRICS["range_percent"].of(ticker(close=bottom, high=top, low=bottom))
    assert found == float(Decimal(hundredths).scaleb(-2))


def test_only_percentages_are_in_percent():
    for name, metric in METRICS.items():
        assert (metric.unit is Unit.PERCENT) == (name.endswith(("_percent", "_position")))
