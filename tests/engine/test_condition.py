"""Every operator at its edges: equality, the first tick, undefined metrics."""

import pytest

from alertd.engine.condition import Condition, comparisons_in, holds, is_event
from tests.engine.tickers import both, check_of, ticker


def at(close: float, condition: Condition, before: float | None = None) -> bool:
    """Whether the condition holds as the close moves from `before` to `close`."""
    return holds(condition, ticker(close=close), None if before is None else ticker(close=before))


@pytest.mark.parametrize(
    ("operator", "level", "true_at", "false_at"),
    [
        ("above", [100], [100.01, 101], [99, 100]),
        ("below", [100], [99.99, 1], [100, 101]),
        ("at_least", [100], [100, 100.01], [99.99]),
        ("at_most", [100], [100, 99.99], [100.01]),
        ("between", [90, 110], [90, 100, 110], [89.99, 110.01]),
        ("outside", [90, 110], [89.99, 110.01], [90, 100, 110]),
    ],
)
def test_a_level_operator_at_its_edges(
    operator: str, level: list[float], true_at: list[float], false_at: list[float]
):
    condition = check_of("close", operator, *level)
    assert all(at(value, condition) for value in true_at)
    assert not any(at(value, condition) for value in false_at)


@pytest.mark.parametrize(
    ("operator", "before", "now", "crossed"),
    [
        ("crosses_above", 99, 101, True),
        ("crosses_above", 100, 101, True),
        ("crosses_above", 99, 100, False),
        ("crosses_above", 101, 102, False),
        ("crosses_above", 101, 99, False),
        ("crosses_below", 101, 99, True),
        ("crosses_below", 100, 99, True),
        ("crosses_below", 101, 100, False),
        ("crosses_below", 99, 98, False),
        ("crosses_below", 99, 101, False),
    ],
)
def test_a_crossing_needs_the_previous_value_on_the_other_side_or_at_the_level(
    operator: str, before: float, now: float, *, crossed: bool
):
    assert at(now, check_of("close", operator, 100), before=before) is crossed


@pytest.mark.parametrize("operator", ["crosses_above", "crosses_below"])
def test_a_crossing_needs_a_previous_tick(operator: str):
    assert not at(101, check_of("close", operator, 100))
    assert not at(99, check_of("close", operator, 100))


@pytest.mark.parametrize("operator", ["above", "below", "at_least", "at_most"])
def test_a_test_of_an_undefined_metric_is_false(operator: str):
    flat = ticker(close=5, high=5, low=5)
    assert not holds(check_of("range_position", operator, 50), flat, None)


@pytest.mark.parametrize("operator", ["between", "outside"])
def test_a_band_test_of_an_undefined_metric_is_false(operator: str):
    flat = ticker(close=5, high=5, low=5)
    assert not holds(check_of("range_position", operator, 40, 60), flat, None)


def test_a_metric_that_was_undefined_before_has_crossed_nothing():
    flat, wide = ticker(close=5, high=5, low=5), ticker(close=6, high=6, low=5)
    crossing = check_of("range_position", "crosses_above", 50)
    assert not holds(crossing, wide, flat)
    assert holds(crossing, wide, ticker(close=5, high=6, low=5))


def test_all_needs_every_part():
    condition = both(check_of("close", "above", 100), check_of("volume", "above", 10))
    assert holds(condition, ticker(close=101, volume=11), None)
    assert not holds(condition, ticker(close=101, volume=10), None)
    assert not holds(condition, ticker(close=100, volume=11), None)


def test_all_with_an_event_in_it_is_an_event():
    level, event = check_of("volume", "above", 10), check_of("close", "crosses_above", 100)
    assert not is_event(both(level, level))
    assert is_event(both(level, event))
    assert is_event(both(both(event), level))


def test_the_tests_of_a_condition_come_in_the_order_written():
    first, second, third = (check_of("close", "above", level) for level in (1, 2, 3))
    assert comparisons_in(both(both(first, second), third)) == (first, second, third)


def test_a_level_of_a_tenth_is_met_by_a_price_of_a_tenth():
    assert at(float("0.1"), check_of("close", "at_least", float("0.10")))
    assert not at(float("0.1"), check_of("close", "above", float("0.10")))
