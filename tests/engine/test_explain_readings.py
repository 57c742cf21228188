"""What each comparison sees, and how far its value is from where it would be true, or over."""

import pytest

from alertd.engine.alert import Interval
from alertd.engine.condition import Condition, Not
from tests.engine.explaining import ABOVE, POSITION, condition_of, reading_of
from tests.engine.tickers import check_of


def test_a_reading_is_of_the_newest_ticker_although_the_rule_was_not_looked_at_then():
    reading = reading_of(ABOVE, "99 101 103 104")
    assert (reading.value, reading.previous, reading.threshold) == (104, 103, 100)


def test_readings_are_without_the_noise_of_binary_fractions():
    story = "99.8/100.1/99.8 99.8/100.1/99.8 99.8/100.2/99.8"
    reading = reading_of(check_of("range", "above", 5), story)
    assert (reading.value, reading.previous) == (0.4, 0.3)


def test_a_band_is_told_as_it_stands():
    reading = reading_of(check_of("close", "between", "low", "high"), "101/150/50")
    assert reading.threshold == Interval(50, 150)


@pytest.mark.parametrize(
    ("story", "rung"),
    [("104", 100), ("106", 110), ("104 106", 110), ("104 110 112", 120), ("104 110 103", 100)],
)
def test_a_ladder_that_waits_is_compared_with_the_nearer_rung(story: str, rung: float):
    assert reading_of(check_of("close", "crosses_every", 10), story).threshold == rung


def test_a_ladder_without_a_value_has_no_nearer_rung():
    ladder = check_of("range_position", "crosses_every", 10)
    assert reading_of(ladder, "5/5/0 5/5/5").threshold is None


@pytest.mark.parametrize(
    ("tested", "story", "distance", "percent"),
    [
        pytest.param(ABOVE, "80", 20, 25, id="it has to rise"),
        pytest.param(ABOVE, "64", 36, 56.25, id="by a fraction of a percent"),
        pytest.param(ABOVE, "125", -25, -20, id="it has to fall"),
        pytest.param(check_of("close", "between", 100, 200), "80", 20, 25, id="the lower bound"),
        pytest.param(check_of("close", "between", 100, 200), "250", -50, -20, id="the upper bound"),
        pytest.param(check_of("close", "between", 100, 200), "160", 40, 25, id="the nearer one"),
        pytest.param(POSITION, "5/5/5", None, None, id="the value is undefined"),
        pytest.param(check_of("close", "above", "vwap"), "5", None, None, id="the level is"),
        pytest.param(check_of("change", "above", 3), "5", 3, None, id="there is no percentage of 0"),
        pytest.param(Not(ABOVE), "80", None, None, id="what is no comparison is nowhere"),
    ],
)  # fmt: skip
def test_the_distance_to_the_threshold(
    tested: Condition, story: str, distance: float | None, percent: float | None
):
    found = condition_of(tested, story, volume=0)
    assert (found.distance, found.distance_percent) == (distance, percent)


def test_a_percentage_of_a_value_below_zero_points_the_way_that_the_distance_does():
    found = condition_of(check_of("change", "above", 5), "80", open=100)
    assert (found.distance, found.distance_percent) == (25, 125)
