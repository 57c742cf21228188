"""Ticks of prices are round numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alertd.drawing.scale import Scale, nice_step, price_ticks


@pytest.mark.parametrize(
    ("span", "most", "step"),
    [
        (10, 5, 2),
        (10, 10, 1),
        (10, 9, 2),
        (9, 2, 5),
        (11, 2, 10),
        (0.03, 3, 0.01),
        (1e-9, 5, 2e-10),
    ],
)
def test_a_step_is_one_two_or_five_times_a_power_of_ten(span: float, most: int, step: float):
    assert nice_step(span, most) == pytest.approx(step)


@pytest.mark.parametrize(
    ("low", "high", "most", "ticks", "decimals"),
    [
        (99_750.0, 100_620.0, 5, [99_800.0, 100_000.0, 100_200.0, 100_400.0, 100_600.0], 0),
        (0.0000117, 0.0000128, 3, [0.000012, 0.0000125], 7),
        (2.881, 2.929, 5, [2.89, 2.9, 2.91, 2.92], 2),
        (-0.5, 2.2, 3, [0.0, 1.0, 2.0], 0),
    ],
)
def test_ticks_are_the_round_prices_between(
    low: float, high: float, most: int, ticks: list[float], decimals: int
):
    assert price_ticks(low, high, most) == (ticks, decimals)


@given(st.floats(1e-12, 1e13), st.floats(1e-3, 2), st.integers(1, 20))
def test_ticks_lie_within_and_are_no_more_than_asked_for(low: float, share: float, most: int):
    high = low + low * share
    ticks, _ = price_ticks(low, high, most)
    assert len(ticks) <= most + 1
    assert all(low * (1 - 1e-9) <= tick <= high * (1 + 1e-9) for tick in ticks)


def test_a_scale_may_run_backwards():
    prices = Scale(100.0, 200.0, 400.0, 0.0)
    assert [prices.at(100.0), prices.at(150.0), prices.at(200.0)] == [400.0, 200.0, 0.0]


def test_a_scale_shows_its_ends():
    prices = Scale(100.0, 200.0, 400.0, 0.0)
    assert [prices.shows(it) for it in (99.9, 100.0, 200.0, 200.1)] == [False, True, True, False]
