"""Levels that the price touched between two tickers, and that neither of them tells."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alertd.engine.condition import DAY_MS, Condition, Not
from alertd.engine.engine import Engine
from alertd.engine.rule import Rule
from alertd.engine.touched import Extreme, Touched, Unseen
from tests.engine.tickers import (
    BEGIN_MS,
    SECOND_MINUTE,
    SYMBOL,
    both,
    check_of,
    either,
    rule,
    ticker,
)

ABOVE = check_of("close", "above", 105)
# A new high and a new low.
DAY = {"high": 1001.0, "low": 0.5}


def told(
    rules: list[Rule],
    before: float,
    after: float,
    low: float | None,
    high: float | None,
    /,
    *,
    at_s: float | None = 60,
    **day: float,
) -> list[Touched]:
    """What an engine finds touched after 200 s unseen, of rules that have seen the ticker before."""
    engine = Engine({SYMBOL: rules})
    wide: dict[str, Any] = {"high": 1000.0, "low": 1.0}
    first = ticker(0, close=before, **wide)
    last = ticker(200, close=after, **(wide | day))
    engine.update(first)
    engine.update(last)
    extremes = [None if it is None else Extreme(it, _at_ms(at_s)) for it in (low, high)]
    return engine.touched(Unseen(first, last, *extremes))


def _at_ms(at_s: float | None) -> int | None:
    return None if at_s is None else BEGIN_MS + round(at_s * 1000)


def levels(condition: Condition, *prices: float | None, **day: float) -> list[float]:
    """Of one rule, the levels that are told."""
    before, after, low, high = prices
    assert before is not None
    assert after is not None
    return [it.level for it in told([rule(condition)], before, after, low, high, **day)]


@pytest.mark.parametrize(
    ("before", "after", "low", "high", "found"),
    [
        pytest.param(100, 101, 99, 106, [105], id="beyond it and back"),
        pytest.param(100, 101, 99, 105, [105], id="just reached"),
        pytest.param(100, 101, 99, 104.9, [], id="not reached"),
        pytest.param(107, 108, 104, 109, [105], id="from above"),
        pytest.param(107, 108, 105, 109, [105], id="just reached from above"),
        pytest.param(107, 108, 105.1, 109, [], id="not reached from above"),
        pytest.param(100, 106, 99, 107, [], id="the tickers cross it themselves"),
        pytest.param(106, 100, 99, 107, [], id="downwards as well"),
        pytest.param(100, 105, 99, 107, [], id="the one after is at it"),
        pytest.param(105, 100, 99, 107, [], id="the one before was at it"),
        pytest.param(100, 101, None, None, [], id="nothing is known"),
    ],
)
def test_a_level_that_the_price_reached_and_left_again_is_told(
    before: float, after: float, low: float | None, high: float | None, found: list[float]
):
    assert levels(ABOVE, before, after, low, high) == found


@pytest.mark.parametrize(
    ("operator", "level", "found"),
    [
        *((it, [105], [105]) for it in ("above", "below", "at_least", "at_most")),
        *((it, [105], [105]) for it in ("crosses_above", "crosses_below", "crosses", "touches")),
        *((it, [95, 105], [95, 105]) for it in ("between", "outside", "enters", "leaves")),
        ("between", [105, "vwap"], [105]),
        ("above", ["vwap"], []),
        ("crosses_every", [5], [95, 105]),
        ("crosses_every", [20], []),
        ("rises", [5], []),
    ],
)
def test_levels_are_the_fixed_prices_of_every_operator(
    operator: str, level: list[float | str], found: list[float]
):
    condition = check_of("close", operator, *level, within_s=3600 if operator == "rises" else 0)
    assert levels(condition, 100, 101, 94, 106) == found


def test_only_the_close_is_looked_at():
    assert levels(check_of("vwap", "above", 105), 100, 101, 94, 106) == []


@pytest.mark.parametrize(
    "condition",
    [both(ABOVE, check_of("volume", "above", 1)), either(ABOVE), Not(ABOVE), both(ABOVE, ABOVE)],
)
def test_a_level_within_a_condition_is_one_too_and_told_once(condition: Condition):
    assert levels(condition, 100, 101, 94, 106) == [105]


def test_what_it_says_is_whose_level_it_was_and_how_far_the_price_went():
    up, down = rule(ABOVE, name="up"), rule(check_of("close", "below", 95), name="down")
    low, high = Extreme(94, BEGIN_MS + 60_000), Extreme(106, BEGIN_MS + 60_000)
    assert told([up, down], 100, 101, 94, 106) == [
        Touched(up, SYMBOL, 105, high, upwards=True),
        Touched(down, SYMBOL, 95, low, upwards=False),
    ]


# What the tickers' own day knows.


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ({"high": 1000}, []),
        ({"high": 1001}, [1000.5]),
        ({"low": 0.5}, [0.5]),
        ({"low": 0.6}, []),
        ({"high": 900, "low": 2}, []),
    ],
)
def test_a_new_extreme_of_the_day_was_reached_meanwhile_whatever_else_is_known(
    day: dict[str, float], found: list[float]
):
    condition = either(check_of("close", "above", 1000.5), check_of("close", "below", 0.5))
    assert levels(condition, 100, 101, None, None, **day) == found
    assert levels(condition, 100, 101, 99, 102, **day) == found


@pytest.mark.parametrize(
    ("level", "day", "found"),
    [
        (1000.5, {"high": 1001}, []),
        (1001, {"high": 1001}, []),
        (1001, {"high": 1000.9}, [1001]),
        (1000, {"high": 1001}, [1000]),
        (0.6, {"low": 0.5}, []),
        (0.5, {"low": 0.5}, []),
        (0.5, {"low": 0.6}, [0.5]),
        (1, {"low": 0.5}, [1]),
    ],
)
def test_touches_tells_by_itself_what_the_day_has_newly_reached(
    level: float, day: dict[str, float], found: list[float]
):
    condition = check_of("close", "touches", level)
    assert levels(condition, 100, 101, 0.4, 1001, **day) == found


def test_of_an_extreme_that_the_day_knows_as_well_the_time_is_known():
    rules = [rule(ABOVE), rule(check_of("close", "below", 0.6))]
    found = told(rules, 100, 101, 0.5, 1001, **DAY)
    assert [it.extreme for it in found] == [Extreme(1001, _at_ms(60)), Extreme(0.5, _at_ms(60))]


@pytest.mark.parametrize(("lasted_ms", "found"), [(DAY_MS, [105]), (DAY_MS - 1, [])])
def test_a_day_that_lies_wholly_in_the_gap_is_known_by_the_ticker_after_it(
    lasted_ms: int, found: list[float]
):
    engine = Engine({SYMBOL: [rule(ABOVE)]})
    before = ticker(0, close=100, high=110)
    after = ticker(lasted_ms / 1000, close=100, high=106)
    assert [it.level for it in engine.touched(Unseen(before, after))] == found


# Rules that could not have fired.


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ({"enabled": False}, []),
        ({"expires_s": 200}, []),
        ({"expires_s": 201}, [105]),
        ({"active": SECOND_MINUTE}, []),
        ({"once": True}, [105]),
    ],
)
def test_a_rule_that_could_not_have_fired_is_left_out(keys: dict[str, Any], found: list[float]):
    tested = rule(ABOVE, **keys)
    assert [it.level for it in told([tested], 100, 101, 94, 106, at_s=0)] == found


def test_hours_count_when_the_extreme_was_and_where_nobody_knows_it_is_told():
    tested = rule(ABOVE, active=SECOND_MINUTE)
    for at_s, found in ((-930, [105]), (0, []), (None, [105])):
        assert [it.level for it in told([tested], 100, 101, 94, 106, at_s=at_s)] == found


def test_a_rule_that_has_fired_once_is_left_out():
    tested = rule(either(ABOVE, check_of("close", "above", 99)), once=True)
    assert told([tested], 100, 101, 94, 106) == []


def test_of_a_symbol_that_nobody_watches_nothing_is_told():
    engine = Engine({"ETHUSDT": [rule(ABOVE)]})
    unseen = Unseen(ticker(0), ticker(200), None, Extreme(106))
    assert engine.touched(unseen) == []


@pytest.mark.parametrize(
    ("condition", "has"),
    [
        (ABOVE, True),
        (both(check_of("volume", "above", 1), ABOVE), True),
        (check_of("close", "crosses_every", 5), True),
        (check_of("close", "above", "vwap"), False),
        (check_of("close", "rises", 5, within_s=60), False),
        (check_of("volume", "above", 5), False),
    ],
)
def test_it_is_known_beforehand_whether_there_are_levels(condition: Condition, *, has: bool):
    engine = Engine({SYMBOL: [rule(condition)]})
    assert engine.has_levels(SYMBOL) is has
    assert not engine.has_levels("ETHUSDT")


PRICES = st.integers(90, 110).map(float)


@given(PRICES, PRICES, PRICES, PRICES, PRICES)
@example(100, 101, 99, 106, 105)
def test_it_is_told_just_where_a_crossing_would_have_been_that_no_ticker_shows(
    before: float, after: float, one: float, other: float, level: float
):
    low, high = min(before, after, one, other), max(before, after, one, other)

    def crosses(*closes: float) -> bool:
        return any(min(pair) <= level <= max(pair) for pair in pairwise(closes))

    found = levels(check_of("close", "crosses", level), before, after, low, high)
    assert bool(found) is (crosses(before, low, high, after) and not crosses(before, after))
