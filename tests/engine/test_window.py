"""The window itself: its extremes against a list of all that is in it, and what it holds."""

import random
from math import isnan, nan

import pytest

from alertd.engine.window import Window

LENGTH_MS = 10


def same(found: float, expected: float) -> bool:
    return found == expected or (isnan(found) and isnan(expected))


def extremes(values: list[float]) -> tuple[float, float]:
    known = [value for value in values if not isnan(value)]
    return min(known, default=nan), max(known, default=nan)


# Values may be far smaller than times, or far greater: of a volume there are billions.
@pytest.mark.parametrize("size", [0.001, 1.0, 1e12])
def test_its_extremes_are_those_of_all_that_is_in_it(size: float):
    chance = random.Random(7)  # noqa: S311 - the same story every time, and no secret
    window, past, now_ms = Window(LENGTH_MS), list[tuple[int, float]](), 0
    for _ in range(2000):
        value = chance.choice([nan, *(size * count for count in range(1, 7))])
        former = [it for at_ms, it in past if at_ms >= now_ms - LENGTH_MS]
        past = [*past, (now_ms, value)][-LENGTH_MS - 1 :]
        window.push(now_ms, value)
        lowest, highest = extremes([*former, value])
        assert same(window.lowest, lowest)
        assert same(window.highest, highest)
        lowest, highest = extremes(former)
        assert same(window.former_lowest, lowest)
        assert same(window.former_highest, highest)
        now_ms += chance.choice([1, 1, 1, 2, 5, 11])


@pytest.mark.parametrize("begin_ms", [0, 1_746_714_600_000])
def test_it_is_covered_when_its_first_ticker_is_as_old_as_it_is_long(begin_ms: int):
    window, covered = Window(LENGTH_MS), []
    for later_ms in (0, 1, 9, 10, 11):
        window.push(begin_ms + later_ms, 5.0)
        covered.append(window.is_covered)
    assert covered == [False, False, False, True, True]


def test_it_is_covered_by_tickers_at_which_the_value_was_undefined():
    window = Window(LENGTH_MS)
    for time_ms in (3, 13):
        window.push(time_ms, nan)
    assert window.is_covered


def test_it_holds_only_what_can_still_become_an_extreme():
    window = Window(LENGTH_MS)
    for time_ms in range(10):
        window.push(time_ms, 5.0)
    assert (list(window._rising), list(window._falling)) == ([(9, 5.0)], [(9, 5.0)])
    window.push(10, 6.0)
    assert (list(window._rising), list(window._falling)) == ([(9, 5.0), (10, 6.0)], [(10, 6.0)])


def test_nothing_is_looked_for_until_the_oldest_extreme_can_leave():
    window = Window(LENGTH_MS)
    window.push(3, 5.0)
    window.push(4, 6.0)
    window.push(5, 7.0)
    assert window._oldest_until_ms == 13


# What it is told of the past, when it has seen some of it, or nothing.


def pushed(*values: tuple[int, float]) -> Window:
    window = Window(LENGTH_MS)
    for time_ms, value in values:
        window.push(time_ms, value)
    return window


def test_what_it_is_told_of_counts_as_if_it_had_been_seen_in_its_turn():
    chance = random.Random(7)  # noqa: S311 - the same story every time, and no secret
    for _ in range(500):
        story = [(at_ms, float(chance.randrange(1, 9))) for at_ms in range(100, 125)]
        told = [it for it in story[:-1] if chance.random() < 0.5]
        window = pushed(*(it for it in story if it not in told))
        window.fill(told)
        assert (window.lowest, window.highest) == extremes([value for _, value in story[-11:]])
        window.push(125, 4.0)
        recent = [value for _, value in story[-10:]]
        assert (window.former_lowest, window.former_highest) == extremes(recent)
        assert (window.lowest, window.highest) == extremes([4.0, *recent])


def test_it_is_covered_by_what_it_was_told_of():
    window = pushed((20, 5.0))
    window.fill([(11, 4.0)])
    assert not window.is_covered
    window.fill([(10, 4.0)])
    assert window.is_covered


def test_what_it_was_told_of_takes_no_cover_away():
    window = pushed((0, 5.0), (10, 5.0))
    window.fill([(9, 4.0)])
    assert window.is_covered


def test_told_of_nothing_it_is_as_it_was():
    window = Window(LENGTH_MS)
    window.fill([])
    window.push(20, 5.0)
    assert not window.is_covered


def test_what_it_was_told_of_leaves_it_in_time():
    window = pushed((10, 5.0))
    window.fill([(1, 1.0), (2, 9.0)])
    window.push(12, 5.0)
    assert (window.lowest, window.highest) == (5.0, 9.0)
    window.push(13, 5.0)
    assert (window.lowest, window.highest) == (5.0, 5.0)
