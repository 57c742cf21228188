"""Which parts of a condition are true, since when, and how far the others are from it."""

import pytest

from alertd.engine.condition import Condition, Not
from alertd.engine.engine import Engine
from alertd.engine.explanation import Explanation
from alertd.engine.life import Life, Phase
from tests.engine.explaining import (
    ABOVE,
    CROSSES,
    HIGH,
    HIGHER,
    POSITION,
    at,
    condition_of,
    engine_after,
    explained,
    facts,
)
from tests.engine.stories import scenes
from tests.engine.tickers import SYMBOL, both, check_of, either, rule, ticker

# Which rule, and which symbol.


def test_of_what_is_not_watched_there_is_nothing_to_explain():
    engine = engine_after(ABOVE, "101")
    assert engine.explain("another", SYMBOL) is None
    assert engine.explain("a-rule", "ETHUSDT") is None


def test_each_rule_is_explained_under_its_own_name():
    first, second = rule(ABOVE, name="first"), rule(HIGH, name="second")
    engine = Engine({SYMBOL: [first], "ETHUSDT": [first, second]})
    for name, symbol, asked in (("first", SYMBOL, first), ("second", "ETHUSDT", second)):
        found = engine.explain(name, symbol)
        assert found is not None
        assert (found.rule, found.symbol) == (asked, symbol)


def test_before_the_first_ticker_nothing_is_known():
    assert explained(ABOVE, "") == Explanation(
        rule=rule(ABOVE),
        symbol=SYMBOL,
        ticker=None,
        condition=None,
        life=Life(),
        verdict=None,
        due_ms=None,
        cooldown_left_ms=0,
        held_back=None,
        last_alert=None,
    )


def test_past_tickers_alone_tell_nothing_of_the_condition():
    engine = Engine({SYMBOL: [rule(ABOVE, for_s=10)]})
    newest = ticker(0, close=101)
    engine.warm(newest)
    found = engine.explain("a-rule", SYMBOL)
    assert found is not None
    assert (found.ticker, found.condition) == (newest, None)
    assert (found.verdict, found.due_ms) == (None, None)


def test_nor_does_what_was_remembered_over_a_restart():
    engine = Engine({SYMBOL: [rule(ABOVE, for_s=10)]})
    engine.restore(engine_after(rule(ABOVE, for_s=10), "101").memories())
    found = engine.explain("a-rule", SYMBOL)
    assert found is not None
    assert found.life == Life(Phase.PENDING, true_since_ms=at(0))
    assert (found.condition, found.due_ms) == (None, None)


# The condition, part by part.


@pytest.mark.parametrize(
    ("tested", "story", "told"),
    [
        pytest.param(ABOVE, "99 101 102", [(True, 2)], id="true since the tick that made it so"),
        pytest.param(ABOVE, "101 99 98", [(False, 2)], id="and so is false"),
        pytest.param(ABOVE, "99", [(False, 0)], id="since the first tick where nothing has changed"),
        pytest.param(POSITION, "5/5/5 5/5/5", [(None, 0)], id="undefined since the first tick"),
        pytest.param(POSITION, "5/5/1 5/5/5 5/5/5", [(None, 2)], id="undefined since it was"),
        pytest.param(CROSSES, "99", [(None, None)], id="an event needs a previous tick"),
        pytest.param(CROSSES, "99 98", [(False, None)], id="an event that has not happened"),
        pytest.param(CROSSES, "99 101", [(True, 2)], id="an event that happens"),
        pytest.param(CROSSES, "99 101 102 103", [(False, 2)], id="an event that has happened"),
        pytest.param(CROSSES, "99 101 99 98", [(False, 2)], id="though it is a while ago"),
        pytest.param(CROSSES, "99 101 99 101 102", [(False, 6)], id="the last time that it has"),
        pytest.param(HIGHER, "5 6 7 8 9", [(True, 8)], id="an event that happens again and again"),
        pytest.param(Not(ABOVE), "99 101", [(False, 2), (True, 2)], id="not"),
        pytest.param(both(ABOVE, HIGH), "99/160/1 101/160/1 102/140/1", [(False, 4), (True, 2), (False, 4)], id="all"),
        pytest.param(either(ABOVE, HIGH), "99/160/1 101/160/1 102/140/1", [(True, 0), (True, 2), (False, 4)], id="any"),
        pytest.param(both(HIGH, CROSSES), "99/140/1 99/160/1 101/160/1 102/160/1", [(False, 4), (True, 2), (False, 4)], id="an event and a level"),
        pytest.param(either(both(HIGH), Not(ABOVE)), "99/140/1 101/140/1", [(False, 2), (False, 0), (False, 0), (False, 2), (True, 2)], id="the order of the tree"),
    ],
)  # fmt: skip
def test_each_part_is_told_with_its_truth_and_since_when(
    tested: Condition, story: str, told: list[tuple[bool | None, float | None]]
):
    assert facts(condition_of(tested, story)) == told


def test_parts_stand_under_what_they_are_part_of():
    found = condition_of(both(HIGH, either(ABOVE, Not(POSITION))), "101/140/1")
    assert found.condition == both(HIGH, either(ABOVE, Not(POSITION)))
    high, any_of = found.parts
    above, negation = any_of.parts
    (position,) = negation.parts
    assert (high.condition, any_of.condition) == (HIGH, either(ABOVE, Not(POSITION)))
    assert (above.condition, position.condition) == (ABOVE, POSITION)
    assert found.reading is any_of.reading is negation.reading is None
    read = [it.reading for it in (high, above, position)]
    assert [it and it.comparison for it in read] == [HIGH, ABOVE, POSITION]
    assert [it and it.holds for it in read] == [False, True, True]


def test_a_reading_is_of_the_newest_ticker_although_the_rule_was_not_looked_at_then():
    reading = condition_of(ABOVE, "99 101 103 104").reading
    assert reading is not None
    assert (reading.value, reading.previous, reading.threshold) == (104, 103, 100)


def test_readings_are_without_the_noise_of_binary_fractions():
    engine = Engine({SYMBOL: [rule(check_of("range", "above", 5))]})
    for second, high in enumerate((100.1, 100.1, 100.2)):
        engine.update(ticker(second, close=99.8, high=high, low=99.8))
    found = engine.explain("a-rule", SYMBOL)
    assert found is not None
    assert found.condition is not None
    assert found.condition.reading is not None
    assert (found.condition.reading.value, found.condition.reading.previous) == (0.4, 0.3)


def test_a_level_within_its_rearm_counts_as_true():
    found = condition_of(check_of("close", "above", 100, rearm=5), "101 97 96")
    assert facts(found) == [(True, 0)]


@pytest.mark.parametrize(
    ("story", "rung"),
    [("104", 100), ("106", 110), ("104 106", 110), ("104 110 112", 120), ("104 110 103", 100)],
)
def test_a_ladder_that_waits_is_compared_with_the_nearer_rung(story: str, rung: float):
    reading = condition_of(check_of("close", "crosses_every", 10), story).reading
    assert reading is not None
    assert reading.threshold == rung


def test_a_ladder_without_a_value_has_no_nearer_rung():
    found = condition_of(check_of("range_position", "crosses_every", 10), "5/5/0 5/5/5")
    assert found.reading is not None
    assert found.reading.threshold is None


# How far it is.


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
    engine = Engine({SYMBOL: [rule(tested)]})
    for scene in scenes(story, volume=0):
        engine.update(scene.ticker)
    found = engine.explain("a-rule", SYMBOL)
    assert found is not None
    assert found.condition is not None
    assert (found.condition.distance, found.condition.distance_percent) == (distance, percent)


def test_a_percentage_of_a_value_below_zero_points_the_way_that_the_distance_does():
    engine = Engine({SYMBOL: [rule(check_of("change", "above", 5))]})
    engine.update(ticker(close=80, open=100))
    found = engine.explain("a-rule", SYMBOL)
    assert found is not None
    assert found.condition is not None
    assert (found.condition.distance, found.condition.distance_percent) == (25, 125)
