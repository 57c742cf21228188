"""How near a condition is to being true."""

import pytest

from alertd.engine.condition import Amount, Band
from alertd.web.hurdle import hurdle_of
from tests.web.explanations import all_of, any_of, compared, none_of

NEAR = compared("close", "above", 101.0, 100.0, true=False)
FAR = compared("quote_volume", "above", 150.0, 100.0, true=False)
TRUE = compared("low", "below", 101.0, 100.0, true=True)
UNKNOWN = compared("vwap", "above", 101.0, None, true=None)


def percent_of(condition):
    hurdle = hurdle_of(condition)
    return None if hurdle is None else hurdle.percent


def test_a_price_is_as_far_as_it_has_to_move_in_percent():
    assert percent_of(NEAR) == 1.0


def test_what_is_in_percent_is_as_far_as_it_has_points_to_go():
    assert percent_of(compared("range_percent", "at_least", 12.0, 11.5, true=False)) == 0.5


def test_a_move_in_percent_has_points_to_go_although_its_metric_is_a_price():
    rises = compared("close", "rises", Amount(3.0, percent=True), 2.25, true=False)
    assert percent_of(rises) == 0.75


def test_of_a_band_the_nearer_bound_counts():
    assert percent_of(compared("close", "between", Band(102.0, 150.0), 100.0, true=False)) == 2.0


def test_what_is_true_has_nothing_to_go():
    assert percent_of(TRUE) == 0


def test_the_furthest_part_of_all_counts():
    hurdle = hurdle_of(all_of(NEAR, FAR, TRUE))
    assert hurdle is not None
    assert (hurdle.percent, hurdle.part) == (50.0, FAR)


def test_the_nearest_part_of_any_counts():
    hurdle = hurdle_of(any_of(FAR, NEAR, UNKNOWN))
    assert hurdle is not None
    assert (hurdle.percent, hurdle.part) == (1.0, NEAR)


def test_it_cannot_be_told_where_one_of_all_is_undefined():
    assert hurdle_of(all_of(NEAR, UNKNOWN)) is None


def test_it_cannot_be_told_where_each_of_any_is_undefined():
    assert hurdle_of(any_of(UNKNOWN, UNKNOWN)) is None


def test_a_not_is_as_far_as_the_end_of_what_it_denies():
    hurdle = hurdle_of(none_of(all_of(TRUE, NEAR)))
    assert hurdle is not None
    assert (hurdle.percent, hurdle.part) == (1.0, TRUE)


def test_a_not_that_is_true_has_nothing_to_go():
    assert percent_of(none_of(NEAR, true=True)) == 0


def test_a_not_of_what_is_undefined_cannot_be_told():
    assert hurdle_of(none_of(UNKNOWN, true=None)) is None


@pytest.mark.parametrize(("level", "percent"), [(5.0, 100.0), (-5.0, 100.0), (0.0, 0.0)])
def test_a_value_of_zero_divides_nothing(level: float, percent: float):
    assert percent_of(compared("change", "above", level, 0.0, true=False)) == percent
